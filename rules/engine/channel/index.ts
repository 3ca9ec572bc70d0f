import type { AsyncFinding } from '../findings.js';
import { originKey, type ModuleIr } from '../ir/index.js';
import { findAcknowledgements } from './acknowledge.js';
import { findIgnoredBackpressure } from './backpressure.js';
import { findOpenedQueues } from './library-queues.js';
import type { ChannelOptions } from './options.js';
import { findUnheardPipes } from './pipes.js';
import { checkQueues } from './queues.js';
export { explainSinks, type SinkNote } from './backpressure.js';
export { explainQueues, type QueueNote } from './queues.js';
export { explainSpawns, type SpawnNote } from './spawns.js';
import { checkSpawns } from './spawns.js';
import { findStreamErrors } from './stream-errors.js';

/** What the analyses of channels say about a module. */
export interface ChannelReport {
  readonly findings: readonly AsyncFinding[];
  /** Instructions looked at. */
  readonly work: number;
  /** Parts given up because they took too long. */
  readonly abandoned: number;
}

/** One of the analyses: looks for one kind of finding in a module. */
type Analysis = (module: ModuleIr, options: ChannelOptions) => { readonly findings: readonly AsyncFinding[]; readonly work: number };

const analyses: readonly Analysis[] = [checkQueues, checkSpawns, findIgnoredBackpressure, findAcknowledgements, findStreamErrors, findUnheardPipes, findOpenedQueues];

/**
 * Looks for queues without a bound, sinks that nobody waits for, tasks without a limit and exceptions that leave a stream.
 *
 * @param module - the file
 * @param options - what the analyses may ask
 * @returns the findings, in no order
 */
export function checkModule(module: ModuleIr, options: ChannelOptions): ChannelReport {
  const reports = analyses.map((analysis) => analysis(module, options));
  // Two analyses may come upon one bug; the first one says more.
  const findings = new Map<string, AsyncFinding>();
  for (const one of reports.flatMap((report) => report.findings)) {
    const key = `${one.kind}:${originKey(one.at)}`;
    if (findings.get(key)?.certainty !== 'certain') findings.set(key, one);
  }
  return { findings: [...findings.values()], work: reports.reduce((sum, { work }) => sum + work, 0), abandoned: 0 };
}

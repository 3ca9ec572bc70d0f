import type { SinkSignal } from '../contracts/contract.js';
import type { AsyncFinding, Step, StreamRewrite } from '../findings.js';
import { effectsIn } from '../flow/effects.js';
import { hazardOfSuspension } from '../flow/suspension.js';
import { originKey, type FunctionIr, type ModuleIr, type Origin } from '../ir/index.js';
import { namesStreams } from '../stream-names.js';
import type { StaticType, World } from '../world.js';
import type { ChannelOptions } from './options.js';
import { Callers } from './callers.js';
import { factsOf, type Site, type Call } from './facts.js';
import { fateOf } from './fate.js';
import { functionIndexOf } from './functions.js';
import { isHeeded, isListening } from './heeding.js';
import { calledAs } from './names.js';
import { isOwnFile } from './own-file.js';
import { Repetitions, type Repetition } from './repetition.js';
import { enclosing, isSameMember, madeBy, nameOfRoot, rootOf, type Root } from './roots.js';
import { type Candidate, SinkCalls } from './sink-calls.js';
import { stepOf } from './streams.js';
import { isUnread } from './unread.js';

/** One that is. */
interface Write extends Pick<Candidate, 'site' | 'root' | 'name'> {
  readonly signal: SinkSignal;
}

const advice: Readonly<Record<SinkSignal, string>> = {
  false: "stop when it returns `false`, and go on at 'drain' or 'close', whichever comes, or let `pipeline` do it",
  promise: 'await the write, or `writer.ready` before it',
  desiredSize: 'enqueue from `pull()`, or stop the source while `desiredSize` is not positive',
  bufferedAmount: 'send no more while `bufferedAmount` is above a limit',
};

/**
 * Looks for producers that ignore a sink's signal: calls of `write`, `push`, `enqueue` and `send` that run again and again for one
 * sink, whose result nobody looks at.
 *
 * @param module - the file
 * @param options - what may be asked
 * @returns the findings, and how many instructions were looked at
 */
export function findIgnoredBackpressure(module: ModuleIr, { world, file, names }: ChannelOptions): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  const ofPackages = file.specifiers.flatMap((specifier) => [...(world.catalog.queuesOf(specifier)?.sinks ?? [])]);
  const sinkNames = ofPackages.length === 0 ? world.catalog.sinkNames : new Set([...world.catalog.sinkNames, ...ofPackages]);
  const isWorthwhile = (name: string): boolean => sinkNames.has(name) && (name !== 'push' || namesStreams(module));
  const findings = new Map<string, AsyncFinding>();
  const search = new Search({ world, names });
  let work = 0;
  const mayBind = new Set(module.functions.filter(({ outline }) => outline.members.has('bind') && [...outline.members].some(isWorthwhile)));
  for (const fn of module.functions) {
    const isBinding = mayBind.size > 0 && enclosing(fn).some((one) => mayBind.has(one));
    if (!isBinding && ![...fn.outline.members].some(isWorthwhile)) continue;
    const { sites } = factsOf(fn);
    work += sites.length;
    for (const site of sites) {
      const candidate = site.instruction.op === 'call' ? search.candidateOf(site, isWorthwhile) : undefined;
      const finding = candidate && search.findingOf(candidate);
      // Copies of one statement, in a `finally`, are one place to a reader.
      if (finding !== undefined) findings.set(originKey(finding.at), finding);
    }
  }
  return { findings: [...findings.values()], work };
}

/** A call that gives a sink something without a look at the answer, and what is known of it. */
export interface SinkNote {
  readonly at: Origin;
  /** As a reader knows it: `this.#out.write()`. */
  readonly via: string;
  /** What makes it run again and again; undefined where nothing does. */
  readonly repeated: Step | undefined;
  /** Code near it listens to the sink. */
  readonly isHeeded: boolean;
}

/**
 * The calls between two offsets that give a sink something and do not look at the answer, reported or not.
 *
 * @param module - the file
 * @param options - what may be asked
 * @param range - the offsets
 * @returns what is known of each
 */
export function explainSinks(module: ModuleIr, { world, names }: Pick<ChannelOptions, 'world' | 'names'>, { start, end }: { readonly start: number; readonly end: number }): readonly SinkNote[] {
  const search = new Search({ world, names });
  return module.functions.flatMap((fn) => factsOf(fn).sites).flatMap((site): SinkNote[] => {
    const { origin } = site.instruction;
    const candidate = start <= origin.start && origin.start < end ? search.candidateOf(site) : undefined;
    const signal = candidate?.signal();
    if (candidate === undefined || signal === undefined) return [];
    const repetition = search.repetitionOf(candidate);
    const repeated = repetition && { at: repetition.at, label: `runs for ${repetition.by}` };
    return [{ at: origin, via: viaOf(candidate), repeated, isHeeded: isHeeded(candidate.site, candidate.root, signal, world) }];
  });
}

function viaOf({ root, name }: Candidate): string {
  const sink = nameOfRoot(root);
  return sink === '' ? `${name}()` : `${sink}.${name}()`;
}

class Search {
  readonly #world: World;
  readonly #calls: SinkCalls;
  readonly #repetitions: Repetitions;

  constructor({ world, names }: Pick<ChannelOptions, 'world' | 'names'>) {
    const callers = new Callers({ world, names });
    this.#world = world;
    this.#calls = new SinkCalls(world, callers);
    this.#repetitions = new Repetitions(world, callers);
  }

  candidateOf(site: Site, isWorthwhile?: (name: string) => boolean): Candidate | undefined {
    return this.#calls.at(site, isWorthwhile);
  }

  /** Why a call runs again and again: by its own file; and only for what is known to be a sink, by what other files do. */
  repetitionOf({ site, root, signal }: Candidate): Repetition | undefined {
    const own = this.#repetitions.of(site, root);
    const how = own === undefined ? signal() : undefined;
    return how === undefined ? own : this.#repetitions.ofOthers(site, root, (fn, from) => isListening(fn, from, how, this.#world)) ?? this.#repetitions.ofMany(site, root);
  }

  findingOf(candidate: Candidate): AsyncFinding | undefined {
    const { site, root, name } = candidate;
    // Whether a call repeats is mostly seen in the code; what it calls, the checker has to work out.
    const repetition = this.repetitionOf(candidate);
    if (repetition === undefined || isHeartbeat(repetition, candidate)) return undefined;
    const signal = candidate.signal();
    if (signal === undefined || isHeeded(site, root, signal, this.#world)) return undefined;
    const via = viaOf(candidate);
    return {
      kind: 'ignored-backpressure',
      certainty: isRemark(repetition, candidate) ? 'potential' : repetition.certainty,
      at: site.instruction.origin,
      form: formOf(name, signal),
      words: { via, again: repetition.by, where: repetition.at },
      ...mended({ ...candidate, signal }, this.#world),
      trace: traceOf(repetition, site.fn, via, site),
    };
  }
}

function mended(write: Write, world: World): Pick<AsyncFinding, 'rewrite' | 'advice'> {
  // Whoever waits for room in a stream that is read afterwards waits for ever.
  if (isUnread(write.site, write.root, world)) return { advice: 'hand the stream out before it is written, or let `pipeline` do both' };
  const rewrite = rewriteOf(write, world);
  return { advice: advice[write.signal], ...(rewrite !== undefined && { rewrite }) };
}

/** An async function can wait where it stands; a step that only forwards can let the sink call back. */
function rewriteOf({ site, root, name, signal }: Write, world: World): StreamRewrite | undefined {
  const { fn, instruction } = site;
  const { callee } = instruction;
  if (callee.kind !== 'method' || fateOf(site) !== 'dropped') return undefined;
  // Not what goes by another name, either: `write.call(sink, chunk)`.
  if (calledAs(site) !== name || name === 'push' || signal === 'desiredSize' || signal === 'bufferedAmount') return undefined;
  if (fn.isAsync) {
    const isHarmless = hazardOfSuspension(fn, instruction, { effectsOf: effectsIn(world) }) === undefined && !isPiped(site, root);
    return { how: 'await', sink: signal === 'promise' ? undefined : callee.objectOrigin, isOwnFile: isOwnFile(site, root, world), isHarmless };
  }
  return signal === 'false' ? heldCallback(site, world) : undefined;
}

/** `gzip.pipe(response)`: when that goes away, what is piped has no room any more, and is not closed. */
function isPiped({ fn }: Site<Call>, root: Root): boolean {
  return functionIndexOf(fn.module).touching('pipe').some((user) =>
    factsOf(user).sites.some(({ instruction }) => instruction.op === 'call' && instruction.callee.kind === 'method' && instruction.callee.key.kind === 'name' && instruction.callee.key.name === 'pipe' && isSameMember(rootOf(instruction.callee.object), root)),
  );
}

/** `this.socket.write(chunk); done();` */
function heldCallback({ fn, block, index, instruction }: Site<Call>, world: World): StreamRewrite | undefined {
  const step = stepOf(fn, world);
  const done = step?.name === '_write' ? fn.parameters[2] : undefined;
  const next = factsOf(fn).blocks[block]?.instructions[index + 1];
  if (done === undefined || instruction.arguments.length > 2 || next?.op !== 'call' || next.arguments.length > 0 || next.isResultUsed) return undefined;
  const isAcknowledged = next.callee.kind === 'value' && next.callee.value === done && factsOf(fn).usesOf(done).length === 1;
  if (!isAcknowledged) return undefined;
  const { callee } = instruction;
  return { how: 'hold', callback: done.name, acknowledgement: next.origin, isHarmless: callee.kind === 'method' && callsBackAlways(world.typeOf(callee.objectOrigin)) };
}

/** These call back when they are closed, too. A transform that is destroyed calls back to nobody who has to wait for its reader. */
const callingBack: ReadonlySet<string> = new Set(['node:net#Socket', 'node:fs#WriteStream', 'node:http#ServerResponse', 'node:http#ClientRequest']);

function callsBackAlways(type: StaticType): boolean {
  for (let at = type.kind === 'instance' ? type.type : undefined; at !== undefined; at = at.base) if (callingBack.has(at.path)) return true;
  return false;
}

function formOf(name: string, signal: SinkSignal): string {
  if (signal === 'false') return name === 'push' ? 'push' : 'write';
  return signal === 'promise' ? 'writer' : signal === 'desiredSize' ? 'enqueue' : 'send';
}

/** A few fixed bytes now and then keep a connection open. */
function isHeartbeat(repetition: Repetition, { chunk }: Candidate): boolean {
  return repetition.how === 'timer' && madeBy(rootOf(chunk).base)?.instruction.op === 'literal';
}

/** A line in words of the code's own, about work that the code waits for before there is a next one: of a log, say. */
function isRemark({ isAroundWork }: Repetition, { chunk }: Candidate): boolean {
  const made = isAroundWork === true ? madeBy(chunk)?.instruction : undefined;
  return made?.op === 'literal' || made?.op === 'opaque' || (made?.op === 'binary' && made.operator === '+');
}

function traceOf(repetition: Repetition, fn: FunctionIr, via: string, site: Site<Call>): readonly Step[] {
  const steps: Step[] = [{ at: repetition.at, label: `runs for ${repetition.by}` }];
  if (repetition.fn !== fn) steps.push({ at: fn.origin, label: 'through this function' });
  return [...steps, { at: site.instruction.origin, label: `\`${via}\` goes on when the sink is full` }];
}

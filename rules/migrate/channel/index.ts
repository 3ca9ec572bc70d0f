import type { Finding } from '../../engine/findings.js';
import { isBorrowFinding } from '../../engine/findings.js';
import { channelPlan } from '../../fixes/channel.js';
import type { AsyncOptions } from '../async/planner.js';
import type { Chain, Form } from '../index.js';
import { PackageInterface } from '../interface.js';
import { formOf } from '../snapshot.js';
import type { Workspace } from '../workspace.js';
import { QueuePlan } from './queue.js';

/**
 * Bounded channels: in the place of arrays that are used as queues, and of generators that hand out their scratch buffer.
 *
 * @param options - what the project lets the migration do
 * @returns the form
 */
export function boundedChannel(options: Pick<AsyncOptions, 'mayChangeExports' | 'isLenient'>): Form {
  // Who asks for channels asks for what comes with them: the worker runs ahead.
  const streams = formOf((finding, context) => (isBorrowFinding(finding) && finding.escape.how === 'yield' ? channelPlan(finding, context) : undefined), { isLenient: true });
  return (workspace) => {
    const exported = new PackageInterface(workspace);
    const queues = workspace.targets.flatMap((file) => workspace.findings(file, 'channel').filter(isQueue).map((finding) => chainOf(finding, workspace, { ...options, isExported: (node) => exported.has(node) })));
    return [...streams(workspace), ...queues];
  };
}

type QueueFinding = Extract<Finding, { form: string; words: object }>;

function isQueue(finding: Finding): finding is QueueFinding {
  return finding.kind === 'unbounded-channel' && finding.certainty === 'certain' && 'form' in finding && finding.form === 'queue';
}

function chainOf(finding: QueueFinding, workspace: Workspace, options: AsyncOptions): Chain {
  const { file, start, end } = finding.at;
  return {
    title: `\`${typeof finding.words['queue'] === 'string' ? finding.words['queue'] : 'a queue'}\``,
    at: { file, start, end },
    plan: () => {
      const plan = new QueuePlan(workspace, options);
      plan.replaceQueue({ file, start, end });
      return plan.changes;
    },
  };
}

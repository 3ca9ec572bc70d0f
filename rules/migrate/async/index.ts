import { Node, SyntaxKind } from 'ts-morph';
import type { BlockingFinding } from '../../engine/findings.js';
import type { Changes } from '../changes.js';
import { nodeAt } from '../compiler.js';
import type { Chain, Form, Site } from '../index.js';
import { PackageInterface } from '../interface.js';
import { Refusal } from '../refusal.js';
import type { Workspace } from '../workspace.js';
import { AsyncPlan, type AsyncOptions } from './planner.js';

type Cause = BlockingFinding['causes'][number];

/**
 * Asynchronous code in the place of code that blocks the event loop: one chain for each blocking call that async code comes to.
 *
 * @param options - what the project lets the migration do
 * @returns the form
 */
export function asynchronous(options: Pick<AsyncOptions, 'mayChangeExports' | 'isLenient'>): Form {
  return (workspace) => {
    const exported = new PackageInterface(workspace);
    const chains = new Map<string, Chain>();
    for (const file of workspace.targets) {
      for (const finding of workspace.findings(file, 'blocking')) {
        if (finding.certainty !== 'certain') continue;
        for (const cause of (finding as BlockingFinding).causes) {
          const key = `${cause.at.file}:${cause.at.start}`;
          if (!chains.has(key)) chains.set(key, chainOf(cause, workspace, { ...options, isExported: (node) => exported.has(node) }));
        }
      }
    }
    return [...chains.values()];
  };
}

function chainOf(cause: Cause, workspace: Workspace, options: AsyncOptions): Chain {
  const { file, start, end } = cause.at;
  return {
    title: [...cause.links.map(({ name }) => name), cause.name].filter((name) => name !== '').join(' → '),
    at: { file, start, end },
    plan: (alsoAwaited) => planOf(cause, alsoAwaited, workspace, options),
  };
}

function planOf(cause: Cause, alsoAwaited: readonly Site[], workspace: Workspace, options: AsyncOptions): Changes {
  const plan = new AsyncPlan(workspace, options);
  plan.replaceCall(cause);
  for (const site of alsoAwaited) {
    const file = workspace.file(site.file);
    const call = file && nodeAt(site, file);
    if (Node.isCallExpression(call)) plan.awaitCall(call);
  }
  assertCallersKnown(plan, workspace);
  return plan.changes;
}

/** Through a value without a type, a method is called that no reference leads to. */
function assertCallersKnown(plan: AsyncPlan, workspace: Workspace): void {
  if (plan.methodNames.size === 0) return;
  for (const file of workspace.files) {
    for (const call of file.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      const callee = call.getExpression();
      if (!Node.isPropertyAccessExpression(callee) || !plan.methodNames.has(callee.getName())) continue;
      if (callee.getExpression().getType().isAny() && !Node.isAwaitExpression(call.getParent())) throw new Refusal(call, `\`${callee.getText().split('\n')[0] ?? ''}()\` may call it: what it is called on has no type`);
    }
  }
}

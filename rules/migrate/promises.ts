import { Node, SyntaxKind, type CallExpression, type SourceFile } from 'ts-morph';
import type { Range } from '../fixes/context.js';
import type { Edit } from '../fixes/plan.js';
import { hasPromise } from './async/functions.js';
import { rangeOf } from './compiler.js';

/** The calls of a file that give no promise. */
export function plainCallsOf(file: SourceFile): readonly Range[] {
  return file.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => !hasPromise(call.getType())).map(rangeOf);
}

/**
 * The calls that gave a value before a rewrite and give a promise after it that nobody waits for. Types show what no reference does:
 * calls through tables, through values that were passed on, through generics.
 *
 * @param file - the file after the rewrite
 * @param plain - the calls that gave no promise, as they were before
 * @param edits - what the rewrite changed
 * @returns where these calls were
 */
export function forgottenPromises(file: SourceFile, plain: readonly Range[], edits: readonly Edit[]): readonly Range[] {
  // What was written anew was written as it is meant.
  const isKept = ({ start }: Range): boolean => !edits.some((edit) => edit.start <= start && start < edit.end);
  const before = new Map(plain.filter(isKept).map((range) => [moved(range.end, edits), range]));
  return file.getDescendantsOfKind(SyntaxKind.CallExpression).flatMap((call) => {
    const range = before.get(call.getEnd());
    return range === undefined || isWaitedFor(call) || !hasPromise(call.getType()) ? [] : [range];
  });
}

/** Where the end of an expression is after a rewrite: before what was put behind it. */
function moved(end: number, edits: readonly Edit[]): number {
  return edits.filter((edit) => edit.end <= end && edit.start < end).reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), end);
}

/** Awaited, or taken for the promise that it is: an argument of `Promise.all`, a link of a chain of `then`. */
function isWaitedFor(call: CallExpression): boolean {
  let node: Node = call;
  let parent = call.getParent();
  while (Node.isParenthesizedExpression(parent) || Node.isArrayLiteralExpression(parent)) [node, parent] = [parent, parent.getParent()];
  if (Node.isAwaitExpression(parent)) return true;
  if (Node.isPropertyAccessExpression(parent)) return parent.getExpression() === node && /^(?:then|catch|finally)$/.test(parent.getName());
  return Node.isCallExpression(parent) && /^Promise\./.test(parent.getExpression().getText());
}

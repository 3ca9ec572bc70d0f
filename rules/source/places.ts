import type ts from 'typescript';
import type { Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';

/**
 * The deepest node around an offset, as if the blanks and comments before a node were not part of it.
 *
 * @param at - an offset in the text
 * @param file - the file
 * @returns the node; the file itself where no other is there
 */
export function innermostAt(at: number, file: ts.SourceFile): ts.Node {
  let found: ts.Node = file;
  const find = (node: ts.Node): ts.Node | undefined => (at < node.end && node.getStart(file) <= at ? node : undefined);
  for (let next: ts.Node | undefined = file; next !== undefined; next = next.forEachChild(find)) found = next;
  return found;
}

/**
 * The outermost expression that fills a range.
 *
 * @param range - offsets in the text
 * @param source - the file
 * @returns the expression; undefined where none begins and ends there
 */
export function expressionIn(range: Range, { ts: t, file }: Source): ts.Expression | undefined {
  let found: ts.Expression | undefined;
  for (let node = innermostAt(range.start, file); node.getStart(file) === range.start && node.end <= range.end && !t.isSourceFile(node); node = node.parent) {
    if (node.end === range.end && t.isExpression(node)) found = node;
  }
  return found;
}

/**
 * All nodes below one, in the order of the text. Trees may be deeper than the stack: `a + b + …` is one level for each operator.
 *
 * @param root - where to begin; it is not among them itself
 * @param isEntered - whether to look below a node
 * @returns the nodes
 */
export function* nodesBelow(root: ts.Node, isEntered: (node: ts.Node) => boolean = () => true): Generator<ts.Node, void, undefined> {
  const open: ts.Node[] = [];
  const push = (node: ts.Node): void => {
    const children: ts.Node[] = [];
    node.forEachChild((child) => void children.push(child));
    open.push(...children.reverse());
  };
  push(root);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    if (isEntered(node)) push(node);
  }
}

/** From the first character of a node to its last. */
export function rangeOf(node: ts.Node): Range {
  return { start: node.getStart(), end: node.end };
}

/** The offset after the blanks that follow one. */
export function afterBlanks(at: number, text: string): number {
  return at + (/^\s*/.exec(text.slice(at, at + 200))?.[0].length ?? 0);
}

/** What parentheses are around. */
export function withoutParentheses(node: ts.Expression, t: typeof ts): ts.Expression {
  return t.isParenthesizedExpression(node) ? withoutParentheses(node.expression, t) : node;
}

/**
 * Whether two places are in the same turn of the same loop of the same function.
 *
 * @param first - a place
 * @param second - another
 * @param source - the file
 * @returns whether what is done at the first was done anew for the second
 */
export function areAsOften(first: Range, second: Range, { ts: t, file }: Source): boolean {
  return repeatedAround(innermostAt(first.start, file), t) === repeatedAround(innermostAt(second.start, file), t);
}

/** The loop or the function that a node is run again by. */
function repeatedAround(node: ts.Node, t: typeof ts): ts.Node {
  let child = node;
  for (let at = node.parent as ts.Node | undefined; at !== undefined; child = at, at = at.parent as ts.Node | undefined) {
    if (t.isFunctionLike(at)) return at;
    const isOnce = (t.isForStatement(at) && at.initializer === child) || ((t.isForOfStatement(at) || t.isForInStatement(at)) && at.expression === child);
    if (t.isIterationStatement(at, false) && !isOnce) return at;
  }
  return child;
}

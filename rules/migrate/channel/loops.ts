import { Node, SyntaxKind, type CallExpression, type Statement, type WhileStatement } from 'ts-morph';
import { Refusal } from '../refusal.js';

/** A loop that takes one value a turn, and waits a while where there is none. */
export interface PollingLoop {
  readonly loop: Statement;
  /** The variable that holds the value. */
  readonly name: string;
  /** What is done with a value: the statements of the loop's body without the taking and the waiting. */
  readonly work: readonly Statement[];
  /** What a producer calls to end the waiting, where the waiting is not on a timer: `wake`. */
  readonly wake: Node | undefined;
}

/**
 * Recognises the loop around `for (const x of queue.splice(0))`, which takes all there is, and then waits.
 *
 * @param splice - the call that takes the values
 * @returns the loop
 * @throws {Refusal} when the code around the call is no such loop
 */
export function drainingLoopAround(splice: CallExpression): PollingLoop {
  const inner = splice.getParent();
  const callee = splice.getExpression();
  const queue = Node.isPropertyAccessExpression(callee) ? callee.getExpression().getText() : '';
  const taken = splice.getArguments().map((argument) => argument.getText()).join(', ');
  if (!Node.isForOfStatement(inner) || inner.getExpression() !== splice || inner.isAwaited() || !['0', `0, ${queue}.length`, '0, Infinity'].includes(taken)) throw new Refusal(splice, 'only a loop over all that the queue holds can read a channel instead');
  const variable = inner.getInitializer();
  const emptying = emptyingLoop(inner);
  const name = Node.isVariableDeclarationList(variable) ? variable.getDeclarations()[0]?.getName() : undefined;
  if (emptying === undefined || name === undefined) throw new Refusal(splice, 'only a loop without an end that empties the queue, and then waits, can read a channel instead');
  assertAsync(emptying.loop, splice);
  const work = onlyStatement(inner.getStatement());
  if (leavesLoop(work)) throw new Refusal(splice, 'the loop does more than empty the queue');
  return { loop: emptying.loop, name, work, wake: wakeIn(emptying.wait) };
}

/**
 * Recognises the loop around `queue.shift()`.
 *
 * @param shift - the call that takes a value
 * @returns the loop
 * @throws {Refusal} when the code around the call is no such loop
 */
export function pollingLoopAround(shift: CallExpression): PollingLoop {
  const declaration = unwrapped(shift).getParent();
  const statement = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : undefined;
  const block = statement?.getParent();
  const inner = Node.isBlock(block) ? block.getParent() : undefined;
  const emptying = Node.isWhileStatement(inner) && isWhileFilled(inner, shift) ? emptyingLoop(inner) : undefined;
  const loop = emptying?.loop ?? inner;
  if (statement === undefined || !Node.isVariableDeclaration(declaration) || !Node.isBlock(block) || !isEndless(loop)) throw new Refusal(shift, 'only a loop without an end that takes one value a turn can read a channel instead');
  assertAsync(loop, shift);
  const name = declaration.getName();
  if (emptying !== undefined) {
    const [taking, ...work] = block.getStatements();
    if (taking !== statement || leavesLoop(work)) throw new Refusal(shift, 'the loop does more than empty the queue');
    return { loop, name, work, wake: wakeIn(emptying.wait) };
  }
  const [first, test, ...rest] = block.getStatements();
  if (first !== statement || !Node.isIfStatement(test)) throw new Refusal(shift, 'what the loop does when there is nothing is not clear');
  const { wait, work } = branchesOf(test, name, rest);
  const awaited = onlyStatement(wait).find((one) => Node.isExpressionStatement(one) && Node.isAwaitExpression(one.getExpression()));
  const others = onlyStatement(wait).filter((one) => one !== awaited && !Node.isContinueStatement(one));
  if (awaited === undefined || others.length > 0) throw new Refusal(test, 'the loop does more than wait when there is nothing');
  return { loop, name, work, wake: wakeIn(awaited) };
}

function assertAsync(loop: Statement, taking: CallExpression): void {
  const fn = loop.getFirstAncestor((node) => Node.isFunctionLikeDeclaration(node) || Node.isArrowFunction(node) || Node.isFunctionExpression(node));
  if (!(Node.isFunctionDeclaration(fn) || Node.isMethodDeclaration(fn) || Node.isArrowFunction(fn) || Node.isFunctionExpression(fn)) || !fn.isAsync()) throw new Refusal(taking, 'what takes from the queue is not async');
}

/** A `break` would end the outer loop from now on. */
function leavesLoop(work: readonly Statement[]): boolean {
  return work.some((one) => Node.isBreakStatement(one) || one.getDescendantsOfKind(SyntaxKind.BreakStatement).length > 0);
}

/** `while (queue.length > 0)` around `queue.shift()`. */
function isWhileFilled(loop: WhileStatement, shift: CallExpression): boolean {
  const callee = shift.getExpression();
  const queue = Node.isPropertyAccessExpression(callee) ? callee.getExpression().getText() : '';
  return [`${queue}.length`, `${queue}.length > 0`, `${queue}.length !== 0`, `${queue}.length >= 1`].includes(loop.getExpression().getText());
}

/** The loop without an end that waits, and empties the queue whenever there is something. */
function emptyingLoop(inner: Statement): { readonly loop: Statement; readonly wait: Node } | undefined {
  const block = inner.getParent();
  const loop = Node.isBlock(block) ? block.getParent() : undefined;
  if (!Node.isBlock(block) || !isEndless(loop)) return undefined;
  const [wait, ...others] = block.getStatements().filter((one) => one !== inner);
  if (others.length > 0 || !Node.isExpressionStatement(wait) || !Node.isAwaitExpression(wait.getExpression())) throw new Refusal(inner, 'the loop does more than wait when there is nothing');
  return { loop, wait };
}

/**
 * Whether a reference to a queue asks for its length at the head of a loop that empties it: the loop goes, and the question with it.
 *
 * @param reference - the queue's name
 * @returns true at `while (queue.length > 0) { const x = queue.shift() …`
 */
export function isHeadOfEmptyingLoop(reference: Node): boolean {
  const loop = reference.getFirstAncestorByKind(SyntaxKind.WhileStatement);
  if (loop === undefined || !loop.getExpression().containsRange(reference.getPos(), reference.getEnd())) return false;
  const [shift] = loop.getStatement().getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => /\.shift$/.test(call.getExpression().getText()));
  return shift !== undefined && isWhileFilled(loop, shift);
}

/** `for (;;)`, `while (true)`. */
function isEndless(node: Node | undefined): node is Statement {
  if (Node.isForStatement(node)) return node.getInitializer() === undefined && node.getCondition() === undefined && node.getIncrementor() === undefined;
  return Node.isWhileStatement(node) && node.getExpression().getKind() === SyntaxKind.TrueKeyword;
}

/** Which branch waits, and which works. */
function branchesOf(test: Node, name: string, rest: readonly Statement[]): { readonly wait: Statement; readonly work: readonly Statement[] } {
  if (!Node.isIfStatement(test)) throw new Refusal(test, 'what the loop does when there is nothing is not clear');
  const condition = test.getExpression().getText();
  const [then, otherwise] = [test.getThenStatement(), test.getElseStatement()];
  const isAbsent = condition === `${name} === undefined` || condition === `!${name}` || condition === `undefined === ${name}`;
  const isPresent = condition === `${name} !== undefined` || condition === name || condition === `undefined !== ${name}`;
  if (isPresent && otherwise !== undefined && rest.length === 0) return { wait: otherwise, work: onlyStatement(then) };
  if (isAbsent && otherwise !== undefined && rest.length === 0) return { wait: then, work: onlyStatement(otherwise) };
  const isSkipping = onlyStatement(then).some((one) => Node.isContinueStatement(one));
  if (isAbsent && otherwise === undefined && isSkipping) return { wait: then, work: rest };
  throw new Refusal(test, 'what the loop does when there is nothing is not clear');
}

function onlyStatement(statement: Statement): readonly Statement[] {
  return Node.isBlock(statement) ? statement.getStatements() : [statement];
}

/** `wake` of `await new Promise((resolve) => (wake = resolve))`; a wait on a timer has none. */
function wakeIn(awaited: Node): Node | undefined {
  const assignments = awaited.getDescendantsOfKind(SyntaxKind.BinaryExpression).filter((one) => one.getOperatorToken().getKind() === SyntaxKind.EqualsToken);
  const [only] = assignments;
  if (only === undefined) return undefined;
  if (assignments.length > 1) throw new Refusal(awaited, 'the wait does more than wait');
  return only.getLeft();
}

/** Through `queue.shift() as T` and `queue.shift()!`. */
function unwrapped(node: Node): Node {
  const parent = node.getParent();
  return Node.isAsExpression(parent) || Node.isNonNullExpression(parent) || Node.isParenthesizedExpression(parent) ? unwrapped(parent) : node;
}

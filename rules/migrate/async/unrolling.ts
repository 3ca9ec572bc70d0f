import { Node, type ArrowFunction, type CallExpression, type FunctionExpression, type Statement } from 'ts-morph';
import type { Changes } from '../changes.js';
import { Refusal } from '../refusal.js';

/** `xs.forEach((x) => { … });` as a statement of its own. */
interface EachCall {
  readonly call: CallExpression;
  readonly list: Node;
  readonly statement: Statement;
}

/**
 * The `forEach` that a function is handed to, which calls it without waiting; a loop over the same list can wait.
 *
 * @param fn - a function that is to wait
 * @returns the call; undefined where it is no argument of `forEach`
 */
export function eachAround(fn: Node): EachCall | undefined {
  if (!Node.isArrowFunction(fn) && !Node.isFunctionExpression(fn)) return undefined;
  const call = fn.getParent();
  if (!Node.isCallExpression(call) || call.getArguments()[0] !== fn) return undefined;
  const callee = call.getExpression();
  const statement = call.getParent();
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== 'forEach' || callee.hasQuestionDotToken() || !Node.isExpressionStatement(statement)) return undefined;
  return { call, list: callee.getExpression(), statement };
}

/**
 * Plans `for (const x of xs) { … }` in the place of `xs.forEach((x) => { … })`.
 *
 * @param fn - the function that is called for each element
 * @param each - the call
 * @param changes - takes the rewrite
 * @param isLenient - whether a list without a type may be taken for an array
 * @throws {Refusal} when the loop would do something else
 */
export function unroll(fn: ArrowFunction | FunctionExpression, { call, list, statement }: EachCall, changes: Changes, isLenient: boolean): void {
  const type = list.getType();
  if (!(type.isArray() || type.isReadonlyArray() || type.isTuple() || (isLenient && type.isAny()))) throw new Refusal(call, 'what `forEach` goes through is no array for sure');
  const [element, index, ...more] = fn.getParameters();
  const isPlain = fn.getParameters().every((one) => !one.hasInitializer() && !one.isRestParameter());
  if (!isPlain || more.length > 0 || call.getArguments().length > 1) throw new Refusal(call, 'the function takes more from `forEach` than an element and its index');
  const body = fn.getBody();
  const own = ownNodes(body);
  if (Node.isFunctionExpression(fn) && own.some((node) => Node.isThisExpression(node) || (Node.isIdentifier(node) && node.getText() === 'arguments'))) throw new Refusal(call, 'the function that `forEach` calls has a `this` of its own');
  const path = call.getSourceFile().getFilePath();
  if (!Node.isBlock(body) && /^(?:\{|function\b|class\b|let\b|async\b)/.test(body.getText())) throw new Refusal(call, 'the function that `forEach` calls makes a value');
  for (const node of own) {
    if (!Node.isReturnStatement(node)) continue;
    if (node.getExpression() !== undefined) throw new Refusal(node, 'the function that `forEach` calls returns a value');
    if (node.getFirstAncestor((one) => one === body || Node.isIterationStatement(one)) !== body) throw new Refusal(node, 'a loop inside of the function that `forEach` calls returns from it');
    changes.replace(path, { start: node.getStart(), end: node.getStart() + 'return'.length }, 'continue');
  }
  const text = call.getSourceFile().getFullText();
  const end = Node.isBlock(body) ? statement.getEnd() : call.getEnd();
  const isCommented = [text.slice(list.getEnd(), body.getStart()), text.slice(body.getEnd(), end)].some((part) => /\/[/*]/.test(part));
  if (isCommented) throw new Refusal(call, 'a comment would be lost');
  const named = element === undefined ? '_' : element.getNameNode().getText();
  const head = index === undefined ? `for (const ${named} of ` : `for (const [${index.getNameNode().getText()}, ${named}] of `;
  changes.wrap(path, { start: list.getStart(), end: statement.getEnd() }, head, '');
  changes.replace(path, { start: list.getEnd(), end: body.getStart() }, `${index === undefined ? '' : '.entries()'}) `);
  changes.replace(path, { start: body.getEnd(), end }, '');
}

/** What a function does itself, not what functions inside of it do. */
function ownNodes(body: Node): readonly Node[] {
  const nodes: Node[] = [];
  body.forEachDescendant((node, traversal) => {
    if (Node.isFunctionDeclaration(node) || Node.isFunctionExpression(node) || Node.isClassDeclaration(node) || Node.isClassExpression(node) || Node.isMethodDeclaration(node)) traversal.skip();
    else if (!(Node.isReturnStatement(node) && isInArrow(node, body))) nodes.push(node);
  });
  return nodes;
}

/** An arrow function has the `this` of the code around it, but its own `return`. */
function isInArrow(node: Node, body: Node): boolean {
  return node.getFirstAncestor((one) => one === body || Node.isArrowFunction(one)) !== body;
}

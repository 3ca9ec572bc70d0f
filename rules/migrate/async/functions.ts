import { Node, SyntaxKind, type ArrowFunction, type FunctionDeclaration, type FunctionExpression, type MethodDeclaration, type Type } from 'ts-morph';
import { Refusal } from '../refusal.js';

/** A function that can be made async. */
export type AsyncableFunction = ArrowFunction | FunctionDeclaration | FunctionExpression | MethodDeclaration;

/** What the language calls by itself, and what it calls it for. */
const protocol: ReadonlySet<string> = new Set(['toString', 'toJSON', 'toLocaleString', 'valueOf', 'constructor', 'then']);

/** A function that may be declared `async`; not a constructor, nor a getter or setter. */
export function isAsyncable(node: Node | undefined): node is AsyncableFunction {
  return Node.isArrowFunction(node) || Node.isFunctionDeclaration(node) || Node.isFunctionExpression(node) || Node.isMethodDeclaration(node);
}

/** As a reader knows it: `load`, `Store.load`, `this function`. */
export function nameOf(fn: Node): string {
  if (Node.isMethodDeclaration(fn) || Node.isGetAccessorDeclaration(fn) || Node.isSetAccessorDeclaration(fn)) {
    const owner = fn.getParent();
    const name = Node.isClassDeclaration(owner) || Node.isClassExpression(owner) ? owner.getName() : undefined;
    return `\`${name === undefined ? '' : `${name}.`}${fn.getName()}\``;
  }
  if (Node.isConstructorDeclaration(fn)) return `the constructor of \`${fn.getParent().getText().match(/class\s+([\w$]+)/)?.[1] ?? 'a class'}\``;
  const name = nameNodeOf(fn)?.getText();
  return name === undefined ? 'this function' : `\`${name}\``;
}

/** What a function is referred to by: its own name, or that of the variable or property that it is the value of. */
export function nameNodeOf(fn: Node): Node | undefined {
  if (Node.isFunctionDeclaration(fn) || Node.isMethodDeclaration(fn)) return fn.getNameNode();
  const holder = holderOf(fn);
  if (Node.isVariableDeclaration(holder) || Node.isPropertyAssignment(holder) || Node.isPropertyDeclaration(holder)) return holder.getNameNode();
  if (Node.isBinaryExpression(holder)) {
    const left = holder.getLeft();
    if (Node.isIdentifier(left)) return left;
    if (Node.isPropertyAccessExpression(left)) return left.getNameNode();
  }
  return Node.isFunctionExpression(fn) ? fn.getNameNode() : undefined;
}

/** The declaration or assignment that a function expression is the value of, through parentheses and type assertions. */
export function holderOf(fn: Node): Node | undefined {
  const parent = fn.getParent();
  if (Node.isParenthesizedExpression(parent) || Node.isAsExpression(parent) || Node.isSatisfiesExpression(parent)) return holderOf(parent);
  if (Node.isBinaryExpression(parent)) return parent.getRight() === fn && parent.getOperatorToken().getKind() === SyntaxKind.EqualsToken ? parent : undefined;
  return parent;
}

/**
 * Says why a function cannot be async.
 *
 * @param fn - any function-like node
 * @throws {Refusal} when it cannot
 */
export function assertAsyncable(fn: Node): asserts fn is AsyncableFunction {
  if (Node.isConstructorDeclaration(fn)) throw new Refusal(fn, `${nameOf(fn)} cannot wait`);
  if (Node.isGetAccessorDeclaration(fn)) throw new Refusal(fn, `the getter ${nameOf(fn)} cannot wait`);
  if (Node.isSetAccessorDeclaration(fn)) throw new Refusal(fn, `the setter ${nameOf(fn)} cannot wait`);
  if (!isAsyncable(fn)) throw new Refusal(fn, 'no `await` can stand here');
  if (!Node.isArrowFunction(fn) && fn.isGenerator()) throw new Refusal(fn, `${nameOf(fn)} is a generator, whose consumers take its items without waiting`);
  const name = nameNodeOf(fn);
  if (name !== undefined && (protocol.has(name.getText()) || Node.isComputedPropertyName(name))) throw new Refusal(fn, `${nameOf(fn)} is called by the language, which does not wait`);
  const returned = fn.getReturnTypeNode();
  if (Node.isTypePredicate(returned)) throw new Refusal(fn, `${nameOf(fn)} tells the compiler what its argument is, which a promise cannot`);
  if (isDecorated(fn)) throw new Refusal(fn, `what the decorator of ${nameOf(fn)} makes of it is not known`);
}

function isDecorated(fn: AsyncableFunction): boolean {
  return Node.isDecoratable(fn) && fn.getDecorators().length > 0;
}

/** Where `async` is written: behind `export`, `static` and the like. */
export function asyncSlotOf(fn: AsyncableFunction): number {
  if (Node.isFunctionDeclaration(fn)) return fn.getFirstChildByKindOrThrow(SyntaxKind.FunctionKeyword).getStart();
  if (Node.isMethodDeclaration(fn)) return (fn.getAsteriskToken() ?? fn.getNameNode()).getStart();
  return fn.getStart();
}

/**
 * The innermost function around a node in which an `await` would have to stand.
 *
 * @param node - where the `await` is to stand
 * @returns the function; undefined at the top level of a module
 * @throws {Refusal} where no `await` can stand whatever the function
 */
export function functionAround(node: Node): Node | undefined {
  let child = node;
  for (let parent = node.getParent(); parent !== undefined; child = parent, parent = parent.getParent()) {
    if (Node.isPropertyDeclaration(parent) && parent.getInitializer() === child) throw new Refusal(node, 'the initial value of a field cannot be waited for');
    if (Node.isClassStaticBlockDeclaration(parent)) throw new Refusal(node, 'a static block cannot wait');
    if (Node.isDecorator(parent)) throw new Refusal(node, 'a decorator cannot wait');
    if (Node.isParameterDeclaration(parent) && parent.getInitializer() === child) throw new Refusal(node, 'the default value of a parameter cannot be waited for');
    if (isAsyncable(parent) || Node.isConstructorDeclaration(parent) || Node.isGetAccessorDeclaration(parent) || Node.isSetAccessorDeclaration(parent)) return parent;
  }
  return undefined;
}

/** A type that may be a promise. */
export function hasPromise(type: Type): boolean {
  if (type.isUnion()) return type.getUnionTypes().some(hasPromise);
  return type.isObject() && type.getProperty('then') !== undefined;
}

/** A type that is a promise of the language, whatever else it may be. */
export function givesPromise(type: Type): boolean {
  if (type.isUnion()) return type.getUnionTypes().every(givesPromise);
  return type.getSymbol()?.getName() === 'Promise' && type.getProperty('then') !== undefined;
}

import { Node, type TypeNode } from 'ts-morph';
import type { Changes } from '../changes.js';
import { rangeOf } from '../compiler.js';

/** Changes what signatures say that they return; each is changed once. */
export class Signatures {
  readonly #changes: Changes;
  readonly #changed = new Set<Node>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /** A function or signature gives a promise of what it gave: in its annotation, or in its JSDoc. */
  promise(declaration: Node): void {
    if (!this.#isFirst(declaration)) return;
    const returned = returnTypeOf(declaration);
    if (returned === undefined) {
      for (const tag of jsDocReturnsOf(declaration)) this.#changes.wrap(pathOf(declaration), rangeOf(tag), 'Promise<', '>');
    } else if (!isPromise(returned)) {
      this.#changes.wrap(pathOf(declaration), rangeOf(returned), 'Promise<', '>');
    }
  }

  /** A type of functions may give a promise as well: those of its functions that stay as they are fit it still. */
  allowPromise(declaration: Node): void {
    const returned = returnTypeOf(declaration);
    if (returned === undefined || isPromise(returned) || !this.#isFirst(declaration)) return;
    const [open, close] = Node.isFunctionTypeNode(returned) || Node.isConditionalTypeNode(returned) || Node.isConstructorTypeNode(returned) ? ['(', ')'] : ['', ''];
    this.#changes.wrap(pathOf(declaration), rangeOf(returned), open, `${close} | Promise<${returned.getText()}>`);
  }

  #isFirst(declaration: Node): boolean {
    if (this.#changed.has(declaration)) return false;
    this.#changed.add(declaration);
    return true;
  }
}

function returnTypeOf(declaration: Node): TypeNode | undefined {
  return Node.isReturnTyped(declaration) ? declaration.getReturnTypeNode() : undefined;
}

function isPromise(type: TypeNode): boolean {
  return /^Promise(?:Like)?\s*</.test(type.getText()) || /\|\s*Promise\s*</.test(type.getText());
}

/** `{string}` of `@returns {string}`, which stands above the function, or above the statement that it is the value of. */
function jsDocReturnsOf(declaration: Node): readonly Node[] {
  for (let node: Node | undefined = declaration; node !== undefined && !Node.isBlock(node) && !Node.isSourceFile(node); node = node.getParent()) {
    if (!Node.isJSDocable(node)) continue;
    const types = node.getJsDocs().flatMap((doc) => doc.getTags()).flatMap((tag) => (Node.isJSDocReturnTag(tag) ? (tag.getTypeExpression()?.getTypeNode() ?? []) : []));
    if (types.length > 0) return types;
    if (Node.isVariableStatement(node) || Node.isExpressionStatement(node) || Node.isMethodDeclaration(node) || Node.isFunctionDeclaration(node)) return [];
  }
  return [];
}

function pathOf(node: Node): string {
  return node.getSourceFile().getFilePath();
}

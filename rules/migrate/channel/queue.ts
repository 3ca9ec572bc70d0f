import { Node, SyntaxKind, type CallExpression, type SourceFile } from 'ts-morph';
import { planImport, runtimeMissing } from '../../fixes/imports.js';
import { functionAround, isAsyncable } from '../async/functions.js';
import type { AsyncOptions } from '../async/planner.js';
import { Changes } from '../changes.js';
import { nodeAt, rangeOf } from '../compiler.js';
import type { Site } from '../index.js';
import { Refusal } from '../refusal.js';
import type { Workspace } from '../workspace.js';
import { drainingLoopAround, isHeadOfEmptyingLoop, pollingLoopAround, type PollingLoop } from './loops.js';

/** How many values may wait. The file says the number, and can say another. */
const CAPACITY = 1024;

/** How the two ends of the channel are written in a file. */
interface Ends {
  readonly sender: string;
  readonly receiver: string;
}

/**
 * Plans a bounded channel in the place of an array that is used as a queue: whoever fills it waits for room, pauses its source, or
 * refuses what does not fit; the loop that empties it reads the channel.
 */
export class QueuePlan {
  readonly changes = new Changes();
  readonly #workspace: Workspace;
  readonly #options: AsyncOptions;

  constructor(workspace: Workspace, options: AsyncOptions) {
    this.#workspace = workspace;
    this.#options = options;
  }

  /**
   * @param at - the call that fills the queue: `queue.push(x)`
   * @throws {Refusal} when the queue is used as more than a queue
   */
  replaceQueue(at: Site): void {
    const file = this.#workspace.file(at.file);
    const push = file && nodeAt(at, file);
    const callee = Node.isCallExpression(push) ? push.getExpression() : undefined;
    if (push === undefined || !Node.isPropertyAccessExpression(callee) || callee.getName() !== 'push') throw new Refusal(push ?? file ?? failed(at), 'the queue is no array that is pushed to');
    const target = callee.getExpression();
    const name = Node.isPropertyAccessExpression(target) ? target.getNameNode() : target;
    const declaration = declarationOf(name);
    if (declaration === undefined || !this.#workspace.isOwn(declaration)) throw new Refusal(target, 'what the queue is made of is not in sight');
    if (this.#options.isExported(declaration) && !this.#options.mayChangeExports) throw new Refusal(declaration, 'the queue is part of what the package exports');
    if (!this.#workspace.contextOf(declaration.getSourceFile()).hasRuntime) throw new Refusal(declaration, runtimeMissing);
    const ends = endsOf(declaration);
    this.#declare(declaration, ends);
    const nameNode = declaration.getNameNode();
    const references = Node.isReferenceFindable(nameNode) ? nameNode.findReferencesAsNodes() : [];
    let consumers = 0;
    for (const reference of references) {
      if (reference === nameNode || this.#isImport(reference, references, ends)) continue;
      const use = useOf(reference);
      if (use?.method === 'push') {
        this.#send(use.call, ends);
      } else if (use?.method === 'shift') {
        this.#receive(pollingLoopAround(use.call), use.call, ends);
        consumers++;
      } else if (use?.method === 'splice') {
        this.#receive(drainingLoopAround(use.call), use.call, ends);
        consumers++;
      } else if (isHeadOfEmptyingLoop(reference) || isCountOfSplice(reference)) {
        continue;
      } else if (isLengthRead(reference)) {
        this.changes.replace(reference.getSourceFile().getFilePath(), rangeOf(objectOf(reference)), ends.receiver);
      } else {
        throw new Refusal(reference, 'the queue is used as more than a queue here');
      }
    }
    if (consumers !== 1) throw new Refusal(declaration, consumers === 0 ? 'nothing takes from the queue in a loop' : 'several loops take from the queue, and a channel has one reader');
  }

  #declare(declaration: Declaration, ends: Ends): void {
    const file = declaration.getSourceFile();
    const path = file.getFilePath();
    const channel = planImport({ module: 'borrowck-runtime', name: 'channel', at: declaration.getStart() }, this.#workspace.contextOf(file));
    this.changes.import(path, channel);
    const type = declaration.getTypeNode();
    const element = declaration.getType().getArrayElementType();
    const isTyped = /\.[cm]?tsx?$/.test(path) && element !== undefined && !element.isAny() && !element.isNever();
    const made = `${channel.local}${isTyped ? `<${elementText(declaration, element.getText(declaration))}>` : ''}(${CAPACITY})`;
    const start = declaration.getNameNode().getStart();
    const end = (declaration.getInitializer() ?? type ?? declaration.getNameNode()).getEnd();
    const written = Node.isVariableDeclaration(declaration) ? `[${ends.sender}, ${ends.receiver}]` : declaration.getName();
    this.changes.replace(path, { start, end }, `${written} = ${made}`);
  }

  /** `import { inbox }` brings in the ends that the file uses. */
  #isImport(reference: Node, references: readonly Node[], ends: Ends): boolean {
    const specifier = reference.getParent();
    if (!Node.isImportSpecifier(specifier)) return false;
    if (specifier.getAliasNode() !== undefined) throw new Refusal(specifier, 'the queue is imported under another name');
    const file = specifier.getSourceFile();
    const uses = references.filter((one) => one.getSourceFile() === file).flatMap((one) => useOf(one)?.method ?? (isLengthRead(one) ? 'length' : []));
    const wanted = [...(uses.includes('push') ? [ends.sender] : []), ...(uses.some((use) => use !== 'push') ? [ends.receiver] : [])];
    this.changes.replace(file.getFilePath(), rangeOf(specifier), wanted.join(', '));
    return true;
  }

  #send(call: CallExpression, ends: Ends): void {
    const statement = call.getParent();
    const [value, ...more] = call.getArguments();
    if (!Node.isExpressionStatement(statement) || value === undefined || more.length > 0 || Node.isSpreadElement(value)) throw new Refusal(call, 'more than one value is put in at once, or the new length is used');
    const path = call.getSourceFile().getFilePath();
    const { style } = this.#workspace.contextOf(call.getSourceFile());
    const fn = functionAround(call);
    const source = sourceOf(fn);
    const replace = (start: string, end: string): void => {
      this.changes.replace(path, { start: call.getStart(), end: value.getStart() }, start);
      this.changes.replace(path, { start: value.getEnd(), end: call.getEnd() }, end);
    };
    if (isAsyncable(fn) && fn.isAsync()) {
      replace(`await ${ends.sender}.send(`, ')');
    } else if (source !== undefined) {
      replace(`${source}.pause()${style.semicolon}\n${indentationOf(statement)}void ${ends.sender}.send(`, `).then(() => ${source}.resume())`);
    } else {
      const quote = style.quote;
      replace(`if (!${ends.sender}.trySend(`, `).ok) throw new RangeError(${quote}${CAPACITY} values wait already${quote})`);
    }
  }

  #receive({ loop, name, work, wake }: PollingLoop, call: CallExpression, ends: Ends): void {
    const path = call.getSourceFile().getFilePath();
    const [first] = work;
    const last = work.at(-1);
    if (first === undefined || last === undefined) throw new Refusal(call, 'the loop does nothing with what it takes');
    this.#assertSingle(loop);
    if (wake !== undefined) this.#forget(wake);
    const head = `for await (const ${name} of ${ends.receiver}) `;
    const isBlock = Node.isBlock(first.getParent());
    const indentation = indentationOf(loop);
    const body = work.map((statement) => {
      const written = statement.getFullText().trim();
      // The lines of a template are what it says.
      return written.includes('`') ? written : written.replaceAll(`\n${indentationOf(first)}`, `\n${indentation}  `);
    });
    const text = isBlock || work.length > 1 ? `{\n${body.map((one) => `${indentation}  ${one}\n`).join('')}${indentation}}` : body[0] ?? '';
    this.changes.replace(path, rangeOf(loop), head + text);
  }

  /** A channel has one reader: a second call of the function would be a second one. */
  #assertSingle(loop: Node): void {
    const fn = functionAround(loop);
    const holder = Node.isVariableDeclaration(fn?.getParent()) ? fn.getParent() : fn;
    const name = Node.isFunctionDeclaration(holder) || Node.isMethodDeclaration(holder) || Node.isVariableDeclaration(holder) ? holder.getNameNode() : undefined;
    if (!Node.isReferenceFindable(name)) return;
    const calls = name.findReferencesAsNodes().filter((reference) => reference !== name && !Node.isImportSpecifier(reference.getParent()));
    const isRepeated = calls.some((reference) => reference.getFirstAncestor((node) => Node.isIterationStatement(node) || (Node.isCallExpression(node) && /\.(?:map|forEach|from)$/.test(node.getExpression().getText()))) !== undefined);
    if (calls.length > 1 || isRepeated) throw new Refusal(loop, 'the loop may run more than once at a time, and a channel has one reader');
  }

  /** Nobody waits to be woken any more. */
  #forget(wake: Node): void {
    const name = Node.isPropertyAccessExpression(wake) ? wake.getNameNode() : wake;
    for (const reference of Node.isReferenceFindable(name) ? name.findReferencesAsNodes() : []) {
      const access = Node.isPropertyAccessExpression(reference.getParent()) ? reference.getParentOrThrow() : reference;
      if (access === wake) continue;
      const parent = access.getParent();
      const isCall = Node.isCallExpression(parent) && parent.getExpression() === access && Node.isExpressionStatement(parent.getParent());
      const declaration = reference.getParent();
      const whole = isCall ? parent.getParentOrThrow() : Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : Node.isPropertyDeclaration(declaration) ? declaration : undefined;
      if (whole === undefined) throw new Refusal(reference, 'what ends the wait is used for more than that');
      this.changes.replace(whole.getSourceFile().getFilePath(), lineOf(whole), '');
    }
  }
}

type Declaration = NonNullable<ReturnType<typeof declarationOf>>;

function declarationOf(name: Node) {
  const symbol = name.getSymbol();
  const [declaration, ...others] = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  if (others.length > 0 || !(Node.isVariableDeclaration(declaration) || Node.isPropertyDeclaration(declaration))) return undefined;
  const initial = declaration.getInitializer();
  return Node.isArrayLiteralExpression(initial) && initial.getElements().length === 0 ? declaration : undefined;
}

function endsOf(declaration: Declaration): Ends {
  const name = declaration.getName();
  if (Node.isPropertyDeclaration(declaration)) return { sender: `this.${name}[0]`, receiver: `this.${name}[1]` };
  return { sender: `${name}Sender`, receiver: `${name}Receiver` };
}

function elementText(declaration: Declaration, inferred: string): string {
  const written = declaration.getTypeNode();
  if (Node.isArrayTypeNode(written)) return written.getElementTypeNode().getText().replace(/^\((.*)\)$/s, '$1');
  return inferred;
}

function objectOf(reference: Node): Node {
  const parent = reference.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === reference ? parent : reference;
}

function useOf(reference: Node): { readonly method: string; readonly call: CallExpression } | undefined {
  const object = objectOf(reference);
  const access = object.getParent();
  if (!Node.isPropertyAccessExpression(access) || access.getExpression() !== object) return undefined;
  const call = access.getParent();
  return Node.isCallExpression(call) && call.getExpression() === access ? { method: access.getName(), call } : undefined;
}

function isLengthRead(reference: Node): boolean {
  const object = objectOf(reference);
  const access = object.getParent();
  if (!Node.isPropertyAccessExpression(access) || access.getExpression() !== object || access.getName() !== 'length') return false;
  const parent = access.getParent();
  return !(Node.isBinaryExpression(parent) && parent.getLeft() === access && parent.getOperatorToken().getKind() === SyntaxKind.EqualsToken);
}

/** `queue.splice(0, queue.length)`: the call goes, and the count with it. */
function isCountOfSplice(reference: Node): boolean {
  const count = objectOf(reference).getParent();
  const call = count?.getParent();
  return isLengthRead(reference) && Node.isCallExpression(call) && call.getExpression().getText() === `${objectOf(reference).getText()}.splice`;
}

/** `source` of `source.on('line', (line) => …)`, where it can be paused and resumed. */
function sourceOf(fn: Node | undefined): string | undefined {
  const call = fn?.getParent();
  if (!Node.isCallExpression(call)) return undefined;
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee) || !/^(?:on|addListener)$/.test(callee.getName())) return undefined;
  const source = callee.getExpression();
  if (!/^[\w$.#]+$/.test(source.getText())) return undefined;
  const type = source.getType();
  return ['pause', 'resume'].every((name) => (type.getProperty(name)?.getTypeAtLocation(source).getCallSignatures().length ?? 0) > 0) ? source.getText() : undefined;
}

function indentationOf(node: Node): string {
  const text = node.getSourceFile().getFullText();
  return /[ \t]*$/.exec(text.slice(0, node.getStart()))?.[0] ?? '';
}

/** A statement with the line that it stands on. */
function lineOf(statement: Node): { readonly start: number; readonly end: number } {
  const file: SourceFile = statement.getSourceFile();
  const text = file.getFullText();
  const before = /\r?\n[ \t]*$/.exec(text.slice(0, statement.getStart()))?.[0].length ?? 0;
  return { start: statement.getStart() - before, end: statement.getEnd() };
}

function failed(at: Site): never {
  throw new Error(`the program has no ${at.file}`);
}

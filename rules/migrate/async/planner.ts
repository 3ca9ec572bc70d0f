import { Node, SyntaxKind, ts, type CallExpression, type Signature, type SourceFile } from 'ts-morph';
import type { Cause } from '../../engine/blocking/reach.js';
import { asynchronousForm } from '../../fixes/asynchronous.js';
import { planImport } from '../../fixes/imports.js';
import { Changes } from '../changes.js';
import { nodeAt, rangeOf } from '../compiler.js';
import { referencesTo } from '../references.js';
import { Refusal } from '../refusal.js';
import type { Workspace } from '../workspace.js';
import { assertAsyncable, asyncSlotOf, functionAround, givesPromise, hasPromise, holderOf, isAsyncable, nameNodeOf, nameOf, type AsyncableFunction } from './functions.js';
import { awaiting } from './placing.js';
import { Signatures } from './signatures.js';
import { threadFunctionOf } from './threads.js';
import { eachAround, unroll } from './unrolling.js';

/** What the project lets a migration do. */
export interface AsyncOptions {
  /** Whether functions that the package exports may change. */
  readonly mayChangeExports: boolean;
  /** Whether an `await` may stand where other code could see, or change, what the function is in the middle of. */
  readonly isLenient: boolean;
  /** Whether what is declared here is part of the package's interface. */
  isExported(declaration: Node): boolean;
}

/**
 * Plans to await the asynchronous form of one blocking call: the function around it becomes async, whoever calls that awaits it, and
 * so on, across files, until async code is reached.
 */
export class AsyncPlan {
  readonly changes = new Changes();
  readonly #workspace: Workspace;
  readonly #options: AsyncOptions;
  readonly #functions = new Set<Node>();
  readonly #awaited = new Set<Node>();
  readonly #slots = new Set<Node>();
  readonly #signatures = new Signatures(this.changes);
  readonly #names = new Set<string>();

  constructor(workspace: Workspace, options: AsyncOptions) {
    this.#workspace = workspace;
    this.#options = options;
  }

  /** The names of methods that become async: whoever calls one through a value without a type could not be found. */
  get methodNames(): ReadonlySet<string> {
    return this.#names;
  }

  /**
   * Replaces a blocking call by its asynchronous form.
   *
   * @throws {Refusal} when something on the way cannot wait; then the plan is of no use
   */
  replaceCall(cause: Cause): void {
    const file = this.#workspace.file(cause.at.file);
    const call = file && nodeAt(cause.at, file);
    if (file === undefined || call === undefined) throw new Error(`there is no call at ${cause.at.file}:${cause.at.start}`);
    if (!Node.isCallExpression(call)) {
      this.#runInThread(cause);
      return;
    }
    const context = this.#workspace.contextOf(file);
    const expression = context.expressionAt(rangeOf(call));
    const form = expression && asynchronousForm(cause, expression, context);
    if (expression?.calleeRange === undefined || form === undefined) {
      if (cause.links.length === 0) throw new Refusal(call, `nothing asynchronous takes the same arguments as \`${cause.name}\` and gives the same`);
      this.#runInThread(cause);
      return;
    }
    if (!cause.isApiItself) throw new Refusal(call, `\`${call.getExpression().getText()}\` may be another function than \`${cause.name}\`: the code may be given one`);
    if (form.doubt !== undefined && !this.#options.isLenient) throw new Refusal(call, form.doubt);
    this.changes.replace(file.getFilePath(), expression.calleeRange, form.callee);
    for (const plan of form.imports) this.changes.import(file.getFilePath(), plan);
    this.#await(call, form.after ?? '');
  }

  /** Where nothing asynchronous does the same, the function around it runs in a thread, and whoever calls that awaits it. */
  #runInThread(cause: Cause): void {
    const { name, file } = threadFunctionOf(cause, this.#workspace);
    if (!Node.isReferenceFindable(name)) return;
    for (const reference of name.findReferencesAsNodes()) {
      if (reference === name || isInImport(reference) || isInType(reference)) continue;
      const call = reference.getParent();
      const caller = reference.getSourceFile();
      if (!Node.isCallExpression(call) || call.getExpression() !== reference || caller === file) throw new Refusal(reference, `${cause.name} would have to run in a thread, and this is more than a call of \`${name.getText()}\` from another module`);
      const context = this.#workspace.contextOf(caller);
      if (!context.hasRuntime) throw new Refusal(call, `\`${cause.name}\` has no asynchronous form, and borrowck-runtime, which runs it in a thread, is not installed`);
      const specifier = caller.getImportDeclarations().find((one) => one.getModuleSpecifierSourceFile() === file)?.getModuleSpecifierValue();
      if (specifier === undefined || !/^\..*\.\w+$/.test(specifier) || context.format === 'commonjs') throw new Refusal(call, `where a thread finds \`${name.getText()}\` is not known`);
      const spawn = planImport({ module: 'borrowck-runtime', name: 'spawnBlocking', at: call.getStart() }, context);
      this.changes.import(caller.getFilePath(), spawn);
      const quote = context.style.quote;
      const result = /\.[cm]?tsx?$/.test(caller.getFilePath()) ? `<ReturnType<typeof ${reference.getText()}>>` : '';
      const [argument] = call.getArguments();
      const before = `${spawn.local}${result}(new URL(${quote}${specifier}${quote}, import.meta.url), ${quote}${name.getText()}${quote}, `;
      if (argument === undefined) this.changes.replace(caller.getFilePath(), rangeOf(call), `${before}undefined)`);
      else this.changes.replace(caller.getFilePath(), { start: call.getStart(), end: argument.getStart() }, before);
      this.#await(call, '');
    }
  }

  /** Awaits a call that gives a promise now; the function around it becomes async. */
  awaitCall(call: CallExpression): void {
    if (!this.#awaited.has(call)) this.#await(call, '');
  }

  #await(call: CallExpression, after: string): void {
    this.#awaited.add(call);
    if (!this.#workspace.isOwn(call)) throw new Refusal(call, 'it is called from a file that is not to be changed');
    const path = call.getSourceFile().getFilePath();
    if (isAwaited(call)) {
      this.changes.wrap(path, rangeOf(call), '', after);
    } else {
      const [before, behind] = awaiting(call);
      this.changes.wrap(path, rangeOf(call), before, after + behind);
    }
    this.#waitIn(call);
  }

  /** The function around a call waits there. */
  #waitIn(call: Node): void {
    const fn = functionAround(call);
    if (fn === undefined) {
      assertAwaitAtTop(call, this.#workspace);
      return;
    }
    if (!this.#options.isLenient) this.#assertHarmless(call, fn);
    this.makeAsync(fn);
  }

  #assertHarmless(call: Node, fn: Node): void {
    const hazard = this.#workspace.hazardOfSuspension(call, { isAwaitedByAll: true });
    if (hazard === 'same file') throw new Refusal(call, `two runs of ${nameOf(fn)} at once would write into the same file`);
    if (hazard === 'event') throw new Refusal(call, `${nameOf(fn)} tells an event something after this call: it would come too late`);
    if (hazard !== undefined) throw new Refusal(call, `${nameOf(fn)} reads something before this call and changes it after it: other code may come in between`);
    if (!isAsyncable(fn) || !fn.isAsync() || isAwaitedEverywhere(fn)) return;
    if (this.#workspace.hazardOfSuspension(call, { isAwaitedByAll: false }) !== undefined) throw new Refusal(call, `${nameOf(fn)} changes something after this call, and not everyone waits for it`);
  }

  /** Makes a function async, and everything awaits it that calls it. */
  makeAsync(fn: Node): void {
    if (this.#functions.has(fn) || (isAsyncable(fn) && fn.isAsync())) return;
    assertAsyncable(fn);
    this.#functions.add(fn);
    const each = eachAround(fn);
    if (each !== undefined && (Node.isArrowFunction(fn) || Node.isFunctionExpression(fn))) {
      unroll(fn, each, this.changes, this.#options.isLenient);
      this.#waitIn(each.call);
      return;
    }
    if (!this.#workspace.isOwn(fn)) throw new Refusal(fn, `${nameOf(fn)} is not ours to change`);
    if (givesPromise(fn.getReturnType())) {
      // Whoever calls it waits for it as it is.
      this.#markAsync(fn);
      return;
    }
    if (this.#options.isExported(fn) && !this.#options.mayChangeExports) throw new Refusal(fn, `${nameOf(fn)} is part of what the package exports`);
    this.#markAsync(fn);
    this.#signatures.promise(fn);
    if (Node.isFunctionDeclaration(fn) || Node.isMethodDeclaration(fn)) for (const overload of fn.getOverloads()) this.#signatures.promise(overload);
    if (Node.isMethodDeclaration(fn)) this.#names.add(fn.getName());
    this.#assertInherited(fn);
    const name = nameNodeOf(fn);
    if (name === undefined || Node.isFunctionExpression(fn) || Node.isArrowFunction(fn)) this.#useOf(fn);
    if (name !== undefined) this.#referencesTo(name);
    else if (Node.isFunctionDeclaration(fn)) this.#defaultImportsOf(fn);
  }

  #markAsync(fn: AsyncableFunction): void {
    this.changes.wrap(fn.getSourceFile().getFilePath(), { start: asyncSlotOf(fn), end: fn.getEnd() }, 'async ', '');
  }

  /** What a class of another package declares is called by it. */
  #assertInherited(fn: AsyncableFunction): void {
    const owner = fn.getParent();
    if (!Node.isMethodDeclaration(fn) || !(Node.isClassDeclaration(owner) || Node.isClassExpression(owner))) return;
    const bases = [owner.getExtends()?.getType(), ...owner.getImplements().map((one) => one.getType())];
    for (const base of bases) {
      for (const declaration of base?.getProperty(fn.getName())?.getDeclarations() ?? []) {
        if (this.#workspace.isOwn(declaration)) continue;
        const gives = declaration.getType().getCallSignatures().map((signature) => signature.getReturnType());
        if (!gives.some(hasPromise)) throw new Refusal(fn, `${nameOf(fn)} is declared by \`${base?.getSymbol()?.getName() ?? 'a base class'}\`, which is not ours and does not wait for it`);
      }
    }
  }

  #referencesTo(name: Node): void {
    for (const reference of referencesTo(name)) this.#reference(reference);
  }

  /** `export default function () {}`: known by what others import it as. */
  #defaultImportsOf(fn: AsyncableFunction): void {
    const file = fn.getSourceFile();
    for (const other of this.#workspace.files) {
      for (const declaration of other.getImportDeclarations()) {
        const name = declaration.getDefaultImport();
        if (name !== undefined && declaration.getModuleSpecifierSourceFile() === file) this.#referencesTo(name);
      }
    }
  }

  #reference(node: Node): void {
    const parent = node.getParent();
    if (parent === undefined || isInType(node)) return;
    if (isInImport(node) || Node.isExportAssignment(parent) || Node.isNamespaceImport(parent)) return;
    if (isRequired(node, parent)) {
      this.#useOf(parent);
      return;
    }
    if (isNameOf(parent, node)) {
      this.#declaration(parent);
      return;
    }
    const access = (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === node) || (Node.isElementAccessExpression(parent) && parent.getArgumentExpression() === node);
    this.#useOf(access ? parent : node);
  }

  /** Another declaration of the same member: of the interface, of a base class, of a class beside it. */
  #declaration(declaration: Node): void {
    if (this.#slots.has(declaration)) return;
    this.#slots.add(declaration);
    if (!this.#workspace.isOwn(declaration)) throw new Refusal(declaration, `${declaration.getText().split('\n')[0] ?? ''} is declared by another package`);
    if (isAsyncable(declaration)) {
      if (declaration.getBody() === undefined) this.#signatures.promise(declaration);
      else this.makeAsync(declaration);
    } else if (Node.isMethodSignature(declaration)) {
      if (this.#options.isExported(declaration) && !this.#options.mayChangeExports) throw new Refusal(declaration, `\`${declaration.getName()}\` is part of what the package exports`);
      this.#signatures.promise(declaration);
      this.#names.add(declaration.getName());
    } else if (Node.isVariableDeclaration(declaration) || Node.isPropertyDeclaration(declaration) || Node.isPropertyAssignment(declaration) || Node.isPropertySignature(declaration) || Node.isParameterDeclaration(declaration)) {
      const annotation = 'getTypeNode' in declaration ? declaration.getTypeNode() : undefined;
      if (Node.isFunctionTypeNode(annotation)) this.#signatures.allowPromise(annotation);
      const value = 'getInitializer' in declaration ? declaration.getInitializer() : undefined;
      if (isAsyncable(value) && Node.isPropertyAssignment(declaration)) this.makeAsync(value);
    } else if (Node.isGetAccessorDeclaration(declaration) || Node.isSetAccessorDeclaration(declaration)) {
      throw new Refusal(declaration, `${nameOf(declaration)} cannot wait`);
    }
  }

  /** What is done with a value that is the function. */
  #useOf(node: Node): void {
    const parent = node.getParent();
    if (parent === undefined) return;
    if (Node.isParenthesizedExpression(parent) || Node.isAsExpression(parent) || Node.isNonNullExpression(parent) || Node.isSatisfiesExpression(parent)) {
      this.#useOf(parent);
    } else if (Node.isCallExpression(parent)) {
      if (parent.getExpression() === node) this.awaitCall(parent);
      else this.#argument(node, parent);
    } else if (Node.isNewExpression(parent)) {
      throw new Refusal(parent, parent.getExpression() === node ? 'it is called with `new`' : `\`new ${parent.getExpression().getText()}()\` calls it without waiting`);
    } else if (Node.isPropertyAccessExpression(parent)) {
      this.#memberOf(parent);
    } else {
      this.#fitContext(node);
      const holder = holderOf(node);
      if (Node.isVariableDeclaration(holder) && Node.isIdentifier(holder.getNameNode())) this.#follow(holder.getNameNode());
      else if (Node.isPropertyAssignment(holder) || Node.isPropertyDeclaration(holder)) this.#follow(holder.getNameNode());
      else if (Node.isShorthandPropertyAssignment(holder)) this.#follow(holder.getNameNode());
      else if (Node.isBinaryExpression(holder)) this.#followAssigned(holder.getLeft());
    }
  }

  /** `load.call(x)` calls it; `load.bind(x)` is it. */
  #memberOf(access: Node): void {
    if (!Node.isPropertyAccessExpression(access)) return;
    const call = access.getParent();
    if (!Node.isCallExpression(call) || call.getExpression() !== access) return;
    if (access.getName() === 'bind') this.#useOf(call);
    else if (access.getName() === 'call' || access.getName() === 'apply') this.awaitCall(call);
  }

  #follow(name: Node): void {
    if (this.#slots.has(name)) return;
    this.#slots.add(name);
    this.#referencesTo(name);
  }

  #followAssigned(target: Node): void {
    if (target.getType().isAny() && !target.getSourceFile().getBaseName().match(/\.[cm]?jsx?$/)) throw new Refusal(target, `what calls \`${target.getText()}\` is not known: it has no type`);
    const name = Node.isPropertyAccessExpression(target) ? target.getNameNode() : target;
    this.#follow(name);
  }

  #argument(node: Node, call: CallExpression): void {
    const callee = call.getExpression();
    if (isGatheredByPromise(call)) return;
    const owner = this.#ownParameter(node, call);
    if (owner !== undefined) {
      this.#fitContext(node);
      this.#follow(owner);
      return;
    }
    const signatures = contextualSignatures(node);
    if (signatures.some((signature) => hasPromise(signature.getReturnType()) || (signature.getReturnType().isUnknown() && !isOfLanguage(signature)))) return;
    throw new Refusal(node, `\`${calleeText(callee)}()\` calls it without waiting for it`);
  }

  /** The name of the parameter that an argument becomes, where the callee is ours. */
  #ownParameter(node: Node, call: CallExpression): Node | undefined {
    const index = call.getArguments().indexOf(node);
    const symbol = call.getExpression().getSymbol();
    for (const declaration of (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? []) {
      const fn = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : declaration;
      if (!isAsyncable(fn) || !this.#workspace.isOwn(fn)) continue;
      const parameter = fn.getParameters()[index];
      const name = parameter?.getNameNode();
      if (parameter !== undefined && Node.isIdentifier(name) && !parameter.isRestParameter()) return name;
    }
    return undefined;
  }

  /** The place that the function is put in says what it returns: a promise as well, from now on. */
  #fitContext(node: Node): void {
    for (const signature of contextualSignatures(node)) this.#fitSignature(node, signature);
  }

  #fitSignature(node: Node, signature: Signature): void {
    if (hasPromise(signature.getReturnType()) || signature.getReturnType().isAny() || signature.getReturnType().isUnknown()) return;
    const declaration = signature.getDeclaration() as Node;
    if (isAsyncable(declaration) && declaration.getBody() !== undefined) return;
    if (Node.isMethodSignature(declaration)) {
      this.#declaration(declaration);
      this.#follow(declaration.getNameNode());
      return;
    }
    if (!this.#workspace.isOwn(declaration)) throw new Refusal(node, `it becomes a \`${signature.getDeclaration().getText().split('\n')[0] ?? ''}\`, which is not ours and is not waited for`);
    if (this.#options.isExported(declaration) && !this.#options.mayChangeExports) throw new Refusal(declaration, 'its type is part of what the package exports');
    this.#signatures.allowPromise(declaration);
  }
}

/** What the place that a function is written in calls it by, missing or not. */
function contextualSignatures(node: Node): readonly Signature[] {
  return Node.isExpression(node) ? (node.getContextualType()?.getNonNullableType().getCallSignatures() ?? []) : [];
}

/** What the language itself takes for a value of any type, it asks whether it is one: `filter`, `find`, `some`. */
function isOfLanguage(signature: Signature): boolean {
  return /\/lib\.[\w.]+\.d\.ts$/.test(signature.getDeclaration().getSourceFile().getFilePath());
}

/** Every use of an async function is a call that is awaited. */
function isAwaitedEverywhere(fn: AsyncableFunction): boolean {
  const name = nameNodeOf(fn);
  if (!Node.isReferenceFindable(name)) return false;
  const references = name.findReferencesAsNodes().filter((reference) => reference !== name && !isInImport(reference));
  // Nobody in sight calls it: someone else does.
  return references.length > 0 && references.every((reference) => {
    const parent = reference.getParent();
    const callee = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === reference ? parent : reference;
    const call = callee.getParent();
    return Node.isCallExpression(call) && call.getExpression() === callee && Node.isAwaitExpression(call.getParent());
  });
}

function isInImport(reference: Node): boolean {
  const parent = reference.getParent();
  return Node.isImportSpecifier(parent) || Node.isImportClause(parent) || Node.isExportSpecifier(parent);
}

/** The code awaits it as it is. */
function isAwaited(call: Node): boolean {
  return Node.isAwaitExpression(call.getParent());
}

/** `Promise.all(xs.map(load))`: what `map` makes is waited for. */
function isGatheredByPromise(call: CallExpression): boolean {
  const callee = call.getExpression();
  const outer = call.getParent();
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== 'map' || !Node.isCallExpression(outer)) return false;
  return /^Promise\.(?:all|allSettled|any|race)$/.test(outer.getExpression().getText());
}

/** `'./load'` of `require('./load')`, which gives what that module exports: `module.exports = function load() {}`. */
function isRequired(node: Node, parent: Node): boolean {
  return Node.isStringLiteral(node) && Node.isCallExpression(parent) && parent.getExpression().getText() === 'require';
}

/** What is called, as a reader finds it: `paths.sort`; of a chain over several lines, the end. */
function calleeText(callee: Node): string {
  const text = callee.getText();
  return text.includes('\n') && Node.isPropertyAccessExpression(callee) ? `….${callee.getName()}` : (text.split('\n')[0] ?? '');
}

function isInType(node: Node): boolean {
  return node.getFirstAncestor((ancestor) => Node.isTypeNode(ancestor) && !Node.isExpressionWithTypeArguments(ancestor)) !== undefined;
}

function isNameOf(parent: Node, name: Node): boolean {
  return 'getNameNode' in parent && (parent as { getNameNode(): Node | undefined }).getNameNode() === name && !Node.isPropertyAccessExpression(parent) && !Node.isShorthandPropertyAssignment(parent);
}

/** A module can wait at its top level where it is an ES module. */
function assertAwaitAtTop(call: Node, workspace: Workspace): void {
  const file: SourceFile = call.getSourceFile();
  const { module = ts.ModuleKind.ESNext, target = ts.ScriptTarget.ESNext } = file.getProject().getCompilerOptions();
  if (workspace.contextOf(file).format === 'commonjs') throw new Refusal(call, 'the top level of a CommonJS module cannot wait');
  if (target < ts.ScriptTarget.ES2017 || (module < ts.ModuleKind.ES2022 && module !== ts.ModuleKind.System)) throw new Refusal(call, 'what the compiler makes of this module cannot wait at its top level');
  if (call.getFirstAncestorByKind(SyntaxKind.ModuleBlock) !== undefined) throw new Refusal(call, 'a namespace cannot wait');
}

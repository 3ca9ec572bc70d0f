import {
  Node,
  type CallExpression,
  type FunctionDeclaration,
  type MethodDeclaration,
  type MethodSignature,
  type PropertyAssignment,
  type PropertyDeclaration,
  type SourceFile,
  type VariableDeclaration,
} from 'ts-morph';
import type { CallExpression as CompilerCall, SignatureDeclaration } from 'typescript';
import type { ViewType } from '../engine/contracts/contract.js';
import { isBorrowFinding, type BorrowFinding } from '../engine/findings.js';
import { declareArena, handOver, readThrough } from '../fixes/arena.js';
import { freeName, planImport, runtimeMissing } from '../fixes/imports.js';
import { handlerOf, handoverOf } from '../source/work.js';
import { isAsyncable } from './async/functions.js';
import { Changes } from './changes.js';
import { nodeAt, unwrapped } from './compiler.js';
import type { Chain, Form } from './index.js';
import { PackageInterface } from './interface.js';
import { referencesTo } from './references.js';
import { Refusal } from './refusal.js';
import type { Workspace } from './workspace.js';

/** What the project lets a migration do. */
interface ArenaOptions {
  readonly mayChangeExports: boolean;
  isExported(declaration: Node): boolean;
}

/**
 * Refs into an arena in the place of views that handlers keep: whoever hands out a view copies it into the arena and passes its ref,
 * handlers read through the arena, and the memory is given back when the handler's work has settled.
 *
 * @param options - what the project lets the migration do
 * @returns the form
 */
export function arenaIndex({ mayChangeExports }: Pick<ArenaOptions, 'mayChangeExports'>): Form {
  return (workspace) => {
    const exported = new PackageInterface(workspace);
    const options: ArenaOptions = { mayChangeExports, isExported: (node) => exported.has(node) };
    return workspace.targets.flatMap((file) => workspace.findings(file, 'borrow').flatMap((finding): readonly Chain[] => {
      if (!isBorrowFinding(finding) || finding.kind !== 'borrowed-capture' || finding.certainty !== 'certain') return [];
      const { start, end } = finding.escape.at;
      const path = file.getFilePath();
      return [{
        title: file.getFullText().slice(start, end).split('\n')[0] ?? '',
        at: { file: path, start, end },
        plan: () => {
          const plan = new ArenaPlan(workspace, options);
          plan.replaceView(finding);
          return plan.changes;
        },
      }];
    }));
  };
}

class ArenaPlan {
  readonly changes = new Changes();
  readonly #workspace: Workspace;
  readonly #options: ArenaOptions;
  readonly #seen = new Set<Node>();
  readonly #refs = new Set<string>();
  #home: SourceFile | undefined;
  #arena = 'arena';

  constructor(workspace: Workspace, options: ArenaOptions) {
    this.#workspace = workspace;
    this.#options = options;
  }

  /** @throws {Refusal} when the view is no argument of a handler that can be changed */
  replaceView({ escape }: BorrowFinding): void {
    const file = this.#workspace.file(escape.at.file);
    const view = escape.view && file && nodeAt(escape.view, file);
    const call = view?.getParent();
    if (file === undefined || view === undefined || !Node.isCallExpression(call) || !call.getArguments().includes(view)) throw new Refusal(view ?? file?.getDescendantAtPos(escape.at.start) ?? this.#none(), 'the view is not handed to a function as an argument');
    const name = calleeName(call);
    const index = call.getArguments().indexOf(view);
    const references = referencesTo(name);
    const declarations = references.map((reference) => reference.getParentOrThrow()).filter((parent) => isHandler(parent));
    const [home] = declarations.filter((one) => Node.isMethodSignature(one) || Node.isFunctionDeclaration(one) || Node.isMethodDeclaration(one) || Node.isVariableDeclaration(one) || Node.isPropertyAssignment(one) || Node.isPropertyDeclaration(one));
    if (home === undefined || !declarations.every((one) => this.#workspace.isOwn(one))) throw new Refusal(call, 'the handler is not ours to change');
    this.#settle(home.getSourceFile(), references);
    for (const reference of references) this.#reference(reference, index, escape.type);
  }

  /** Chooses where the arena lives: beside what declares the handler, which everyone who is concerned imports. */
  #settle(home: SourceFile, references: readonly Node[]): void {
    this.#home = home;
    const files = new Set([home, ...references.map((reference) => reference.getSourceFile())]);
    const context = this.#workspace.contextOf(home);
    if (!context.hasRuntime) throw new Refusal(home, runtimeMissing);
    const isShared = files.size > 1;
    if (isShared && context.format === 'commonjs') throw new Refusal(home, 'the file is no ES module');
    const isTaken = (name: string): boolean => [...files].some((file) => !this.#workspace.contextOf(file).isUnused(name));
    this.#arena = declareArena(this.changes.of(home.getFilePath()), context, isShared, isTaken);
  }

  /** The arena's name in a file, brought in where it is another one. */
  #arenaIn(file: SourceFile): string {
    const home = this.#home;
    if (home === undefined || file === home) return this.#arena;
    const known = file.getImportDeclarations().find((one) => one.getModuleSpecifierSourceFile() === home)?.getModuleSpecifierValue();
    const plan = planImport({ module: known ?? specifierTo(file, home), name: this.#arena, at: 0 }, this.#workspace.contextOf(file));
    this.changes.import(file.getFilePath(), plan);
    return plan.local;
  }

  #reference(reference: Node, index: number, type: ViewType | undefined): void {
    const parent = reference.getParentOrThrow();
    if (Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent)) return;
    if (isHandler(parent) && parent.getNameNode() === reference) {
      this.#handler(parent, index, type);
      return;
    }
    const callee = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === reference ? parent : reference;
    const call = callee.getParent();
    if (!Node.isCallExpression(call) || call.getExpression() !== callee) throw new Refusal(reference, 'the handler is used as a value: who calls it with what is not known');
    this.#call(call, index);
  }

  #handler(declaration: Handler, index: number, type: ViewType | undefined): void {
    if (this.#seen.has(declaration)) return;
    this.#seen.add(declaration);
    if (this.#options.isExported(declaration) && !this.#options.mayChangeExports) throw new Refusal(declaration, 'the handler is part of what the package exports');
    const fn = Node.isVariableDeclaration(declaration) || Node.isPropertyAssignment(declaration) || Node.isPropertyDeclaration(declaration) ? declaration.getInitializer() : declaration;
    if (!isAsyncable(fn) && !Node.isMethodSignature(fn)) throw new Refusal(declaration, 'what the handler is cannot be seen here');
    const file = fn.getSourceFile();
    const handler = handlerOf(unwrapped(fn) as SignatureDeclaration, index, this.#workspace.sourceOf(file));
    if (handler === undefined) return;
    if (typeof handler === 'string') throw new Refusal(fn, handler);
    const arena = handler.body === undefined ? this.#arena : this.#arenaIn(file);
    const reason = readThrough(this.changes.of(file.getFilePath()), handler, arena, type, this.#workspace.contextOf(file));
    if (reason !== undefined) throw new Refusal(fn, reason);
  }

  #call(call: CallExpression, index: number): void {
    const file = call.getSourceFile();
    const handover = handoverOf(unwrapped(call) as CompilerCall, index, this.#workspace.sourceOf(file));
    if (typeof handover === 'string') throw new Refusal(call, handover);
    handOver(this.changes.of(file.getFilePath()), handover, this.#refIn(file), this.#arenaIn(file), this.#workspace.contextOf(file));
  }

  /** A name for one more ref in a file. */
  #refIn(file: SourceFile): string {
    const path = file.getFilePath();
    const ref = freeName('ref', { isUnused: (name) => this.#workspace.contextOf(file).isUnused(name) && !this.#refs.has(`${path}#${name}`) });
    this.#refs.add(`${path}#${ref}`);
    return ref;
  }

  #none(): never {
    throw new Error('the finding is in no file of the program');
  }
}

/** What a handler is declared as. */
type Handler = FunctionDeclaration | MethodDeclaration | MethodSignature | PropertyAssignment | PropertyDeclaration | VariableDeclaration;

function isHandler(node: Node): node is Handler {
  return Node.isMethodSignature(node) || Node.isMethodDeclaration(node) || Node.isFunctionDeclaration(node) || ((Node.isVariableDeclaration(node) || Node.isPropertyAssignment(node) || Node.isPropertyDeclaration(node)) && isAsyncable(node.getInitializer()));
}

function calleeName(call: CallExpression): Node {
  const callee = call.getExpression();
  return Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
}

function specifierTo(file: SourceFile, home: SourceFile): string {
  const relative = file.getRelativePathAsModuleSpecifierTo(home);
  const style = file.getImportDeclarations().find((one) => one.isModuleSpecifierRelative())?.getModuleSpecifierValue();
  const extension = /\.[cm]?[jt]s$/.exec(style ?? '.js')?.[0] ?? '';
  return /\.[cm]?[jt]s$/.test(relative) ? relative : `${relative}${extension}`;
}

import {
  Node,
  type CallExpression,
  type FunctionDeclaration,
  type MethodDeclaration,
  type MethodSignature,
  type ParameterDeclaration,
  type PropertyAssignment,
  type PropertyDeclaration,
  type SourceFile,
  type Statement,
  type VariableDeclaration,
} from 'ts-morph';
import { isBorrowFinding, type BorrowFinding } from '../engine/findings.js';
import { planImport, runtimeMissing } from '../fixes/imports.js';
import { functionAround, hasPromise, isAsyncable } from './async/functions.js';
import { Changes } from './changes.js';
import { nodeAt, rangeOf } from './compiler.js';
import type { Chain, Form } from './index.js';
import { PackageInterface } from './interface.js';
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
    const references = Node.isReferenceFindable(name) ? name.findReferencesAsNodes() : [];
    const declarations = references.map((reference) => reference.getParentOrThrow()).filter((parent) => isHandler(parent));
    const [home] = declarations.filter((one) => Node.isMethodSignature(one) || Node.isFunctionDeclaration(one) || Node.isMethodDeclaration(one) || Node.isVariableDeclaration(one));
    if (home === undefined || !declarations.every((one) => this.#workspace.isOwn(one))) throw new Refusal(call, 'the handler is not ours to change');
    this.#settle(home.getSourceFile(), references);
    for (const reference of references) this.#reference(reference, index);
  }

  /** Chooses where the arena lives: beside what declares the handler, which everyone who is concerned imports. */
  #settle(home: SourceFile, references: readonly Node[]): void {
    this.#home = home;
    const files = new Set([home, ...references.map((reference) => reference.getSourceFile())]);
    while ([...files].some((file) => !this.#workspace.contextOf(file).isUnused(this.#arena))) this.#arena += '_';
    const context = this.#workspace.contextOf(home);
    if (!context.hasRuntime) throw new Refusal(home, runtimeMissing);
    if (context.format === 'commonjs') throw new Refusal(home, 'the file is no ES module');
    const arena = planImport({ module: 'borrowck-runtime', name: 'ByteArena', at: 0 }, context);
    this.changes.import(home.getFilePath(), arena);
    const last = home.getImportDeclarations().at(-1);
    const { semicolon } = context.style;
    const text = `/** What handlers are given to read. */\nexport const ${this.#arena} = new ${arena.local}()${semicolon}\n`;
    if (last === undefined) this.changes.replace(home.getFilePath(), { start: home.getStatements()[0]?.getStart(true) ?? 0, end: home.getStatements()[0]?.getStart(true) ?? 0 }, `${text}\n`);
    else this.changes.replace(home.getFilePath(), afterLine(last), `\n${text}`);
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

  #reference(reference: Node, index: number): void {
    const parent = reference.getParentOrThrow();
    if (Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent)) return;
    if (isHandler(parent) && parent.getNameNode() === reference) {
      this.#handler(parent, index);
      return;
    }
    const callee = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === reference ? parent : reference;
    const call = callee.getParent();
    if (!Node.isCallExpression(call) || call.getExpression() !== callee) throw new Refusal(reference, 'the handler is used as a value: who calls it with what is not known');
    this.#call(call, index);
  }

  /** `handle(view: Uint8Array)` becomes `handle(viewRef: ByteRef)`, and reads the view first of all. */
  #handler(declaration: Node, index: number): void {
    if (this.#seen.has(declaration)) return;
    this.#seen.add(declaration);
    if (this.#options.isExported(declaration) && !this.#options.mayChangeExports) throw new Refusal(declaration, 'the handler is part of what the package exports');
    const fn = Node.isVariableDeclaration(declaration) || Node.isPropertyAssignment(declaration) || Node.isPropertyDeclaration(declaration) ? declaration.getInitializer() : declaration;
    if (!isAsyncable(fn) && !Node.isMethodSignature(fn)) throw new Refusal(declaration, 'what the handler is cannot be seen here');
    const parameter = fn.getParameters()[index];
    if (parameter === undefined) return;
    this.#parameter(parameter);
    if (Node.isMethodSignature(fn)) return;
    const body = fn.getBody();
    if (body === undefined) return;
    const path = fn.getSourceFile().getFilePath();
    const name = parameter.getName();
    const { semicolon } = this.#workspace.contextOf(fn.getSourceFile()).style;
    const made = `const ${name} = ${this.#arenaIn(fn.getSourceFile())}.read(${name}Ref).toUint8Array()${semicolon}`;
    this.changes.replace(path, rangeOf(parameter.getNameNode()), `${name}Ref`);
    if (!Node.isBlock(body)) {
      this.changes.wrap(path, rangeOf(body), `{\n${indentation(fn)}  ${made}\n${indentation(fn)}  return `, `${semicolon}\n${indentation(fn)}}`);
      return;
    }
    const [first] = body.getStatements();
    const at = first?.getStart(true) ?? body.getEnd() - 1;
    this.changes.replace(path, { start: at, end: at }, first === undefined ? ` ${made} ` : `${made}\n${indentation(first)}`);
  }

  #parameter(parameter: ParameterDeclaration): void {
    if (!Node.isIdentifier(parameter.getNameNode()) || parameter.hasInitializer()) throw new Refusal(parameter, 'the handler takes its argument apart');
    const type = parameter.getTypeNode();
    if (type === undefined) return;
    if (!/^(?:Borrowed<\s*)?(?:Readonly<)?Uint8Array(?:<\w+>)?>*$/.test(type.getText())) throw new Refusal(parameter, `the handler takes \`${type.getText()}\`, and the arena gives a \`Uint8Array\``);
    const file = parameter.getSourceFile();
    const ref = planImport({ module: 'borrowck-runtime', name: 'ByteRef', at: 0, isType: true }, this.#workspace.contextOf(file));
    this.changes.import(file.getFilePath(), ref);
    this.changes.replace(file.getFilePath(), rangeOf(type), ref.local);
  }

  /** `void p.handle(view)` becomes `const ref = arena.alloc(view); void p.handle(ref).finally(() => arena.release(ref))`. */
  #call(call: CallExpression, index: number): void {
    const argument = call.getArguments()[index];
    if (argument === undefined || Node.isSpreadElement(argument)) throw new Refusal(call, 'what the handler is given cannot be seen here');
    const file = call.getSourceFile();
    const path = file.getFilePath();
    const context = this.#workspace.contextOf(file);
    const statement = statementAround(call);
    const arena = this.#arenaIn(file);
    const ref = this.#refIn(file);
    const { semicolon } = context.style;
    const isLoose = !Node.isBlock(statement.getParent()) && !Node.isSourceFile(statement.getParent()) && !Node.isCaseClause(statement.getParent());
    const allocated = `const ${ref} = ${arena}.alloc(${argument.getText()})${semicolon}`;
    const outer = indentation(statement);
    this.changes.replace(path, rangeOf(argument), ref);
    const type = call.getType();
    const release = `${arena}.release(${ref})`;
    let behind = '';
    if (hasPromise(type)) {
      const isCertain = !type.isUnion();
      this.changes.wrap(path, rangeOf(call), isCertain ? '' : 'Promise.resolve(', `${isCertain ? '' : ')'}.finally(() => ${release})`);
    } else if (Node.isExpressionStatement(call.getParent())) {
      behind = `\n${outer}${isLoose ? '  ' : ''}${release}${semicolon}`;
    } else {
      throw new Refusal(call, 'when the handler is done with the bytes is not known');
    }
    const open = isLoose ? `{\n${outer}  ${allocated}\n${outer}  ` : `${allocated}\n${outer}`;
    this.changes.wrap(path, rangeOf(statement), open, isLoose ? `${behind}\n${outer}}` : behind);
  }

  /** A name for one more ref in a file. */
  #refIn(file: SourceFile): string {
    const { isUnused } = this.#workspace.contextOf(file);
    for (let count = 1; ; count++) {
      const name = count === 1 ? 'ref' : `ref${count}`;
      const key = `${file.getFilePath()}#${name}`;
      if (!isUnused(name) || this.#refs.has(key)) continue;
      this.#refs.add(key);
      return name;
    }
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

function statementAround(node: Node): Statement {
  const statement = node.getFirstAncestor(Node.isStatement);
  if (statement === undefined || !(Node.isExpressionStatement(statement) || Node.isVariableStatement(statement) || Node.isReturnStatement(statement)) || functionAround(node) !== functionAround(statement)) throw new Refusal(node, 'there is no place before the call to copy the bytes');
  return statement;
}

function specifierTo(file: SourceFile, home: SourceFile): string {
  const relative = file.getRelativePathAsModuleSpecifierTo(home);
  const style = file.getImportDeclarations().find((one) => one.isModuleSpecifierRelative())?.getModuleSpecifierValue();
  const extension = /\.[cm]?[jt]s$/.exec(style ?? '.js')?.[0] ?? '';
  return /\.[cm]?[jt]s$/.test(relative) ? relative : `${relative}${extension}`;
}

function afterLine(node: Node): { readonly start: number; readonly end: number } {
  const text = node.getSourceFile().getFullText();
  const at = node.getEnd() + (/^[^\n]*\n/.exec(text.slice(node.getEnd()))?.[0].length ?? 0);
  return { start: at, end: at };
}

function indentation(node: Node): string {
  const text = node.getSourceFile().getFullText();
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', node.getStart() - 1) + 1))?.[0] ?? '';
}

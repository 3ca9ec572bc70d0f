import ts from 'typescript';
import { resolve } from 'node:path';
import { catalogModules } from '../../../../rules/catalog/index.js';
import { linkCatalog } from '../../../../rules/engine/contracts/link.js';
import type { ClassIr, FunctionIr, ModuleIr, Origin, Outline } from '../../../../rules/engine/ir/index.js';
import { createWorld, type ProgramWorld, type WorldOptions } from '../../../../rules/engine/types/world.js';

export const catalog = linkCatalog(catalogModules);

const root = resolve(import.meta.dirname, '../../../..').replaceAll('\\', '/');
const folder = `${root}/in-memory`;
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A program over files that exist only here, with the real libraries of this repository. */
export function programOf(files: Readonly<Record<string, string>>, options: ts.CompilerOptions = {}): ts.Program {
  const sources = new Map(Object.entries(files).map(([name, text]) => [name.startsWith('/') ? name : `${folder}/${name}`, text]));
  const settings: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    allowJs: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    ...options,
  };
  const host = ts.createCompilerHost(settings);
  const getFromDisk = host.getSourceFile.bind(host);
  host.getCurrentDirectory = () => folder;
  host.fileExists = (name) => sources.has(name) || ts.sys.fileExists(name);
  host.directoryExists = (name) => [...sources.keys()].some((file) => file.startsWith(`${name}/`)) || ts.sys.directoryExists(name);
  host.readFile = (name) => sources.get(name) ?? ts.sys.readFile(name);
  host.getSourceFile = (name, language) => {
    const text = sources.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, language, true);
    if (!parsed.has(name)) parsed.set(name, getFromDisk(name, language));
    return parsed.get(name);
  };
  return ts.createProgram([...sources.keys()], settings, host);
}

/** A world over such a program, with headers of functions and classes for a lowering. */
export function worldOf(files: Readonly<Record<string, string>>, options: ts.CompilerOptions = {}, more: Partial<WorldOptions> = {}): TestWorld {
  const program = programOf(files, options);
  return new TestWorld(program, createWorld({ ts, program, catalog, lowerModule: headersOf, ...more }));
}

export class TestWorld {
  readonly program: ts.Program;
  readonly world: ProgramWorld;

  constructor(program: ts.Program, world: ProgramWorld) {
    this.program = program;
    this.world = world;
  }

  file(name: string): ts.SourceFile {
    const file = this.program.getSourceFile(name.startsWith('/') ? name : `${folder}/${name}`);
    if (file === undefined) throw new Error(`no file ${name}`);
    return file;
  }

  /** The first node, outermost first, whose text is exactly this, counted from the end when `which` is negative. */
  find(fileName: string, text: string, which = 0): Origin {
    const file = this.file(fileName);
    const found: ts.Node[] = [];
    const visit = (node: ts.Node): void => {
      if (node.getText(file) === text && !ts.isExpressionStatement(node) && node !== file) found.push(node);
      ts.forEachChild(node, visit);
    };
    visit(file);
    const node = found.at(which);
    if (node === undefined) throw new Error(`no "${text}" in ${fileName}`);
    return originOf(node);
  }

  /** The name in the declaration of a variable or parameter. */
  named(fileName: string, name: string): Origin {
    const file = this.file(fileName);
    let found: ts.Node | undefined;
    const visit = (node: ts.Node): void => {
      if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && node.name.getText(file) === name) found ??= node.name;
      ts.forEachChild(node, visit);
    };
    visit(file);
    if (found === undefined) throw new Error(`no declaration of ${name} in ${fileName}`);
    return originOf(found);
  }
}

export function originOf(node: ts.Node): Origin {
  const file = node.getSourceFile();
  return { file: file.fileName, start: node.getStart(file), end: node.end, syntax: node };
}

const outline = {
  nested: [],
  classes: [],
  members: new Set(),
  thisMembers: new Set(),
  freeNames: new Set(),
  captures: new Set(),
  constructed: new Set(),
  hasYield: false,
  hasAwait: false,
  hasReturnValue: false,
  hasElementStore: false,
  hasCall: false,
  hasWalk: false,
} as unknown as Outline;

/** Headers only: which functions and classes a file has. */
export function headersOf(file: ts.SourceFile): ModuleIr {
  const functions: FunctionIr[] = [];
  const classes: ClassIr[] = [];
  const module = { file: file.fileName, functions, classes, format: ts.isExternalModule(file) ? 'esm' : 'commonjs' } as unknown as ModuleIr;
  const add = (node: ts.Node, name: string, kind: FunctionIr['kind']): void => {
    functions.push({ id: functions.length, name, kind, origin: originOf(node), module, outline, body: undefined } as unknown as FunctionIr);
  };
  add(file, '<module>', 'module');
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) classes.push({ id: classes.length, name: node.name?.text ?? '', origin: originOf(node), module } as unknown as ClassIr);
    else if (ts.isFunctionLike(node)) add(node, node.name?.getText(file) ?? '<anonymous>', 'function');
    ts.forEachChild(node, visit);
  };
  visit(file);
  Object.assign(module, { top: functions[0] });
  return module;
}

/** What a test looks at of a static type. */
export function shape(world: TestWorld, origin: Origin): unknown {
  const summary = (type: ReturnType<ProgramWorld['typeOf']>): unknown => {
    switch (type.kind) {
      case 'instance':
        return type.type.path;
      case 'class':
        return `class ${type.class.name}`;
      case 'promise':
      case 'array':
        return { [type.kind]: summary(type.of) };
      case 'branded':
        return { [type.brand]: summary(type.of) };
      default:
        return type.kind;
    }
  };
  return summary(world.world.typeOf(origin));
}

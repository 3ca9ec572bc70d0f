import type ts from 'typescript';
import type { Api, ApiType, Catalog } from '../contracts/api.js';

/** Where a declaration stands, in the catalog's terms: `global` or a module, and the names on the way to it. */
interface Home {
  readonly module: string;
  readonly names: readonly string[];
}

/**
 * Says what a symbol is by where it is declared. A name proves nothing: a project's own `Buffer` is not Node's.
 */
export class Declarations {
  readonly #ts: typeof ts;
  readonly #program: ts.Program;
  readonly #catalog: Catalog;
  readonly #types = new Map<ts.Symbol, ApiType | undefined>();
  readonly #packages = new Map<string, string | undefined>();

  constructor(tsInstance: typeof ts, program: ts.Program, catalog: Catalog) {
    this.#ts = tsInstance;
    this.#program = program;
    this.#catalog = catalog;
  }

  /** A file whose code is the program's own: it has bodies to look into. */
  isOwnSource(file: ts.SourceFile): boolean {
    return !file.isDeclarationFile && !this.#program.isSourceFileFromExternalLibrary(file);
  }

  /** Whether the platform or a package declares the symbol, as opposed to the project. */
  isForeign(symbol: ts.Symbol): boolean {
    return (symbol.declarations ?? []).some((declaration) => this.#homeOf(declaration) !== undefined);
  }

  /** The catalogued type whose instances the symbol describes. */
  typeOf(symbol: ts.Symbol): ApiType | undefined {
    if (this.#types.has(symbol)) return this.#types.get(symbol);
    const type = this.#firstHome(symbol, (home) => {
      const last = home.names.at(-1) ?? '';
      return this.#catalog.type(`${home.module}#${home.names.join('.')}`) ?? (home.module === 'global' ? undefined : this.#catalog.type(`${home.module}#${last}`));
    });
    this.#types.set(symbol, type);
    return type;
  }

  /** The catalogued function, class, namespace or member of one of these that the symbol is. */
  apiOf(symbol: ts.Symbol): Api | undefined {
    return this.#firstHome(symbol, (home) => {
      const { module, names } = home;
      if (module === 'global') return memberAt(this.#catalog.global(names[0] ?? ''), names.slice(1));
      const namespace = this.#catalog.module(module);
      // `declare module "stream" { namespace Stream { class Readable {} } export = Stream }`: the outer name is not exported.
      return memberAt(namespace, names) ?? (names.length > 1 ? memberAt(namespace, names.slice(1)) : undefined);
    });
  }

  /** The global or module-level name of a symbol that is declared outside the project: `global#Promise`. */
  nameOf(symbol: ts.Symbol): string | undefined {
    return this.#firstHome(symbol, (home) => `${home.module}#${home.names.join('.')}`);
  }

  /** Whether a declaration belongs to the package of that name, installed or as a workspace. */
  isFromPackage(declaration: ts.Node, name: string): boolean {
    const { fileName } = declaration.getSourceFile();
    return packageOf(fileName) === name || (packageOf(fileName) === undefined && this.#workspaceOf(fileName) === name);
  }

  #firstHome<T>(symbol: ts.Symbol, look: (home: Home) => T | undefined): T | undefined {
    for (const declaration of symbol.declarations ?? []) {
      const home = this.#homeOf(declaration);
      const found = home && look(home);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Undefined for what the project itself declares. */
  #homeOf(declaration: ts.Declaration): Home | undefined {
    const file = declaration.getSourceFile();
    const isLibrary = this.#program.isSourceFileDefaultLibrary(file);
    if (!isLibrary && !file.isDeclarationFile) return undefined;
    const owner = isLibrary ? 'global' : (packageOf(file.fileName) ?? this.#cataloguedWorkspace(file.fileName));
    if (owner === undefined) return undefined;
    const names: string[] = [];
    for (let node: ts.Node = declaration; !this.#ts.isSourceFile(node); node = node.parent) {
      if (this.#ts.isModuleDeclaration(node)) {
        if (this.#ts.isStringLiteral(node.name)) return { module: node.name.text, names };
        if (node.flags & this.#ts.NodeFlags.GlobalAugmentation) return { module: 'global', names };
      }
      const name = this.#nameOfDeclaration(node);
      if (name !== undefined) names.unshift(name);
    }
    return { module: isLibrary || !this.#ts.isExternalModule(file) ? 'global' : owner, names };
  }

  #nameOfDeclaration(node: ts.Node): string | undefined {
    const isNamed =
      this.#ts.isModuleDeclaration(node) ||
      this.#ts.isClassDeclaration(node) ||
      this.#ts.isInterfaceDeclaration(node) ||
      this.#ts.isFunctionDeclaration(node) ||
      this.#ts.isVariableDeclaration(node) ||
      this.#ts.isTypeAliasDeclaration(node) ||
      this.#ts.isMethodDeclaration(node) ||
      this.#ts.isMethodSignature(node) ||
      this.#ts.isPropertyDeclaration(node) ||
      this.#ts.isPropertySignature(node);
    if (!isNamed || node.name === undefined) return undefined;
    return this.#ts.isIdentifier(node.name) || this.#ts.isStringLiteral(node.name) ? node.name.text : undefined;
  }

  /** A workspace that the catalog knows, linked to instead of installed. */
  #cataloguedWorkspace(fileName: string): string | undefined {
    const name = this.#workspaceOf(fileName);
    return name !== undefined && this.#catalog.module(name) !== undefined ? name : undefined;
  }

  /** The name in the nearest package.json of a file that is not installed: a workspace that links to its sources. */
  #workspaceOf(fileName: string): string | undefined {
    const folder = fileName.slice(0, fileName.lastIndexOf('/'));
    if (this.#packages.has(folder)) return this.#packages.get(folder);
    const manifest = this.#ts.findConfigFile(folder, (path) => this.#ts.sys.fileExists(path), 'package.json');
    const text = manifest === undefined ? undefined : this.#ts.sys.readFile(manifest);
    const name = /"name"\s*:\s*"([^"]+)"/.exec(text ?? '')?.[1];
    this.#packages.set(folder, name);
    return name;
  }
}

function memberAt(api: Api | undefined, names: readonly string[]): Api | undefined {
  return names.reduce((current: Api | undefined, name) => current?.member(name), api);
}

/** The package an installed file belongs to: `@types/node` for Node, `x` and `@a/b` for `@types/x` and `@types/a__b`. */
export function packageOf(fileName: string): string | undefined {
  const marker = '/node_modules/';
  const at = fileName.lastIndexOf(marker);
  if (at < 0) return undefined;
  const [first = '', second = ''] = fileName.slice(at + marker.length).split('/');
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  if (!name.startsWith('@types/') || name === '@types/node') return name;
  const bare = name.slice('@types/'.length);
  return bare.includes('__') ? `@${bare.replace('__', '/')}` : bare;
}

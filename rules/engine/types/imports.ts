import type ts from 'typescript';
import type { Api, Catalog } from '../contracts/api.js';
import type { Binding } from '../world.js';
import type { Bodies } from './bodies.js';
import type { Declarations } from './declarations.js';

/** Follows names that cross files: imports, re-exports, `require`. */
export class Imports {
  readonly #ts: typeof ts;
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #catalog: Catalog;
  readonly #declarations: Declarations;
  readonly #bodies: Bodies;
  readonly #known = new Map<string, Binding | undefined>();
  readonly #targets = new Map<string, ts.SourceFile | undefined>();

  constructor(parts: {
    readonly ts: typeof ts;
    readonly program: ts.Program;
    readonly checker: ts.TypeChecker;
    readonly catalog: Catalog;
    readonly declarations: Declarations;
    readonly bodies: Bodies;
  }) {
    this.#ts = parts.ts;
    this.#program = parts.program;
    this.#checker = parts.checker;
    this.#catalog = parts.catalog;
    this.#declarations = parts.declarations;
    this.#bodies = parts.bodies;
  }

  /** As `World.resolveImport`. */
  resolve(specifier: string, imported: string, from: string): Binding | undefined {
    const key = `${from}\0${specifier}\0${imported}`;
    if (this.#known.has(key)) return this.#known.get(key);
    // A cycle of re-exports ends here.
    this.#known.set(key, undefined);
    const binding = this.#resolve(specifier, imported, from);
    this.#known.set(key, binding);
    return binding;
  }

  #resolve(specifier: string, imported: string, from: string): Binding | undefined {
    const isRelative = /^\.{0,2}\//.test(specifier);
    const namespace = isRelative ? undefined : this.#catalog.module(specifier);
    if (namespace !== undefined) return asApi(imported === '*' ? namespace : namespace.member(imported));
    const file = this.#targetOf(specifier, from);
    const module = file && this.#bodies.moduleOf(file);
    if (file === undefined || module === undefined) return undefined;
    const symbol = this.#symbolOf(file);
    const whole = symbol?.exports?.get('export=' as ts.__String);
    if (imported === '*' || (imported === 'default' && whole !== undefined)) {
      const replaced = whole && this.#bindingOf(whole);
      return replaced ?? { kind: 'module', module };
    }
    const exported = symbol && (this.#checker.tryGetMemberInModuleExports(imported, symbol) ?? this.#propertyOf(whole, imported));
    const binding = exported && this.#bindingOf(exported);
    if (binding !== undefined) return binding;
    // `import x from './commonjs.js'` is the whole of what the module exports.
    return imported === 'default' && module.format === 'commonjs' ? { kind: 'module', module } : undefined;
  }

  /** The checker's API gives the symbol of ES modules only; a CommonJS file has one as well. */
  #symbolOf(file: ts.SourceFile): ts.Symbol | undefined {
    return this.#checker.getSymbolAtLocation(file) ?? (file as { readonly symbol?: ts.Symbol }).symbol;
  }

  /** `module.exports = { imported }` */
  #propertyOf(whole: ts.Symbol | undefined, name: string): ts.Symbol | undefined {
    return whole && this.#checker.getTypeOfSymbol(whole).getProperty(name);
  }

  #bindingOf(symbol: ts.Symbol): Binding | undefined {
    const target = symbol.flags & this.#ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const body = this.#bodies.of(target);
    if (body !== undefined) return body;
    if (this.#declarations.isForeign(target)) return asApi(this.#declarations.apiOf(target));
    const declaration = target.valueDeclaration ?? target.declarations?.[0];
    if (declaration === undefined) return undefined;
    const file = declaration.getSourceFile();
    const module = this.#bodies.moduleOf(file);
    if (module === undefined) return undefined;
    if (this.#ts.isSourceFile(declaration)) return { kind: 'module', module };
    const variable = this.#bodies.variableOf(module, this.#variableName(declaration) ?? target.name);
    return variable && { kind: 'variable', variable, module };
  }

  /** `export default name`, `module.exports = name`, `exports.other = name`, `{ other: name }` */
  #variableName(declaration: ts.Node): string | undefined {
    const t = this.#ts;
    const parent = declaration.parent;
    const value = t.isExportAssignment(declaration)
      ? declaration.expression
      : t.isPropertyAssignment(declaration)
        ? declaration.initializer
        : t.isBinaryExpression(declaration)
          ? declaration.right
          : parent && t.isBinaryExpression(parent)
            ? parent.right
            : undefined;
    return value && t.isIdentifier(value) ? value.text : undefined;
  }

  #targetOf(specifier: string, from: string): ts.SourceFile | undefined {
    const key = `${from}\0${specifier}`;
    if (this.#targets.has(key)) return this.#targets.get(key);
    const target = this.#symbolTarget(specifier, from) ?? this.#pathTarget(specifier, from);
    this.#targets.set(key, target);
    return target;
  }

  /** What the program resolved: it knows path mappings, project references and files that exist only in memory. */
  #symbolTarget(specifier: string, from: string): ts.SourceFile | undefined {
    const file = this.#program.getSourceFile(from);
    const literal = file && moduleLiterals(file).find((each) => each.text === specifier);
    const symbol = literal && this.#checker.getSymbolAtLocation(literal);
    const declaration = symbol?.valueDeclaration;
    return declaration && this.#ts.isSourceFile(declaration) ? declaration : undefined;
  }

  /** `require` in a file that TypeScript does not take for CommonJS, and files that export nothing. */
  #pathTarget(specifier: string, from: string): ts.SourceFile | undefined {
    const options = this.#program.getCompilerOptions();
    const host = { getCurrentDirectory: () => this.#program.getCurrentDirectory(), fileExists: (path: string) => this.#program.getSourceFile(path) !== undefined || this.#ts.sys.fileExists(path), readFile: (path: string) => this.#ts.sys.readFile(path) };
    const resolved = this.#ts.resolveModuleName(specifier, from, options, host, undefined, undefined, this.#ts.ModuleKind.CommonJS).resolvedModule;
    return resolved && this.#program.getSourceFile(resolved.resolvedFileName);
  }
}

/** The specifiers of a file's imports, exports, `require` and `import()` calls, as the program collected them. */
function moduleLiterals(file: ts.SourceFile): readonly ts.StringLiteralLike[] {
  return (file as { readonly imports?: readonly ts.StringLiteralLike[] }).imports ?? [];
}

function asApi(api: Api | undefined): Binding | undefined {
  return api && { kind: 'api', api };
}

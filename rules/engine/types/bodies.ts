import type ts from 'typescript';
import type { ClassIr, FunctionIr, ModuleIr, Variable } from '../ir/index.js';
import type { Declarations } from './declarations.js';
import { isBody, withoutAssertions } from './syntax.js';

/** What a declaration of the program stands for. */
export type Body = { readonly kind: 'function'; readonly function: FunctionIr } | { readonly kind: 'class'; readonly class: ClassIr };

/** Finds the lowered function or class of a syntax node, and the node of a symbol. */
export class Bodies {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #declarations: Declarations;
  readonly #lowerModule: (file: ts.SourceFile) => ModuleIr;
  readonly #modules = new Map<ts.SourceFile, ModuleIr>();
  readonly #functions = new WeakMap<object, FunctionIr>();
  readonly #classes = new WeakMap<object, ClassIr>();

  constructor(parts: {
    readonly ts: typeof ts;
    readonly checker: ts.TypeChecker;
    readonly declarations: Declarations;
    readonly lowerModule: (file: ts.SourceFile) => ModuleIr;
  }) {
    this.#ts = parts.ts;
    this.#checker = parts.checker;
    this.#declarations = parts.declarations;
    this.#lowerModule = parts.lowerModule;
  }

  /** The module of a file of the program; undefined for declaration files and installed packages. */
  moduleOf(file: ts.SourceFile): ModuleIr | undefined {
    if (!this.#declarations.isOwnSource(file) || file.fileName.endsWith('.json')) return undefined;
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const module = this.#lowerModule(file);
    this.#modules.set(file, module);
    for (const fn of module.functions) {
      // These share the class's node, and cannot be called by name.
      if (fn.kind !== 'fields' && fn.kind !== 'static-block' && fn.kind !== 'module') this.#functions.set(fn.origin.syntax, fn);
    }
    for (const each of module.classes) this.#classes.set(each.origin.syntax, each);
    return module;
  }

  functionAt(node: ts.Node): FunctionIr | undefined {
    return this.moduleOf(node.getSourceFile()) && this.#functions.get(node);
  }

  classAt(node: ts.Node): ClassIr | undefined {
    return this.moduleOf(node.getSourceFile()) && this.#classes.get(node);
  }

  /** The one body that a symbol names; undefined where there are several, or where it could be replaced. */
  of(symbol: ts.Symbol): Body | undefined {
    const bodies = new Set<ts.Node>();
    for (const declaration of symbol.declarations ?? []) {
      if (!this.#declarations.isOwnSource(declaration.getSourceFile())) continue;
      const node = this.#bodyOf(declaration);
      if (node !== undefined) bodies.add(node);
    }
    const [node] = bodies;
    return node === undefined || bodies.size > 1 ? undefined : this.at(node);
  }

  /** The lowered function or class of a node that is one. */
  at(node: ts.Node): Body | undefined {
    if (this.#ts.isClassLike(node)) {
      const found = this.classAt(node);
      return found && { kind: 'class', class: found };
    }
    const found = this.functionAt(node);
    return found && { kind: 'function', function: found };
  }

  /** A top-level variable of a module by its name. */
  variableOf(module: ModuleIr, name: string): Variable | undefined {
    for (const block of module.top.body?.blocks ?? []) {
      for (const instruction of block.instructions) {
        for (const variable of variablesOf(instruction)) {
          if (variable.name === name && variable.owner === module.top && variable.storage === 'local') return variable;
        }
      }
    }
    return undefined;
  }

  #bodyOf(declaration: ts.Node): ts.Node | undefined {
    if (isBody(this.#ts, declaration)) return declaration;
    if (this.#ts.isFunctionLike(declaration)) return undefined;
    const value = this.#valueOf(declaration);
    return value && this.#follow(value);
  }

  /** The expression a declaration is bound to for good. */
  #valueOf(declaration: ts.Node): ts.Expression | undefined {
    const t = this.#ts;
    if (t.isVariableDeclaration(declaration)) return t.getCombinedNodeFlags(declaration) & t.NodeFlags.Const ? declaration.initializer : undefined;
    if (t.isPropertyDeclaration(declaration)) {
      return t.getCombinedModifierFlags(declaration) & t.ModifierFlags.Readonly || t.isPrivateIdentifier(declaration.name) ? declaration.initializer : undefined;
    }
    if (t.isPropertyAssignment(declaration)) return declaration.initializer;
    if (t.isExportAssignment(declaration)) return declaration.expression;
    if (t.isShorthandPropertyAssignment(declaration)) return declaration.name;
    // JavaScript: `exports.f = …`, `module.exports = …`, `F.prototype.m = …` declare by assignment.
    const assignment = t.isBinaryExpression(declaration) ? declaration : declaration.parent;
    if (assignment && t.isBinaryExpression(assignment) && assignment.operatorToken.kind === t.SyntaxKind.EqualsToken) return assignment.right;
    return undefined;
  }

  #follow(value: ts.Expression): ts.Node | undefined {
    const t = this.#ts;
    const expression = withoutAssertions(t, value);
    if (isBody(t, expression)) return expression;
    // `exports.a = exports.b = function () {}`
    if (t.isBinaryExpression(expression) && expression.operatorToken.kind === t.SyntaxKind.EqualsToken) return this.#follow(expression.right);
    if (!t.isIdentifier(expression)) return undefined;
    const parent = expression.parent;
    const symbol = t.isShorthandPropertyAssignment(parent) ? this.#checker.getShorthandAssignmentValueSymbol(parent) : this.#checker.getSymbolAtLocation(expression);
    const target = symbol && this.#aliased(symbol);
    const body = target?.declarations?.find((declaration) => isBody(t, declaration));
    if (body !== undefined) return body;
    const constant = target?.valueDeclaration;
    return constant && t.isVariableDeclaration(constant) && constant.initializer && t.getCombinedNodeFlags(constant) & t.NodeFlags.Const ? asBody(t, constant.initializer) : undefined;
  }

  #aliased(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & this.#ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }
}

function asBody(t: typeof ts, value: ts.Expression): ts.Node | undefined {
  const expression = withoutAssertions(t, value);
  return isBody(t, expression) ? expression : undefined;
}

function variablesOf(instruction: object): Variable[] {
  return Object.values(instruction).filter((value): value is Variable => typeof value === 'object' && value !== null && 'storage' in value);
}

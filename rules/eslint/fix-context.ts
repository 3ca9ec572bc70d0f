import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { Rule } from 'eslint';
import type { FixContext } from '../fixes/context.js';
import { expressionAt, type TypedSource } from './expression.js';
import { generatorAround } from './generator.js';
import { importSlotOf, importsOf } from './import-table.js';

type SourceCode = Readonly<TSESLint.SourceCode>;
type Scope = TSESLint.Scope.Scope;

/**
 * Answers what fixes ask, from ESLint's syntax tree and scopes.
 *
 * @param context - the rule's context
 * @param hasRuntime - whether the file may use `borrowck-runtime`
 * @param types - what the static type of an expression says
 * @returns the context of the linted file
 */
export function fixContextOf(context: Rule.RuleContext, hasRuntime: boolean, types: Omit<TypedSource, 'sourceCode'>): FixContext {
  // ESLint's own types know no TypeScript syntax; the tree is typescript-eslint's.
  const sourceCode = context.sourceCode as unknown as SourceCode;
  const semicolon = semicolonOf(sourceCode);
  const names = namesOf(sourceCode);
  return {
    text: sourceCode.text,
    hasRuntime,
    format: formatOf(sourceCode, names.free),
    imports: importsOf(sourceCode),
    importSlot: importSlotOf(sourceCode, semicolon),
    style: { quote: quoteOf(sourceCode), semicolon },
    expressionAt: (range) => expressionAt(range, { sourceCode, ...types }),
    generatorAround: (range) => generatorAround(range, sourceCode),
    scopeOf: (name, at) => scopeOf(name, at, sourceCode),
    isUnused: (name) => !names.declared.has(name) && !names.free.has(name),
  };
}

function scopeOf(name: string, at: number, sourceCode: SourceCode): 'global' | 'module' | 'local' {
  const node = sourceCode.getNodeByRangeIndex(at);
  if (node === null) return 'global';
  for (let scope: Scope | null = sourceCode.getScope(node); scope !== null; scope = scope.upper) {
    // Variables without a definition are the platform's.
    if ((scope.set.get(name)?.defs.length ?? 0) > 0) return isTopLevel(scope) ? 'module' : 'local';
  }
  return 'global';
}

/** CommonJS files have a function around their top level. */
function isTopLevel(scope: Scope): boolean {
  return scope.type === 'module' || scope.type === 'global' || scope.block.type === 'Program';
}

/** Every name that the file declares, and every name that it uses without declaring it. */
function namesOf({ scopeManager }: SourceCode): { readonly declared: ReadonlySet<string>; readonly free: ReadonlySet<string> } {
  const declared = new Set<string>();
  const free = new Set<string>();
  for (const scope of scopeManager?.scopes ?? []) {
    for (const variable of scope.variables) if (variable.defs.length > 0) declared.add(variable.name);
    for (const { identifier, resolved } of scope.references) if ((resolved?.defs.length ?? 0) === 0) free.add(identifier.name);
  }
  return { declared, free };
}

function formatOf({ ast: { body, sourceType } }: SourceCode, free: ReadonlySet<string>): 'esm' | 'commonjs' {
  if (body.some((statement) => statement.type === 'ImportDeclaration' || statement.type.startsWith('Export') || statement.type === 'TSImportEqualsDeclaration')) return 'esm';
  return sourceType === 'module' && !['require', 'module', 'exports'].some((name) => free.has(name)) ? 'esm' : 'commonjs';
}

function quoteOf(sourceCode: SourceCode): '"' | "'" {
  const isString = (token: TSESTree.Token): boolean => token.type === 'String' && /^["']/.test(token.value);
  return sourceCode.ast.tokens.find(isString)?.value.startsWith('"') === true ? '"' : "'";
}

/** A file whose first statements all do without semicolons is written without. */
function semicolonOf(sourceCode: SourceCode): ';' | '' {
  const ends = statements(sourceCode.ast.body, 8).map((statement) => sourceCode.getLastToken(statement)?.value);
  return ends.length > 0 && !ends.includes(';') ? '' : ';';
}

/** The first statements that a semicolon can end, also those inside of functions and classes at the top level. */
function statements(body: readonly TSESTree.Node[], limit: number): readonly TSESTree.Node[] {
  const found: TSESTree.Node[] = [];
  for (const node of body) {
    if (found.length >= limit) break;
    if (/^(?:ImportDeclaration|VariableDeclaration|ExpressionStatement|ReturnStatement|PropertyDefinition)$/.test(node.type)) found.push(node);
    else found.push(...statements(bodyOf(node), limit - found.length));
  }
  return found;
}

function bodyOf(node: TSESTree.Node): readonly TSESTree.Node[] {
  if (node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration') return node.declaration ? [node.declaration] : [];
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return node.body.body;
  if (node.type === 'MethodDefinition' && node.value.body) return node.value.body.body;
  return node.type === 'BlockStatement' ? node.body : [];
}

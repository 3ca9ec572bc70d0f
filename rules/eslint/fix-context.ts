import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { Rule } from 'eslint';
import type { FixContext } from '../fixes/context.js';
import { expressionAt } from './expression.js';
import { importSlotOf, importsOf } from './import-table.js';

type SourceCode = Readonly<TSESLint.SourceCode>;
type Scope = TSESLint.Scope.Scope;

/**
 * Answers what fixes ask, from ESLint's syntax tree and scopes.
 *
 * @param context - the rule's context
 * @param hasRuntime - whether the file may use `borrowck-runtime`
 * @returns the context of the linted file
 */
export function fixContextOf(context: Rule.RuleContext, hasRuntime: boolean): FixContext {
  // ESLint's own types know no TypeScript syntax; the tree is typescript-eslint's.
  const sourceCode = context.sourceCode as unknown as SourceCode;
  const semicolon = semicolonOf(sourceCode);
  return {
    text: sourceCode.text,
    hasRuntime,
    format: formatOf(sourceCode),
    imports: importsOf(sourceCode),
    importSlot: importSlotOf(sourceCode, semicolon),
    style: { quote: quoteOf(sourceCode), semicolon },
    expressionAt: (range) => expressionAt(range, sourceCode),
    scopeOf: (name, at) => scopeOf(name, at, sourceCode),
    isUnused: (name) => isUnused(name, sourceCode),
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

function isUnused(name: string, sourceCode: SourceCode): boolean {
  const { scopeManager } = sourceCode;
  if (scopeManager === null) return false;
  const isDeclared = scopeManager.scopes.some((scope) => (scope.set.get(name)?.defs.length ?? 0) > 0);
  return !isDeclared && !freeNames(sourceCode).has(name);
}

/** Names that are used without a declaration in the file. */
function freeNames(sourceCode: SourceCode): ReadonlySet<string> {
  const free = sourceCode.scopeManager?.scopes.flatMap((scope) => scope.references.filter((reference) => (reference.resolved?.defs.length ?? 0) === 0)) ?? [];
  return new Set(free.map((reference) => reference.identifier.name as string));
}

function formatOf(sourceCode: SourceCode): 'esm' | 'commonjs' {
  const { body, sourceType } = sourceCode.ast;
  if (body.some((statement) => statement.type === 'ImportDeclaration' || statement.type.startsWith('Export') || statement.type === 'TSImportEqualsDeclaration')) return 'esm';
  const free = freeNames(sourceCode);
  return sourceType === 'module' && !['require', 'module', 'exports'].some((name) => free.has(name)) ? 'esm' : 'commonjs';
}

function quoteOf(sourceCode: SourceCode): '"' | "'" {
  const isString = (token: TSESTree.Token): boolean => token.type === 'String' && /^["']/.test(token.value);
  return sourceCode.ast.tokens?.find(isString)?.value.startsWith('"') === true ? '"' : "'";
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

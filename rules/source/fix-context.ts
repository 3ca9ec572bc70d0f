import type ts from 'typescript';
import { scopeOf } from '../engine/types/scopes.js';
import type { FixContext } from '../fixes/context.js';
import { closureOf } from './closure.js';
import { expressionAt } from './expression.js';
import { generatorAround } from './generator.js';
import { giverAround } from './giver.js';
import { holdingOf } from './holding.js';
import { importSlotOf, importsOf } from './imports.js';
import { importLeftBy } from './left-import.js';
import { areAsOften, innermostAt, nodesBelow } from './places.js';
import { canCallInstead } from './thrown.js';
import { captureOf, workGiven } from './work.js';

/** A file, the program that knows its types, and the TypeScript that built both. */
export interface Source {
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
}

/** How far into a file its style is looked for. */
const STATEMENTS_FOR_STYLE = 8;

/**
 * Answers what fixes ask, from TypeScript's syntax tree: for ESLint's fixes and for migrations alike.
 *
 * @param source - the file that is rewritten
 * @param options - whether the file may use `borrowck-runtime`, and whether somebody who knows better says that it is no ES module
 * @returns the context of the file
 */
export function fixContextOf(source: Source, { hasRuntime, isScript = false }: { readonly hasRuntime: boolean; readonly isScript?: boolean }): FixContext {
  const { ts: t, file, program } = source;
  const semicolon = semicolonOf(file, t);
  const { names, declared } = namesIn(file, t);
  return {
    text: file.text,
    hasRuntime,
    isTyped: !/\.[cm]?jsx?$/.test(file.fileName),
    format: isEsModule(file, t) || !(isScript || isCommonJs(file, names)) ? 'esm' : 'commonjs',
    imports: importsOf(file, t),
    importLeftBy: (callee) => importLeftBy(callee, source),
    importSlot: importSlotOf(file, semicolon, t),
    style: { quote: quoteOf(file, t), semicolon, newline: file.text.includes('\r\n') ? '\r\n' : '\n' },
    expressionAt: (range) => expressionAt(range, source),
    generatorAround: (range) => generatorAround(range, source),
    giverAround: (range) => giverAround(range, source),
    workGiven: (argument) => workGiven(argument, source),
    captureOf: (initializer, call) => captureOf(initializer, call, source),
    closureOf: (variable, call) => closureOf(variable, call, source),
    areAsOften: (first, second) => areAsOften(first, second, source),
    holdingOf: (call) => holdingOf(call, source),
    canCallInstead: (callback, thrown) => canCallInstead(callback, thrown, source),
    instanceOf: (className) => instanceOf(className, file, t),
    scopeOf: (name, at) => (declared.has(name) ? scopeOf(name, innermostAt(at, file), program, t) : 'global'),
    isUnused: (name) => !names.has(name),
  };
}

/** Every name that the file declares or uses, but those of members; and those of them that it declares. */
function namesIn(file: ts.SourceFile, t: typeof ts): { readonly names: ReadonlySet<string>; readonly declared: ReadonlySet<string> } {
  const names = new Set<string>();
  const declared = new Set<string>();
  for (const node of nodesBelow(file)) {
    if (!t.isIdentifier(node) || isMemberName(node, t)) continue;
    names.add(node.text);
    if ((node.parent as { readonly name?: ts.Node }).name === node) declared.add(node.text);
  }
  return { names, declared };
}

function isMemberName(node: ts.Identifier, t: typeof ts): boolean {
  const { parent } = node;
  if ((t.isBindingElement(parent) || t.isImportSpecifier(parent)) && parent.propertyName === node) return true;
  return (t.isPropertyAccessExpression(parent) || t.isMetaProperty(parent) || t.isPropertyAssignment(parent) || t.isEnumMember(parent) || t.isClassElement(parent) || t.isTypeElement(parent)) && parent.name === node;
}

function isEsModule({ statements }: ts.SourceFile, t: typeof ts): boolean {
  return statements.some(
    (statement) =>
      t.isImportDeclaration(statement) ||
      t.isImportEqualsDeclaration(statement) ||
      t.isExportDeclaration(statement) ||
      t.isExportAssignment(statement) ||
      (t.canHaveModifiers(statement) && t.getModifiers(statement)?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword) === true),
  );
}

function isCommonJs({ fileName }: ts.SourceFile, names: ReadonlySet<string>): boolean {
  return /\.c[jt]s$/.test(fileName) || ['require', 'module', 'exports'].some((name) => names.has(name));
}

/** `arena` of `const arena = new ByteArena()`. */
function instanceOf(className: string, file: ts.SourceFile, t: typeof ts): ReturnType<FixContext['instanceOf']> {
  for (const statement of file.statements) {
    if (!t.isVariableStatement(statement) || (statement.declarationList.flags & t.NodeFlags.Const) === 0) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const isMade = initializer !== undefined && t.isNewExpression(initializer) && initializer.expression.getText(file) === className;
      if (isMade && t.isIdentifier(name)) return { name: name.text, isExported: statement.modifiers?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword) === true };
    }
  }
  return undefined;
}

/** The quotes of the first string. */
function quoteOf(file: ts.SourceFile, t: typeof ts): '"' | "'" {
  for (const node of nodesBelow(file)) if (t.isStringLiteral(node)) return node.getText(file).startsWith('"') ? '"' : "'";
  return "'";
}

/** A file most of whose first statements do without semicolons is written without. */
function semicolonOf(file: ts.SourceFile, t: typeof ts): ';' | '' {
  const ends = endable(file.statements, STATEMENTS_FOR_STYLE, t).map((statement) => file.text[statement.end - 1]);
  return ends.filter((end) => end === ';').length * 2 < ends.length ? '' : ';';
}

/** The first statements that a semicolon can end, also those inside of functions and classes. */
function endable(nodes: readonly ts.Node[], limit: number, t: typeof ts): readonly ts.Node[] {
  const found: ts.Node[] = [];
  for (const node of nodes) {
    if (found.length >= limit) break;
    if (t.isImportDeclaration(node) || t.isVariableStatement(node) || t.isExpressionStatement(node) || t.isReturnStatement(node) || t.isPropertyDeclaration(node)) found.push(node);
    else if (t.isFunctionDeclaration(node) || t.isMethodDeclaration(node) || t.isConstructorDeclaration(node)) found.push(...endable(node.body?.statements ?? [], limit - found.length, t));
    else if (t.isClassDeclaration(node)) found.push(...endable(node.members, limit - found.length, t));
    else if (t.isBlock(node)) found.push(...endable(node.statements, limit - found.length, t));
  }
  return found;
}

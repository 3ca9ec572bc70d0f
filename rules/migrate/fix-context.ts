import { Node, SyntaxKind, ts, type SourceFile, type Statement } from 'ts-morph';
import type { FixContext, ModuleImport } from '../fixes/context.js';
import { expressionAt, type Types } from './expression.js';
import { generatorAround } from './generator.js';

/** How far into a file its style is looked for. */
const STATEMENTS_FOR_STYLE = 8;

/**
 * Answers what fixes ask, from a project's syntax trees.
 *
 * @param file - the file that is rewritten
 * @param types - what static types say
 * @param options - whether the file may use `borrowck-runtime`
 * @returns the context of the file
 */
export function fixContextOf(file: SourceFile, types: Types, { hasRuntime }: { readonly hasRuntime: boolean }): FixContext {
  const semicolon = semicolonOf(file);
  let used: ReadonlySet<string> | undefined;
  return {
    text: file.getFullText(),
    hasRuntime,
    format: isCommonJs(file) ? 'commonjs' : 'esm',
    imports: importsOf(file),
    importSlot: importSlotOf(file, semicolon),
    style: { quote: /["']/.exec(file.getFullText())?.[0] === '"' ? '"' : "'", semicolon },
    expressionAt: (range) => expressionAt(range, file, types),
    generatorAround: (range) => generatorAround(range, file),
    scopeOf: (name, at) => scopeOf(name, at, file),
    isUnused: (name) => !(used ??= namesIn(file)).has(name),
  };
}

/** Whether a file is a CommonJS module, whatever its types are resolved as. */
export function isCommonJs(file: SourceFile): boolean {
  if (file.getExtension() === '.cjs' || file.getExtension() === '.cts') return true;
  if (file.getStatements().some((statement) => Node.isImportDeclaration(statement) || Node.isExportable(statement) && statement.isExported() || Node.isExportAssignment(statement) || Node.isExportDeclaration(statement) || Node.isImportEqualsDeclaration(statement))) return false;
  return /\b(?:require|module|exports)\b/.test(file.getFullText());
}

function namesIn(file: SourceFile): ReadonlySet<string> {
  return new Set(file.getDescendantsOfKind(SyntaxKind.Identifier).map((name) => name.getText()));
}

function scopeOf(name: string, at: number, file: SourceFile): 'global' | 'module' | 'local' {
  const node = file.getDescendantAtPos(at);
  const symbol = node?.getSymbolsInScope(ts.SymbolFlags.Value | ts.SymbolFlags.Alias).find((one) => one.getName() === name);
  const declarations = symbol?.getDeclarations().filter((declaration) => declaration.getSourceFile() === file) ?? [];
  if (declarations.length === 0) return 'global';
  const isTopLevel = declarations.every((declaration) => declaration.getFirstAncestor((ancestor) => Node.isBlock(ancestor) || Node.isFunctionLikeDeclaration(ancestor) || Node.isClassDeclaration(ancestor)) === undefined);
  return isTopLevel ? 'module' : 'local';
}

/** A file whose first statements all do without semicolons is written without. */
function semicolonOf(file: SourceFile): ';' | '' {
  const ends = endable(file.getStatements(), STATEMENTS_FOR_STYLE).map((statement) => statement.getText().endsWith(';'));
  return ends.length > 0 && !ends.includes(true) ? '' : ';';
}

/** The first statements that a semicolon can end, also those inside of functions and classes. */
function endable(statements: readonly Node[], limit: number): readonly Node[] {
  const found: Node[] = [];
  for (const statement of statements) {
    if (found.length >= limit) break;
    if (Node.isImportDeclaration(statement) || Node.isVariableStatement(statement) || Node.isExpressionStatement(statement) || Node.isReturnStatement(statement) || Node.isPropertyDeclaration(statement)) found.push(statement);
    else if (Node.isFunctionDeclaration(statement) || Node.isMethodDeclaration(statement)) found.push(...endable(statement.getStatements(), limit - found.length));
    else if (Node.isClassDeclaration(statement)) found.push(...endable(statement.getMembers(), limit - found.length));
  }
  return found;
}

function importsOf(file: SourceFile): readonly ModuleImport[] {
  return file.getStatements().flatMap((statement): readonly ModuleImport[] => {
    if (Node.isImportDeclaration(statement)) {
      const bindings = [
        ...[statement.getDefaultImport()].flatMap((name) => (name === undefined ? [] : [{ imported: 'default', local: name.getText(), isTypeOnly: false }])),
        ...[statement.getNamespaceImport()].flatMap((name) => (name === undefined ? [] : [{ imported: '*', local: name.getText(), isTypeOnly: false }])),
        ...statement.getNamedImports().map((one) => ({ imported: one.getName(), local: one.getAliasNode()?.getText() ?? one.getName(), isTypeOnly: one.isTypeOnly() })),
      ];
      const last = statement.getNamedImports().at(-1);
      const namespace = statement.getNamespaceImport();
      const name = statement.getDefaultImport();
      const slot = last !== undefined ? { at: last.getEnd(), before: ', ', after: '' } : namespace === undefined && name !== undefined ? { at: name.getEnd(), before: ', { ', after: ' }' } : undefined;
      return [{ module: statement.getModuleSpecifierValue(), isTypeOnly: statement.isTypeOnly(), bindings, slot }];
    }
    if (!Node.isVariableStatement(statement)) return [];
    return statement.getDeclarations().flatMap((declaration) => {
      const module = requiredModule(declaration.getInitializer());
      if (module === undefined) return [];
      const name = declaration.getNameNode();
      if (Node.isIdentifier(name)) return [{ module, isTypeOnly: false, bindings: [{ imported: '*', local: name.getText(), isTypeOnly: false }], slot: undefined }];
      if (!Node.isObjectBindingPattern(name)) return [];
      const elements = name.getElements();
      const bindings = elements.map((element) => ({ imported: element.getPropertyNameNode()?.getText() ?? element.getName(), local: element.getName(), isTypeOnly: false }));
      const last = elements.at(-1);
      return [{ module, isTypeOnly: false, bindings, slot: last === undefined || last.getDotDotDotToken() !== undefined ? undefined : { at: last.getEnd(), before: ', ', after: '' } }];
    });
  });
}

/** `'node:fs'` of `require('node:fs')`. */
export function requiredModule(node: Node | undefined): string | undefined {
  if (!Node.isCallExpression(node) || node.getExpression().getText() !== 'require') return undefined;
  const [argument] = node.getArguments();
  return Node.isStringLiteral(argument) ? argument.getLiteralValue() : undefined;
}

/** After the imports at the top, or before the first statement, but after directives and comments that speak about the whole file. */
function importSlotOf(file: SourceFile, semicolon: ';' | ''): FixContext['importSlot'] {
  const newline = file.getFullText().includes('\r\n') ? '\r\n' : '\n';
  const statements = file.getStatements();
  const count = statements.findIndex((statement) => !isImport(statement) && !isDirective(statement));
  const last = statements[(count < 0 ? statements.length : count) - 1];
  const next = statements[count];
  if (last === undefined) return { at: startOfCode(file, next), before: '', after: newline };
  // A statement that starts like this would continue the inserted one.
  const guard = semicolon === '' && next !== undefined && /^[([/+\-`]/.test(next.getText()) ? ';' : '';
  const trailing = last.getTrailingCommentRanges().at(-1);
  return { at: trailing?.getEnd() ?? last.getEnd(), before: newline, after: guard };
}

function isImport(statement: Statement): boolean {
  if (Node.isImportDeclaration(statement) || Node.isImportEqualsDeclaration(statement)) return true;
  return Node.isVariableStatement(statement) && statement.getDeclarations().every((declaration) => requiredModule(declaration.getInitializer()) !== undefined);
}

function isDirective(statement: Statement): boolean {
  return Node.isExpressionStatement(statement) && Node.isStringLiteral(statement.getExpression());
}

/** The first line that belongs to the code: after `#!`, pragmas, and comments that a blank line sets apart from it. */
function startOfCode(file: SourceFile, first: Statement | undefined): number {
  const text = file.getFullText();
  if (first === undefined) return text.length;
  let start = /^#!.*(?:\r?\n)?/.exec(text)?.[0].length ?? 0;
  for (const comment of first.getLeadingCommentRanges()) {
    const isApart = /^\r?\n\s*\r?\n/.test(text.slice(comment.getEnd()));
    const isAboutTheFile = /@ts-(?:no)?check\b|@licen[cs]e|@preserve|@jsx|copyright|^\/\/\/|\beslint-|\beslint\s/i.test(comment.getText());
    if (isApart || isAboutTheFile) start = comment.getEnd();
  }
  return start + (/^\s*/.exec(text.slice(start))?.[0].length ?? 0);
}

import type ts from 'typescript';
import type { FixContext, ModuleImport } from '../fixes/context.js';
import { afterBlanks } from './places.js';

type Slot = FixContext['importSlot'];

/**
 * The modules a file names at its top level, by `import` or by `const … = require('…')`.
 *
 * @param file - the file
 * @param t - the TypeScript that parsed it
 * @returns them in the order of the text
 */
export function importsOf(file: ts.SourceFile, t: typeof ts): readonly ModuleImport[] {
  return file.statements.flatMap((statement): readonly ModuleImport[] => {
    if (t.isImportDeclaration(statement)) return importOf(statement, t);
    if (!t.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap((declaration) => requireOf(declaration, t));
  });
}

function importOf({ importClause, moduleSpecifier }: ts.ImportDeclaration, t: typeof ts): readonly ModuleImport[] {
  if (!t.isStringLiteral(moduleSpecifier)) return [];
  const module = moduleSpecifier.text;
  if (importClause === undefined) return [{ module, isTypeOnly: false, bindings: [], slot: undefined }];
  const { name, namedBindings } = importClause;
  const named = namedBindings !== undefined && t.isNamedImports(namedBindings) ? namedBindings : undefined;
  const namespace = namedBindings !== undefined && t.isNamespaceImport(namedBindings) ? namedBindings : undefined;
  const bindings = [
    ...(name === undefined ? [] : [{ imported: 'default', local: name.text, isTypeOnly: false }]),
    ...(namespace === undefined ? [] : [{ imported: '*', local: namespace.name.text, isTypeOnly: false }]),
    ...(named?.elements.map((one) => ({ imported: (one.propertyName ?? one.name).text, local: one.name.text, isTypeOnly: one.isTypeOnly })) ?? []),
  ];
  const slot = named !== undefined ? slotIn(named, named.elements) : namespace === undefined && name !== undefined ? { at: name.end, before: ', { ', after: ' }' } : undefined;
  return [{ module, isTypeOnly: importClause.isTypeOnly, bindings, slot }];
}

function requireOf({ name, initializer }: ts.VariableDeclaration, t: typeof ts): readonly ModuleImport[] {
  const module = requiredModule(initializer, t);
  if (module === undefined || t.isArrayBindingPattern(name)) return [];
  if (t.isIdentifier(name)) return [{ module, isTypeOnly: false, bindings: [{ imported: '*', local: name.text, isTypeOnly: false }], slot: undefined }];
  const bindings = name.elements.flatMap((element) => {
    const imported = element.propertyName ?? element.name;
    if (!t.isIdentifier(element.name) || !(t.isIdentifier(imported) || t.isStringLiteral(imported)) || element.dotDotDotToken !== undefined) return [];
    return [{ imported: imported.text, local: element.name.text, isTypeOnly: false }];
  });
  return [{ module, isTypeOnly: false, bindings, slot: name.elements.at(-1)?.dotDotDotToken === undefined ? slotIn(name, name.elements) : undefined }];
}

/** Where one more name goes between braces: on a line of its own where the others are. */
function slotIn(braces: ts.Node, elements: readonly ts.Node[]): Slot {
  const last = elements.at(-1);
  if (last === undefined) return { at: braces.getStart() + 1, before: ' ', after: ' ' };
  const { text } = braces.getSourceFile();
  const line = /\r?\n[ \t]*$/.exec(text.slice(0, last.getStart()))?.[0];
  const isAlone = /^,?[ \t]*\r?\n/.test(text.slice(last.end));
  return { at: last.end, before: line !== undefined && isAlone ? `,${line}` : ', ', after: '' };
}

/** `'node:fs'` of `require('node:fs')`. */
export function requiredModule(node: ts.Node | undefined, t: typeof ts): string | undefined {
  if (node === undefined || !t.isCallExpression(node) || !t.isIdentifier(node.expression) || node.expression.text !== 'require') return undefined;
  const [argument] = node.arguments;
  return argument !== undefined && t.isStringLiteralLike(argument) ? argument.text : undefined;
}

/**
 * Where a new import goes: after the imports at the top; without any, before the first statement, but after directives and after comments that speak about
 * the whole file.
 *
 * @param file - the file
 * @param semicolon - what ends the file's statements
 * @param t - the TypeScript that parsed it
 * @returns an offset, and the line breaks that must stand around an import there
 */
export function importSlotOf(file: ts.SourceFile, semicolon: ';' | '', t: typeof ts): Slot {
  const newline = file.text.includes('\r\n') ? '\r\n' : '\n';
  const { statements } = file;
  const count = statements.findIndex((statement) => !isImport(statement, t) && !isDirective(statement, t));
  const last = statements[(count < 0 ? statements.length : count) - 1];
  const next = statements[count];
  if (last === undefined) return { at: startOfCode(file, next, t), before: '', after: next === undefined ? newline : `${newline}${newline}` };
  // A statement that starts like this would continue the inserted one.
  const guard = semicolon === '' && next !== undefined && /^[([/+\-`]/.test(next.getText(file)) ? ';' : '';
  const [comment] = t.getTrailingCommentRanges(file.text, last.end) ?? [];
  return { at: comment?.kind === t.SyntaxKind.SingleLineCommentTrivia ? comment.end : last.end, before: newline, after: guard };
}

function isImport(statement: ts.Statement, t: typeof ts): boolean {
  if (t.isImportDeclaration(statement) || t.isImportEqualsDeclaration(statement)) return true;
  return t.isVariableStatement(statement) && statement.declarationList.declarations.every(({ initializer }) => requiredModule(initializer, t) !== undefined);
}

function isDirective(statement: ts.Statement, t: typeof ts): boolean {
  return t.isExpressionStatement(statement) && t.isStringLiteral(statement.expression);
}

/** The first line that belongs to the code: after `#!`, pragmas, and comments that a blank line sets apart from it. */
function startOfCode({ text }: ts.SourceFile, first: ts.Statement | undefined, t: typeof ts): number {
  let start = /^#!.*/.exec(text)?.[0].length ?? 0;
  for (const comment of t.getLeadingCommentRanges(text, 0) ?? []) {
    const isApart = first === undefined || /^[^\S\n]*\n\s*\n/.test(text.slice(comment.end, comment.end + 200));
    if (isApart || isAboutTheFile(text.slice(comment.pos, comment.end))) start = comment.end;
  }
  return afterBlanks(start, text);
}

function isAboutTheFile(comment: string): boolean {
  return /^\/\/\/|^\/[/*]\s*(?:@ts-(?:no)?check\b|eslint\b|global\b)|@licen[cs]e|@preserve|@jsx|copyright/i.test(comment);
}

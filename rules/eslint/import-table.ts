import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { FixContext, ModuleImport } from '../fixes/context.js';

type Slot = FixContext['importSlot'];
type SourceCode = Readonly<TSESLint.SourceCode>;

/**
 * The modules a file names at its top level, by `import` or by `const … = require('…')`.
 *
 * @param sourceCode - the file
 * @returns them in the order of the text
 */
export function importsOf(sourceCode: SourceCode): readonly ModuleImport[] {
  return sourceCode.ast.body.flatMap((statement) => {
    if (statement.type === 'ImportDeclaration') return [importOf(statement, sourceCode)];
    if (statement.type !== 'VariableDeclaration') return [];
    return statement.declarations.flatMap((declarator) => requireOf(declarator, sourceCode) ?? []);
  });
}

function importOf(node: TSESTree.ImportDeclaration, sourceCode: SourceCode): ModuleImport {
  const bindings = node.specifiers.map((specifier) => ({
    imported: specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : specifier.type === 'ImportDefaultSpecifier' ? 'default' : '*',
    local: specifier.local.name,
    isTypeOnly: specifier.type === 'ImportSpecifier' && specifier.importKind === 'type',
  }));
  return { module: node.source.value, isTypeOnly: node.importKind === 'type', bindings, slot: importSpecifierSlot(node, sourceCode) };
}

function importSpecifierSlot(node: TSESTree.ImportDeclaration, sourceCode: SourceCode): Slot | undefined {
  const last = node.specifiers.at(-1);
  if (last?.type === 'ImportSpecifier') return { at: last.range[1], before: ', ', after: '' };
  if (last?.type === 'ImportNamespaceSpecifier') return undefined;
  const brace = sourceCode.getFirstToken(node, { filter: (token) => token.value === '{' && token.range[1] <= node.source.range[0] });
  if (brace) return { at: brace.range[1], before: ' ', after: ' ' };
  return last && { at: last.range[1], before: ', { ', after: ' }' };
}

function requireOf(node: TSESTree.VariableDeclarator, sourceCode: SourceCode): ModuleImport | undefined {
  const module = requiredModule(node.init);
  if (module === undefined) return undefined;
  if (node.id.type === 'Identifier') return { module, isTypeOnly: false, bindings: [{ imported: '*', local: node.id.name, isTypeOnly: false }], slot: undefined };
  if (node.id.type !== 'ObjectPattern') return undefined;
  const bindings = node.id.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.computed || property.value.type !== 'Identifier') return [];
    return [{ imported: nameOf(property.key), local: property.value.name, isTypeOnly: false }];
  });
  return { module, isTypeOnly: false, bindings, slot: patternSlot(node.id, sourceCode) };
}

function patternSlot(pattern: TSESTree.ObjectPattern, sourceCode: SourceCode): Slot | undefined {
  const last = pattern.properties.at(-1);
  if (last?.type === 'Property') return { at: last.range[1], before: ', ', after: '' };
  if (last !== undefined) return undefined;
  const brace = sourceCode.getFirstToken(pattern);
  return brace ? { at: brace.range[1], before: ' ', after: ' ' } : undefined;
}

function requiredModule(node: TSESTree.Expression | null): string | undefined {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return undefined;
  const [argument] = node.arguments;
  return argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined;
}

function nameOf(node: TSESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : '';
}

/**
 * Where a new import goes: after the imports at the top, or before the first statement, but after directives and after comments that
 * speak about the whole file.
 *
 * @param sourceCode - the file
 * @param semicolon - what ends the file's statements
 * @returns an offset, and the line breaks that must stand around an import there
 */
export function importSlotOf(sourceCode: SourceCode, semicolon: ';' | ''): Slot {
  const newline = sourceCode.text.includes('\r\n') ? '\r\n' : '\n';
  let last: TSESTree.Node | undefined;
  for (const statement of sourceCode.ast.body) {
    if (!isImport(statement) && !isDirective(statement)) break;
    last = statement;
  }
  if (last === undefined) return { at: startOfCode(sourceCode), before: '', after: newline };
  const next = sourceCode.getTokenAfter(last);
  // A statement that starts like this would continue the inserted one.
  const guard = semicolon === '' && next !== null && /^[([/+\-`]/.test(next.value) ? ';' : '';
  const comment = sourceCode.getCommentsAfter(last).at(0);
  const isTrailing = comment?.type === 'Line' && comment.loc.start.line === last.loc.end.line;
  return { at: isTrailing ? comment.range[1] : last.range[1], before: newline, after: guard };
}

function isImport(node: TSESTree.Node): boolean {
  if (node.type === 'ImportDeclaration') return true;
  return node.type === 'VariableDeclaration' && node.declarations.every((declarator) => requiredModule(declarator.init) !== undefined);
}

function isDirective(node: TSESTree.Node): boolean {
  return node.type === 'ExpressionStatement' && typeof node.directive === 'string';
}

/** The first line that belongs to the code: after `#!`, pragmas, and comments that a blank line sets apart from it. */
function startOfCode(sourceCode: SourceCode): number {
  const first = sourceCode.ast.body[0];
  const comments = sourceCode.getAllComments().filter((comment) => first === undefined || comment.range[1] <= first.range[0]);
  let after: TSESTree.Comment | undefined;
  comments.forEach((comment, index) => {
    const nextLine = (comments[index + 1] ?? first)?.loc.start.line ?? Infinity;
    if (nextLine > comment.loc.end.line + 1 || isAboutTheFile(comment)) after = comment;
  });
  if (after === undefined) return comments[0]?.range[0] ?? first?.range[0] ?? 0;
  const next = comments[comments.indexOf(after) + 1] ?? first;
  return next?.range[0] ?? sourceCode.text.length;
}

function isAboutTheFile(comment: TSESTree.Comment): boolean {
  // ESLint gives `#!` a comment type of its own, which the syntax tree's types do not list.
  return (comment.type as string) === 'Shebang' || /^\/|^\s*@ts-(?:no)?check\b|@licen[cs]e|@preserve|@jsx|copyright|^\s*eslint\b|^\s*eslint-|^\s*global\b/i.test(comment.value);
}

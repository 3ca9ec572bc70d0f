import type ts from 'typescript';

/** What a name stands for: where it is declared, and where its own file names it, the declarations included. */
export interface Named {
  readonly declarations: readonly ts.Declaration[];
  readonly references: readonly ts.Node[];
}

/**
 * What a name stands for, and where else its file says so.
 *
 * @param name - the name of a variable, a function or a member
 * @param program - its program
 * @param t - the TypeScript that built the program
 * @returns undefined where the checker does not know the name
 */
export function namedBy(name: ts.Identifier | ts.PrivateIdentifier, program: ts.Program, t: typeof ts): Named | undefined {
  const checker = program.getTypeChecker();
  const symbolOf = (node: ts.Node): ts.Symbol | undefined => (t.isShorthandPropertyAssignment(node.parent) && node.parent.name === node ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node));
  const symbol = symbolOf(name);
  if (symbol === undefined) return undefined;
  const references: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if ((t.isIdentifier(node) || t.isPrivateIdentifier(node)) && node.text === name.text && symbolOf(node) === symbol) references.push(node);
    node.forEachChild(visit);
  };
  visit(name.getSourceFile());
  return { declarations: symbol.declarations ?? [], references };
}

/**
 * Whether an expression gives something that can be waited for.
 *
 * @param node - the expression
 * @param program - its program
 * @returns `perhaps a promise` where its type says that it may be one
 */
export function promiseIn(node: ts.Expression, program: ts.Program): 'promise' | 'perhaps a promise' | 'nothing' {
  const type = program.getTypeChecker().getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  const count = parts.filter((part) => part.getProperty('then') !== undefined).length;
  if (count === 0) return 'nothing';
  return count === parts.length ? 'promise' : 'perhaps a promise';
}

/**
 * The static type of a node, as the compiler writes it.
 *
 * @param node - the node
 * @param program - its program
 * @returns `Uint8Array`, `Uint8Array<ArrayBuffer>`, `any`
 */
export function typeTextOf(node: ts.Node, program: ts.Program): string {
  const checker = program.getTypeChecker();
  return checker.typeToString(checker.getTypeAtLocation(node));
}

import type ts from 'typescript';

/**
 * Whether an expression is a promise that can be waited for where it stands.
 *
 * @param node - the expression
 * @param program - its program
 * @param instance - the TypeScript that built the program
 * @returns true for a promise in the body of an async function
 */
export function isAwaitable(node: ts.Node, program: ts.Program, instance: typeof ts): boolean {
  if (!isInAsyncBody(node, instance)) return false;
  const checker = program.getTypeChecker();
  const then = checker.getTypeAtLocation(node).getProperty('then');
  return then !== undefined && checker.getTypeOfSymbolAtLocation(then, node).getCallSignatures().length > 0;
}

function isInAsyncBody(node: ts.Node, t: typeof ts): boolean {
  for (let child = node, at = node.parent as ts.Node | undefined; at !== undefined; child = at, at = at.parent as ts.Node | undefined) {
    if (t.isClassElement(at) && !('body' in at)) return false;
    if (t.isFunctionLike(at)) return 'body' in at && at.body === child && t.canHaveModifiers(at) && t.getModifiers(at)?.some(({ kind }) => kind === t.SyntaxKind.AsyncKeyword) === true;
  }
  return false;
}

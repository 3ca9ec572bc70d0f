import { Node, SyntaxKind, type SourceFile, type Type } from 'ts-morph';
import type { Cause } from '../../engine/blocking/reach.js';
import { Refusal } from '../refusal.js';
import type { Workspace } from '../workspace.js';
import { isAsyncable, nameNodeOf, nameOf, type AsyncableFunction } from './functions.js';

/** A function that can run in a thread: its module can be loaded there a second time, and what goes in and out can be copied. */
interface ThreadFunction {
  readonly fn: AsyncableFunction;
  readonly name: Node;
  readonly file: SourceFile;
}

/**
 * The function nearest to what blocks that can run in a thread.
 *
 * @param cause - what blocks, and the way to it
 * @param workspace - the program
 * @returns the function
 * @throws {Refusal} when none on the way can
 */
export function threadFunctionOf(cause: Cause, workspace: Workspace): ThreadFunction {
  let refusal: Refusal | undefined;
  for (const { at } of [...cause.links].reverse()) {
    const file = workspace.file(at.file);
    const fn = file?.getDescendantAtPos(at.start)?.getFirstAncestor((node) => node.getStart() === at.start && isAsyncable(node));
    if (file === undefined || !isAsyncable(fn)) continue;
    try {
      return { fn, file, name: assertThreadable(fn, file, workspace.contextOf(file).format === 'commonjs') };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal ??= error;
    }
  }
  const file = workspace.file(cause.at.file);
  throw refusal ?? new Refusal(file?.getDescendantAtPos(cause.at.start) ?? fail(cause.at.file), `\`${cause.name}\` has no asynchronous form, and what calls it cannot run in a thread: it is no function of a module of its own`);
}

function assertThreadable(fn: AsyncableFunction, file: SourceFile, isCommonJs: boolean): Node {
  const refuse = (why: string): never => {
    throw new Refusal(fn, `${nameOf(fn)} cannot run in a thread: ${why}`);
  };
  const name = nameNodeOf(fn);
  const declaration = Node.isFunctionDeclaration(fn) ? fn : fn.getParent();
  const statement = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : declaration;
  if (name === undefined || isCommonJs || !(Node.isFunctionDeclaration(statement) || Node.isVariableStatement(statement)) || !statement.isExported() || statement.getParent() !== file) return refuse('no module exports it by its name');
  if (Node.isFunctionDeclaration(fn) && fn.isDefaultExport()) return refuse('no module exports it by its name');
  const parameters = fn.getParameters();
  if (parameters.length > 1 || parameters.some((one) => one.isRestParameter())) return refuse('it takes more than one argument');
  if (!parameters.every((one) => isCopied(one.getType(), fn)) || !isCopied(fn.getReturnType(), fn)) return refuse('what it takes or gives cannot be copied to a thread for sure');
  if (fn.getDescendantsOfKind(SyntaxKind.ThisKeyword).length > 0) return refuse('it uses `this`');
  for (const one of file.getStatements()) if (!isInert(one)) return refuse('its module does something when it is loaded, or holds state');
  return name;
}

/** Loading the module once more changes nothing: it declares functions, types and constants that are plain values. */
function isInert(statement: Node): boolean {
  if (Node.isImportDeclaration(statement)) return statement.getImportClause() !== undefined;
  if (Node.isFunctionDeclaration(statement) || Node.isInterfaceDeclaration(statement) || Node.isTypeAliasDeclaration(statement) || Node.isExportDeclaration(statement)) return true;
  if (!Node.isVariableStatement(statement) || statement.getDeclarationKind() !== 'const') return false;
  return statement.getDeclarations().every((declaration) => {
    const value = declaration.getInitializer();
    return isAsyncable(value) || Node.isLiteralExpression(value) || Node.isNumericLiteral(value);
  });
}

/** Text, numbers, bytes, and plain objects and arrays of them: what a thread gets is what was sent. */
function isCopied(type: Type, at: Node, depth = 0): boolean {
  if (type.isUnion()) return type.getUnionTypes().every((one) => isCopied(one, at, depth));
  if (type.isString() || type.isNumber() || type.isBoolean() || type.isBigInt() || type.isLiteral() || type.isNull() || type.isUndefined() || type.isVoid()) return true;
  if (type.isArray() || type.isReadonlyArray()) return depth < 4 && isCopied(type.getArrayElementTypeOrThrow(), at, depth + 1);
  if (/^Uint8Array(?:<\w+>)?$/.test(type.getText(at))) return true;
  if (!type.isObject() || type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0 || type.getSymbol()?.getDeclarations().some((one) => Node.isClassDeclaration(one)) !== false) return false;
  return depth < 4 && type.getProperties().every((property) => isCopied(property.getTypeAtLocation(at), at, depth + 1));
}

function fail(file: string): never {
  throw new Error(`the program has no ${file}`);
}

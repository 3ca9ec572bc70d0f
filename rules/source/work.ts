import type ts from 'typescript';
import { namedBy, promiseIn, typeTextOf } from '../engine/types/references.js';
import type { Body, Capture, Handler, Handover, Range, Work } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { areAsOften, expressionIn, nodesBelow, rangeOf, withoutParentheses } from './places.js';

/** A function that can do work with what it is given. */
type Worker = ts.ArrowFunction | ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration;

/**
 * The work that is given bytes as an argument of a call, and everything in the file that is concerned when refs take their place.
 *
 * @param argument - the expression that is handed over
 * @param source - the file
 * @returns the work, or why it cannot be told in full
 */
export function workGiven(argument: Range, source: Source): Work | string {
  const { ts: t, program } = source;
  const given = expressionIn(argument, source);
  const call = given?.parent;
  if (given === undefined || call === undefined || !t.isCallExpression(call) || !call.arguments.includes(given)) return 'the view is not handed to a function as an argument';
  const index = call.arguments.indexOf(given);
  const callee = withoutParentheses(call.expression, t);
  if (t.isArrowFunction(callee) || t.isFunctionExpression(callee)) return workOf([callee], [call], index, source);
  const name = t.isIdentifier(callee) ? callee : t.isPropertyAccessExpression(callee) ? callee.name : undefined;
  const named = name && namedBy(name, program, t);
  if (named === undefined) return 'the function that does the work is not in sight';
  const workers: Worker[] = [];
  for (const declaration of named.declarations) {
    const worker = declaration.getSourceFile() === source.file ? workerIn(declaration, t) : undefined;
    if (worker === undefined) return 'the function that does the work is not declared in this file';
    if (isOpen(declaration, t)) return 'other files may call the function: `borrowck migrate --to arena` rewrites them, too';
    workers.push(worker);
  }
  const calls: ts.CallExpression[] = [];
  for (const reference of named.references) {
    if ((reference.parent as { readonly name?: ts.Node }).name === reference && named.declarations.includes(reference.parent as ts.Declaration)) continue;
    const called = callOf(reference, t);
    if (called === undefined) return 'the function is used as a value: who calls it with what is not known';
    calls.push(called);
  }
  return workOf(workers, calls, index, source);
}

function workOf(workers: readonly Worker[], calls: readonly ts.CallExpression[], index: number, source: Source): Work | string {
  // `declare function` says what another file does.
  if (!workers.some(({ body }) => body !== undefined)) return 'the function that does the work is not in sight';
  const handlers: Handler[] = [];
  for (const worker of workers) {
    const handler = handlerOf(worker, index, source);
    if (typeof handler === 'string') return handler;
    if (handler !== undefined) handlers.push(handler);
  }
  const handovers: Handover[] = [];
  for (const call of calls) {
    const handover = handoverOf(call, index, source);
    if (typeof handover === 'string') return handover;
    handovers.push(handover);
  }
  return { handlers, handovers };
}

function workerIn(declaration: ts.Declaration, t: typeof ts): Worker | undefined {
  if (t.isFunctionDeclaration(declaration) || t.isMethodDeclaration(declaration)) return declaration;
  const value = t.isVariableDeclaration(declaration) && (declaration.parent.flags & t.NodeFlags.Const) !== 0 ? declaration.initializer : undefined;
  return value !== undefined && (t.isArrowFunction(value) || t.isFunctionExpression(value)) ? value : undefined;
}

/** Whether code of other files may call a function, as far as its declaration tells. */
function isOpen(declaration: ts.Declaration, t: typeof ts): boolean {
  const isMarked = (node: ts.Node, kind: ts.SyntaxKind): boolean => t.canHaveModifiers(node) && t.getModifiers(node)?.some((modifier) => modifier.kind === kind) === true;
  if (t.isMethodDeclaration(declaration)) return !(t.isPrivateIdentifier(declaration.name) || isMarked(declaration, t.SyntaxKind.PrivateKeyword));
  return isMarked(t.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration, t.SyntaxKind.ExportKeyword);
}

/** The call of what a name stands for. */
function callOf(name: ts.Node, t: typeof ts): ts.CallExpression | undefined {
  const callee = t.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
  const call = callee.parent;
  return t.isCallExpression(call) && call.expression === callee ? call : undefined;
}

/**
 * A function that is given bytes by one of its parameters.
 *
 * @param fn - the function, or its signature alone
 * @param index - the parameter's
 * @param source - the file
 * @returns undefined where it has no such parameter; why, where it cannot be given a ref
 */
export function handlerOf(fn: ts.SignatureDeclaration, index: number, source: Source): Handler | string | undefined {
  const { ts: t, program } = source;
  const parameter = fn.parameters[index];
  if (parameter === undefined) return fn.parameters.some(({ dotDotDotToken }) => dotDotDotToken !== undefined) ? 'the function takes its arguments as a list' : undefined;
  const { name } = parameter;
  if (!t.isIdentifier(name) || parameter.initializer !== undefined || parameter.dotDotDotToken !== undefined) return 'the function takes its argument apart';
  if ((t.getModifiers(parameter) ?? []).length > 0) return 'the parameter is a field, too';
  if ([fn, parameter].some((node) => t.canHaveDecorators(node) && (t.getDecorators(node) ?? []).length > 0)) return 'what its decorator does with the bytes is not known';
  const isUsedByAnother = fn.parameters.some((other) => other !== parameter && [...nodesBelow(other, (node) => !t.isTypeNode(node))].some((node) => t.isIdentifier(node) && node.text === name.text));
  if (isUsedByAnother) return 'another parameter is made of it';
  const body = 'body' in fn ? fn.body : undefined;
  // `arguments[0]` would be the ref.
  if (body !== undefined && [...nodesBelow(body, (node) => !t.isFunctionDeclaration(node))].some((node) => t.isIdentifier(node) && node.text === 'arguments')) return 'the function takes its arguments as a list';
  return {
    name: name.text,
    declared: rangeOf(name),
    type: parameter.type && rangeOf(parameter.type),
    holds: parameter.type?.getText() ?? typeTextOf(name, program),
    documented: documented(parameter, t),
    body: body && bodyOf(body, t),
  };
}

function documented(parameter: ts.ParameterDeclaration, t: typeof ts): Handler['documented'] {
  const [tag] = t.getJSDocParameterTags(parameter);
  return tag && { name: rangeOf(tag.name), type: tag.typeExpression && rangeOf(tag.typeExpression.type) };
}

function bodyOf(body: ts.ConciseBody, t: typeof ts): Body {
  if (!t.isBlock(body)) return { ...rangeOf(body), isBlock: false, opens: body.getStart(), first: undefined };
  const first = body.statements.findIndex((statement) => !t.isExpressionStatement(statement) || !t.isStringLiteral(statement.expression));
  const directive = body.statements[(first < 0 ? body.statements.length : first) - 1];
  const statement = body.statements[first];
  return { ...rangeOf(body), isBlock: true, opens: directive?.end ?? body.getStart() + 1, first: statement && rangeOf(statement) };
}

/**
 * A call that hands bytes to a function, with the statement before which they can be copied.
 *
 * @param call - the call
 * @param index - the argument's
 * @param source - the file
 * @returns why, where nothing can be done before it
 */
export function handoverOf(call: ts.CallExpression, index: number, source: Source): Handover | string {
  const { ts: t, program } = source;
  const argument = call.arguments[index];
  if (argument === undefined || call.arguments.slice(0, index + 1).some(t.isSpreadElement)) return 'what the function is given cannot be seen here';
  const place = placeBefore(call, argument.getStart(), source);
  if (typeof place === 'string') return place;
  const gives = promiseIn(call, program);
  // Behind `void`, `return` and their like, the end of the work would be the end of the statement only where nothing is handed on.
  if (gives === 'nothing' && !t.isStatement(call.parent)) return 'when the function is done with the bytes is not known';
  return { call: rangeOf(call), argument: rangeOf(argument), ...place, gives };
}

/**
 * The statement of a call, before which bytes can be copied for it.
 *
 * @param call - the call
 * @param start - where in the call the bytes are handed over: nothing may be done before that
 * @param source - the file
 * @returns the statement, and whether a second one beside it needs braces; why there is no such place, where there is none
 */
export function placeBefore(call: ts.CallExpression, start: number, { ts: t }: Source): Pick<Handover, 'statement' | 'isLoose'> | string {
  let statement: ts.Node = call;
  for (; !t.isStatement(statement); statement = statement.parent) {
    if (t.isFunctionLike(statement) || t.isClassLike(statement) || t.isSourceFile(statement)) return 'there is no place before the call to copy the bytes';
    if (isConditional(statement, t)) return 'the call is not always made where the statement is';
  }
  if (!t.isExpressionStatement(statement) && !t.isVariableStatement(statement) && !t.isReturnStatement(statement)) return 'there is no place before the call to copy the bytes';
  const isLate = [...nodesBelow(statement, (node) => !t.isFunctionLike(node))].some((node) => node.end <= start && isEffective(node, t));
  if (isLate) return 'something is done before the bytes are handed over';
  const { parent } = statement;
  const isLoose = !t.isBlock(parent) && !t.isSourceFile(parent) && !t.isCaseClause(parent) && !t.isDefaultClause(parent) && !t.isModuleBlock(parent);
  return { statement: rangeOf(statement), isLoose };
}

/** `a?.f(x)`, and an arm of `a && f(x)` or `a ? f(x) : y`. */
function isConditional(node: ts.Node, t: typeof ts): boolean {
  if ((node.flags & t.NodeFlags.OptionalChain) !== 0) return true;
  const { parent } = node;
  if (t.isConditionalExpression(parent)) return parent.condition !== node;
  if (!t.isBinaryExpression(parent) || parent.right !== node) return false;
  const { kind } = parent.operatorToken;
  return [t.SyntaxKind.AmpersandAmpersandToken, t.SyntaxKind.BarBarToken, t.SyntaxKind.QuestionQuestionToken].includes(kind) || (kind >= t.SyntaxKind.BarBarEqualsToken && kind <= t.SyntaxKind.QuestionQuestionEqualsToken);
}

/** Whether evaluating a node may change something. */
function isEffective(node: ts.Node, t: typeof ts): boolean {
  if (t.isCallExpression(node) || t.isNewExpression(node) || t.isAwaitExpression(node) || t.isYieldExpression(node) || t.isTaggedTemplateExpression(node) || t.isDeleteExpression(node)) return true;
  if (t.isPrefixUnaryExpression(node) || t.isPostfixUnaryExpression(node)) return node.operator === t.SyntaxKind.PlusPlusToken || node.operator === t.SyntaxKind.MinusMinusToken;
  return t.isBinaryExpression(node) && node.operatorToken.kind >= t.SyntaxKind.FirstAssignment && node.operatorToken.kind <= t.SyntaxKind.LastAssignment;
}

/**
 * A function that is called later, and the constant that it alone uses.
 *
 * @param initializer - the constant's first and only value
 * @param at - the call that the function is given to
 * @param source - the file
 * @returns both, or why there is no such constant or function
 */
export function captureOf(initializer: Range, at: Range, source: Source): Capture | string {
  const { ts: t, program } = source;
  const value = expressionIn(initializer, source);
  const declaration = value?.parent;
  if (declaration === undefined || !t.isVariableDeclaration(declaration) || !t.isIdentifier(declaration.name) || (declaration.parent.flags & t.NodeFlags.Const) === 0) return 'the view is no constant';
  const call = expressionIn(at, source);
  const worker = call !== undefined && t.isCallExpression(call) ? call.arguments.find((argument): argument is ts.ArrowFunction | ts.FunctionExpression => t.isArrowFunction(argument) || t.isFunctionExpression(argument)) : undefined;
  if (worker === undefined || worker.asteriskToken !== undefined) return 'the function that is called later is not written here';
  if (!areAsOften(initializer, at, source)) return 'the function is given the same view again and again';
  const { name } = declaration;
  const references = namedBy(name, program, t)?.references.filter((reference) => reference !== name) ?? [];
  const { body } = worker;
  if (references.some((reference) => reference.pos < body.pos || reference.end > body.end)) return 'other code uses the view, too';
  const type = declaration.type && rangeOf(declaration.type);
  return { handler: { name: name.text, declared: rangeOf(name), type, holds: declaration.type?.getText() ?? typeTextOf(name, program), documented: undefined, body: bodyOf(body, t) }, initializer };
}

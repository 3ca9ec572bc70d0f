import { runInThisContext } from 'node:vm';
import ts from 'typescript';
import type { Recorder, Site } from './recorder.js';

/** A file of a program, ready to run. */
export interface Instrumented {
  /** Runs the file's top level as a CommonJS module. */
  readonly run: (require: (name: string) => unknown, module: { exports: Record<string, unknown> }, recorder: Recorder) => void;
  /** Parameter names by function name, or `Class.method`; private methods are absent. */
  readonly signatures: ReadonlyMap<string, readonly string[]>;
  /** Something of it outlives a call: a module variable, a class. */
  readonly isStateful: boolean;
  /** A generator that is left early has something to run. */
  readonly hasFinally: boolean;
}

/** What all files of a program together say. */
export interface Outline {
  /** Functions that the program itself declares. */
  readonly functions: ReadonlySet<string>;
  /** Memory can go away: each use of a variable is looked at. */
  readonly isMoving: boolean;
}

/** @returns what to know of a program before one of its files is instrumented */
export function outlineOf(texts: readonly string[]): Outline {
  const all = texts.join('\n');
  return {
    functions: new Set([...all.matchAll(/\bfunction\*? (\w+)\(/g)].map(([, name]) => name ?? '')),
    isMoving: /transfer\b|postMessage\(|\.grow\(|\.resize\(/.test(all),
  };
}

/** How far apart the sites of two files are. */
export const sitesPerFile = 100_000;

/**
 * Compiles a file to CommonJS with calls to the recorder: before each statement, after each `await` and `yield`, around each
 * function body, at `return`, `catch` and `push`.
 * @param name the file's name: `main.ts`, `main.js`
 * @param text its source
 * @param fileIndex its number in the program; site numbers start at `fileIndex * sitesPerFile`
 * @param outline what to know of the whole program
 * @returns the runnable file
 */
export function instrument(name: string, text: string, fileIndex: number, outline: Outline): Instrumented {
  const facts = { signatures: new Map<string, readonly string[]>(), isStateful: false, hasFinally: false };
  const transformer = (context: ts.TransformationContext) => (file: ts.SourceFile) => transform(context, file, fileIndex * sitesPerFile, facts, outline);
  const body = name.endsWith('.js') && !/^(?:import|export)\b/m.test(text) ? printed(name, text, transformer) : transpiled(name, text, transformer);
  const compiled = runInThisContext(`(function (require, module, exports, $, setTimeout, setImmediate, queueMicrotask, structuredClone) {${body}\n})`) as (...args: unknown[]) => void;
  return {
    run: (require, module, recorder) => {
      const timer = (run: () => void): void => {
        recorder.work.later(run);
      };
      const clone = (value: unknown, options?: { transfer?: ArrayBuffer[] }): unknown => recorder.transfer(value, options?.transfer);
      const microtask = (run: () => void): void => {
        queueMicrotask(() => {
          recorder.attempt(run);
        });
      };
      compiled(require, module, module.exports, recorder, timer, timer, microtask, clone);
    },
    ...facts,
  };
}

type Transformer = ts.TransformerFactory<ts.SourceFile>;

function transpiled(fileName: string, text: string, transformer: Transformer): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, allowJs: true, verbatimModuleSyntax: false, alwaysStrict: true,
  };
  return ts.transpileModule(text, { fileName, compilerOptions, transformers: { before: [transformer] } }).outputText;
}

/** CommonJS needs no compiler: several times faster. */
function printed(fileName: string, text: string, transformer: Transformer): string {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const [transformed] = ts.transform(file, [transformer]).transformed;
  return transformed === undefined ? '' : `'use strict';\n${ts.createPrinter().printFile(transformed)}`;
}

interface Facts {
  readonly signatures: Map<string, readonly string[]>;
  isStateful: boolean;
  hasFinally: boolean;
}

function transform(context: ts.TransformationContext, file: ts.SourceFile, base: number, facts: Facts, outline: Outline): ts.SourceFile {
  const { factory } = context;
  const siteOf = (node: ts.Node): Site => base + file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const hook = (name: keyof Recorder, ...args: ts.Expression[]): ts.CallExpression =>
    factory.createCallExpression(factory.createPropertyAccessExpression(factory.createIdentifier('$'), name), undefined, args);
  const hookAt = (name: keyof Recorder, node: ts.Node, ...args: ts.Expression[]): ts.CallExpression =>
    hook(name, factory.createNumericLiteral(siteOf(node)), ...args);

  /** Whether the function around the node runs to its end without a pause: only then its frame is a stack's. */
  let hasFrame = false;

  const visitList = (statements: readonly ts.Statement[]): ts.Statement[] =>
    statements.flatMap((statement) => {
      const visited = ts.visitNode(statement, visit, ts.isStatement);
      return hasLine(statement) ? [factory.createExpressionStatement(hookAt('l', statement)), visited] : [visited];
    });

  const visitBody = (body: ts.ConciseBody | undefined, isFramed: boolean): ts.Block | undefined => {
    if (body === undefined) return undefined;
    const outer = hasFrame;
    hasFrame = isFramed;
    const statements = ts.isBlock(body)
      ? visitList(body.statements)
      : [factory.createReturnStatement(hookAt(isFramed ? 'r' : 'ra', body, ts.visitNode(body, visit, ts.isExpression)))];
    hasFrame = outer;
    if (!isFramed) return factory.createBlock(statements, true);
    const leave = factory.createBlock([factory.createExpressionStatement(hook('out'))]);
    return factory.createBlock(
      [factory.createExpressionStatement(hook('in')), factory.createTryStatement(factory.createBlock(statements, true), undefined, leave)],
      true,
    );
  };

  const visit = (node: ts.Node): ts.Node => {
    if (ts.isBlock(node)) return factory.updateBlock(node, visitList(node.statements));
    if (ts.isCaseClause(node)) return factory.updateCaseClause(node, ts.visitNode(node.expression, visit, ts.isExpression), visitList(node.statements));
    if (ts.isDefaultClause(node)) return factory.updateDefaultClause(node, visitList(node.statements));
    if (ts.isYieldExpression(node)) return hookAt('at', node, ts.visitEachChild(node, visit, context));
    if (ts.isAwaitExpression(node)) return hookAt('at', node, ts.visitEachChild(node, visit, context));
    if (ts.isReturnStatement(node) && node.expression !== undefined && isClosure(node.expression)) facts.isStateful = true;
    if (ts.isReturnStatement(node) && node.expression !== undefined) {
      return factory.updateReturnStatement(node, hookAt(hasFrame ? 'r' : 'ra', node, ts.visitNode(node.expression, visit, ts.isExpression)));
    }
    if (ts.isTryStatement(node)) return visitTry(node);
    if (ts.isCallExpression(node) && isTask(node)) {
      const values = node.arguments.map((argument) => hookAt('task', node, ts.visitNode(argument, visit, ts.isExpression)));
      return hook('spawned', factory.updateCallExpression(node, node.expression, undefined, values));
    }
    if (outline.isMoving && ts.isIdentifier(node) && isUse(node, outline)) return hookAt('u', node, node);
    const transferred = transferredBy(node);
    if (transferred !== undefined) return hookAt('moved', node, transferred);
    if (ts.isCallExpression(node) && isNamed(node, 'look')) {
      const [value] = node.arguments;
      const isLater = value !== undefined && !isGiven(node);
      const values = value === undefined ? [] : [ts.visitNode(value, visit, ts.isExpression), ...(isLater ? [factory.createNumericLiteral(siteOf(node))] : [])];
      return factory.updateCallExpression(node, node.expression, undefined, values);
    }
    const looked = ts.isCallExpression(node) ? lookedAtLater(node) : undefined;
    if (looked !== undefined) {
      const call = ts.visitEachChild(node, visit, context) as ts.Expression;
      // A field is looked up anew.
      return hook('spawned', ts.isIdentifier(looked) ? factory.createComma(hookAt('mark', node, looked), call) : call);
    }
    if (ts.isCallExpression(node) && isPush(node)) {
      const receiver = (node.expression as ts.PropertyAccessExpression).expression;
      const values = node.arguments.map((argument) =>
        ts.isSpreadElement(argument) ? ts.visitNode(argument, visit, ts.isExpression) : hookAt('p', node, receiver, ts.visitNode(argument, visit, ts.isExpression)),
      );
      return factory.updateCallExpression(node, node.expression, undefined, values);
    }
    if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) {
      noteSignature(node);
      const body = visitBody(node.body, !isSuspending(node));
      if (ts.isFunctionDeclaration(node)) {
        return factory.updateFunctionDeclaration(node, node.modifiers, node.asteriskToken, node.name, undefined, parametersOf(node), undefined, body);
      }
      if (ts.isMethodDeclaration(node)) {
        return factory.updateMethodDeclaration(node, node.modifiers, node.asteriskToken, node.name, undefined, undefined, parametersOf(node), undefined, body);
      }
      return factory.updateFunctionExpression(node, node.modifiers, node.asteriskToken, node.name, undefined, parametersOf(node), undefined, body ?? factory.createBlock([]));
    }
    if (ts.isArrowFunction(node)) {
      const body = visitBody(node.body, !isSuspending(node)) ?? factory.createBlock([]);
      return factory.updateArrowFunction(node, node.modifiers, undefined, parametersOf(node), undefined, node.equalsGreaterThanToken, body);
    }
    if (ts.isConstructorDeclaration(node)) return factory.updateConstructorDeclaration(node, node.modifiers, parametersOf(node), visitBody(node.body, true));
    if (ts.isGetAccessorDeclaration(node)) return factory.updateGetAccessorDeclaration(node, node.modifiers, node.name, [], undefined, visitBody(node.body, true));
    if (ts.isClassDeclaration(node)) facts.isStateful = true;
    return ts.visitEachChild(node, visit, context);
  };

  const parametersOf = (node: ts.SignatureDeclaration): ts.ParameterDeclaration[] =>
    node.parameters.map((parameter) => ts.visitNode(parameter, visit, ts.isParameter));

  const visitTry = (node: ts.TryStatement): ts.Node => {
    if (node.finallyBlock !== undefined) facts.hasFinally = true;
    const body = factory.createBlock([...visitList(node.tryBlock.statements), factory.createExpressionStatement(hook('x'))], true);
    let clause: ts.CatchClause | undefined;
    if (node.catchClause !== undefined) {
      const name = node.catchClause.variableDeclaration?.name;
      const binding = name !== undefined && ts.isIdentifier(name) ? name.text : '$error';
      clause = factory.createCatchClause(
        factory.createVariableDeclaration(binding),
        factory.createBlock(
          [factory.createExpressionStatement(hook('caught', factory.createIdentifier(binding))), ...visitList(node.catchClause.block.statements)],
          true,
        ),
      );
    }
    return factory.updateTryStatement(node, body, clause, ts.visitNode(node.finallyBlock, visit, ts.isBlock));
  };

  const noteSignature = (node: ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration): void => {
    if (node.name === undefined || !ts.isIdentifier(node.name)) return;
    if (ts.isMethodDeclaration(node) && node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.PrivateKeyword) === true) return;
    const owner = ts.isMethodDeclaration(node) && ts.isClassDeclaration(node.parent) ? `${node.parent.name?.text ?? ''}.` : '';
    facts.signatures.set(
      owner + node.name.text,
      node.parameters.map((parameter) => (ts.isIdentifier(parameter.name) ? parameter.name.text : '')),
    );
  };

  for (const statement of file.statements) if (isState(statement)) facts.isStateful = true;
  return factory.updateSourceFile(file, visitList(file.statements));
}

/** Statements that run nothing of their own, or that must stay first, get no mark. */
function hasLine(statement: ts.Statement): boolean {
  return !(
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  );
}

function isSuspending(node: ts.FunctionLikeDeclaration): boolean {
  return node.asteriskToken !== undefined || node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true;
}

/** A variable is the receiver of a call, what an element is stored in, or an argument: of a function that the program does not see through. */
function isUse(node: ts.Identifier, { functions }: Outline): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.arguments.includes(node) && !(ts.isIdentifier(parent.expression) && functions.has(parent.expression.text));
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node && ts.isCallExpression(parent.parent) && parent.parent.expression === parent;
  return ts.isElementAccessExpression(parent) && parent.expression === node;
}

/** @returns the view of `view.buffer.transfer()` */
function transferredBy(node: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || node.expression.name.text !== 'transfer') return undefined;
  const buffer = withoutTypes(node.expression.expression);
  return ts.isPropertyAccessExpression(buffer) ? buffer.expression : undefined;
}

/** `(value as Type)` is `value`. */
function withoutTypes(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) ? withoutTypes(node.expression) : node;
}

function isNamed(node: ts.CallExpression, name: string): boolean {
  return ts.isIdentifier(node.expression) && node.expression.text === name;
}

/** A helper that looks at what it is given after a pause. */
function isTask(node: ts.CallExpression): boolean {
  return ts.isIdentifier(node.expression) && /^later[BU]/.test(node.expression.text);
}

/** The bytes are what the function that looks was called with. */
function isGiven(look: ts.CallExpression): boolean {
  let at: ts.Node = look;
  while (!ts.isFunctionLike(at) && !ts.isSourceFile(at)) at = at.parent;
  return ts.isFunctionDeclaration(at);
}

/** What a function that is handed over on this line will look at: the variable or field, without the cut. */
function lookedAtLater(node: ts.CallExpression): ts.Expression | undefined {
  const callee = ts.isParenthesizedExpression(node.expression) ? [node.expression.expression] : [];
  const arrow = [...node.arguments, ...callee].find(ts.isArrowFunction);
  if (arrow === undefined) return undefined;
  let found: ts.Expression | undefined;
  const search = (at: ts.Node): void => {
    if (ts.isCallExpression(at) && isNamed(at, 'look')) found = at.arguments[0];
    else if (!ts.isFunctionLike(at)) ts.forEachChild(at, search);
  };
  ts.forEachChild(arrow.body, search);
  if (found !== undefined && ts.isCallExpression(found) && ts.isPropertyAccessExpression(found.expression)) return found.expression.expression;
  return found;
}

function isPush(node: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'push' && node.expression.expression.kind !== ts.SyntaxKind.ThisKeyword;
}

/** A function, or an object with methods: what it captured outlives the call that returns it. */
function isClosure(node: ts.Expression): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || (ts.isObjectLiteralExpression(node) && node.properties.some(ts.isMethodDeclaration));
}

/** A top-level variable that is not an import or a function. */
function isState(statement: ts.Statement): boolean {
  return (
    ts.isVariableStatement(statement) &&
    statement.declarationList.declarations.some(({ initializer }) => {
      if (initializer === undefined) return true;
      if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return false;
      return !(ts.isCallExpression(initializer) && ts.isIdentifier(initializer.expression) && initializer.expression.text === 'require');
    })
  );
}

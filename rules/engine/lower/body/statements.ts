import type ts from 'typescript';
import { isAmbient, skipTransparent } from '../syntax.js';
import { hold } from './changes.js';
import { lowerClass } from './classes.js';
import { typeofTest } from './conditions.js';
import { declareScope } from './declare.js';
import { lowerBreak, lowerContinue, lowerReturn } from './exits.js';
import { functionValue, opaque } from './literals.js';
import { lowerDoWhile, lowerFor, lowerForEach, lowerWhile } from './loops.js';
import { Unsupported, type Lowering } from './lowering.js';
import { lowerExported, lowerExportAssignment, lowerExportDeclaration, lowerImportEquals } from './modules.js';
import { writeName } from './names.js';
import { lowerNamespace } from './namespaces.js';
import { lowerTry } from './try.js';
import { lowerVariables } from './variables.js';

/** One statement. */
export function lowerStatement(lowering: Lowering, node: ts.Statement, labels: readonly string[]): void {
  const { SyntaxKind } = lowering;
  switch (node.kind) {
    case SyntaxKind.ExpressionStatement:
      lowering.effect((node as ts.ExpressionStatement).expression);
      return;
    case SyntaxKind.VariableStatement:
      lowerStatements(lowering, [node]);
      return;
    case SyntaxKind.Block:
      lowering.within(node, () => {
        declareScope(lowering, node);
        lowerStatements(lowering, (node as ts.Block).statements);
      });
      return;
    case SyntaxKind.IfStatement:
      lowerIf(lowering, node as ts.IfStatement);
      return;
    case SyntaxKind.ReturnStatement: {
      const { expression } = node as ts.ReturnStatement;
      lowerReturn(lowering, expression === undefined ? undefined : lowering.value(expression), lowering.origin(node));
      return;
    }
    case SyntaxKind.ThrowStatement:
      lowering.graph.end({ kind: 'throw', value: lowering.value((node as ts.ThrowStatement).expression), origin: lowering.origin(node) });
      return;
    case SyntaxKind.WhileStatement:
      lowerWhile(lowering, node as ts.WhileStatement, labels);
      return;
    case SyntaxKind.DoStatement:
      lowerDoWhile(lowering, node as ts.DoStatement, labels);
      return;
    case SyntaxKind.ForStatement:
      lowerFor(lowering, node as ts.ForStatement, labels);
      return;
    case SyntaxKind.ForOfStatement:
    case SyntaxKind.ForInStatement:
      lowerForEach(lowering, node as ts.ForOfStatement, labels);
      return;
    case SyntaxKind.SwitchStatement:
      lowerSwitch(lowering, node as ts.SwitchStatement, labels);
      return;
    case SyntaxKind.TryStatement:
      lowerTry(lowering, node as ts.TryStatement);
      return;
    case SyntaxKind.BreakStatement:
      lowerBreak(lowering, (node as ts.BreakStatement).label?.text);
      return;
    case SyntaxKind.ContinueStatement:
      lowerContinue(lowering, (node as ts.ContinueStatement).label?.text);
      return;
    case SyntaxKind.LabeledStatement:
      lowerLabelled(lowering, node as ts.LabeledStatement, labels);
      return;
    case SyntaxKind.ClassDeclaration:
      lowerClassDeclaration(lowering, node as ts.ClassDeclaration);
      return;
    case SyntaxKind.EnumDeclaration:
      lowerEnum(lowering, node as ts.EnumDeclaration);
      return;
    case SyntaxKind.ModuleDeclaration:
      lowerNamespace(lowering, node as ts.ModuleDeclaration, lowerStatements);
      return;
    case SyntaxKind.ExportDeclaration:
      lowerExportDeclaration(lowering, node as ts.ExportDeclaration);
      return;
    case SyntaxKind.ExportAssignment:
      lowerExportAssignment(lowering, node as ts.ExportAssignment);
      return;
    case SyntaxKind.ImportEqualsDeclaration:
      lowerImportEquals(lowering, node as ts.ImportEqualsDeclaration);
      return;
    case SyntaxKind.FunctionDeclaration:
      lowerExported(lowering, node, (node as ts.FunctionDeclaration).name);
      return;
    // Imports and functions are made at the start; types leave nothing.
    case SyntaxKind.ImportDeclaration:
    case SyntaxKind.InterfaceDeclaration:
    case SyntaxKind.TypeAliasDeclaration:
    case SyntaxKind.NamespaceExportDeclaration:
    case SyntaxKind.EmptyStatement:
    case SyntaxKind.DebuggerStatement:
    case SyntaxKind.NotEmittedStatement:
      return;
    default:
      throw new Unsupported(`${SyntaxKind[node.kind] ?? 'unknown syntax'} as a statement`);
  }
}

/** A list of statements: functions are made first; what follows a `using` runs inside its scope. */
export function lowerStatements(lowering: Lowering, statements: readonly ts.Statement[]): void {
  for (const statement of statements) hoist(lowering, statement);
  lowerFrom(lowering, statements, 0);
}

function lowerFrom(lowering: Lowering, statements: readonly ts.Statement[], first: number): void {
  const { SyntaxKind } = lowering;
  for (let i = first; i < statements.length; i++) {
    const statement = statements[i] as ts.Statement;
    if (lowering.graph.isDead) return;
    if (statement.kind !== SyntaxKind.VariableStatement) {
      lowering.statement(statement);
      continue;
    }
    if (isAmbient(statement, lowering.ts)) continue;
    let isRestDone = false;
    lowerVariables(lowering, (statement as ts.VariableStatement).declarationList, (isScoped) => {
      lowerExported(lowering, statement, undefined);
      if (isScoped) lowerFrom(lowering, statements, i + 1);
      isRestDone = isScoped;
    });
    if (isRestDone) return;
  }
}

function hoist(lowering: Lowering, statement: ts.Statement): void {
  const { SyntaxKind } = lowering;
  let node: ts.Statement = statement;
  while (node.kind === SyntaxKind.LabeledStatement) node = (node as ts.LabeledStatement).statement;
  if (node.kind !== SyntaxKind.FunctionDeclaration) return;
  const declaration = node as ts.FunctionDeclaration;
  if (declaration.name === undefined || !lowering.module.functionOf.has(declaration)) return;
  writeName(lowering, declaration.name, functionValue(lowering, declaration), declaration);
}

function lowerIf(lowering: Lowering, node: ts.IfStatement): void {
  const { graph } = lowering;
  const { SyntaxKind } = lowering;
  const end = graph.reserve();
  let chain: ts.IfStatement | undefined = node;
  while (chain !== undefined) {
    const { expression, thenStatement, elseStatement }: ts.IfStatement = chain;
    const then = graph.reserve();
    const otherwise = elseStatement === undefined ? end : graph.reserve();
    lowering.condition(expression, then, otherwise);
    graph.start(then);
    lowerNested(lowering, thenStatement);
    graph.goto(end);
    chain = undefined;
    if (elseStatement === undefined) continue;
    graph.start(otherwise);
    if (elseStatement.kind === SyntaxKind.IfStatement) chain = elseStatement as ts.IfStatement;
    else {
      lowerNested(lowering, elseStatement);
      graph.goto(end);
    }
  }
  graph.start(end);
}

/** A statement that is no block may still be a function declaration in old scripts: `if (x) function f() {}`. */
function lowerNested(lowering: Lowering, node: ts.Statement): void {
  if (lowering.graph.isDead) return;
  hoist(lowering, node);
  lowering.statement(node);
}

function lowerSwitch(lowering: Lowering, node: ts.SwitchStatement, labels: readonly string[]): void {
  const { graph } = lowering;
  const { SyntaxKind } = lowering;
  const { clauses } = node.caseBlock;
  const tests = clauses.flatMap((clause) => (clause.kind === SyntaxKind.CaseClause ? [(clause).expression] : []));
  const subject = skipTransparent(node.expression, lowering.ts);
  const typeTested = subject.kind === SyntaxKind.TypeOfExpression && tests.every((test) => lowering.ts.isStringLiteralLike(test)) ? subject : undefined;
  const value = typeTested === undefined ? hold(lowering, lowering.value(subject), subject, tests) : undefined;
  const end = graph.reserve();
  const bodies = clauses.map(() => graph.reserve());
  lowering.within(node.caseBlock, () => {
    declareScope(lowering, node.caseBlock);
    for (const clause of clauses) for (const statement of clause.statements) hoist(lowering, statement);
    clauses.forEach((clause, index) => {
      if (clause.kind !== SyntaxKind.CaseClause) return;
      const { expression } = clause;
      const test =
        (typeTested && typeofTest(lowering, typeTested, expression)) ??
        ({ kind: 'equal', left: value ?? lowering.value(subject), right: lowering.value(expression), isStrict: true } as const);
      const next = graph.reserve();
      graph.end({ kind: 'branch', test, then: bodies[index] ?? end, otherwise: next, origin: lowering.origin(clause) });
      graph.start(next);
    });
    const defaultIndex = clauses.findIndex((clause) => clause.kind === SyntaxKind.DefaultClause);
    graph.goto(bodies[defaultIndex] ?? end);
    lowering.framed({ kind: 'jump', labels, breakTo: end, continueTo: undefined, isPlain: true }, () => {
      clauses.forEach((clause, index) => {
        const body = bodies[index] as number;
        graph.goto(body);
        graph.start(body);
        lowerFrom(lowering, clause.statements, 0);
      });
    });
  });
  graph.goto(end);
  graph.start(end);
}

function lowerLabelled(lowering: Lowering, node: ts.LabeledStatement, labels: readonly string[]): void {
  const { graph } = lowering;
  const { SyntaxKind } = lowering;
  const own = [...labels, node.label.text];
  switch (node.statement.kind) {
    case SyntaxKind.WhileStatement:
    case SyntaxKind.DoStatement:
    case SyntaxKind.ForStatement:
    case SyntaxKind.ForOfStatement:
    case SyntaxKind.ForInStatement:
    case SyntaxKind.SwitchStatement:
    case SyntaxKind.LabeledStatement:
      lowering.statement(node.statement, own);
      return;
    default: {
      const end = graph.reserve();
      lowering.framed({ kind: 'jump', labels: own, breakTo: end, continueTo: undefined, isPlain: false }, () => {
        lowering.statement(node.statement);
      });
      graph.goto(end);
      graph.start(end);
    }
  }
}

function lowerClassDeclaration(lowering: Lowering, node: ts.ClassDeclaration): void {
  if (isAmbient(node, lowering.ts)) return;
  const value = lowerClass(lowering, node);
  if (node.name !== undefined) writeName(lowering, node.name, value, node);
  lowerExported(lowering, node, node.name, value);
}

function lowerEnum(lowering: Lowering, node: ts.EnumDeclaration): void {
  if (isAmbient(node, lowering.ts)) return;
  writeName(lowering, node.name, opaque(lowering, node), node);
  lowerExported(lowering, node, node.name);
}

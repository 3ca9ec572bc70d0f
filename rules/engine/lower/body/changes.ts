import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import { isAssignmentOperator } from '../syntax.js';
import type { Lowering } from './lowering.js';

/** What evaluating an expression may change: the names it assigns itself, and whether it runs other code. */
export interface Changes {
  readonly names: ReadonlySet<string>;
  readonly runsCode: boolean;
}

const NOTHING: Changes = { names: new Set(), runsCode: false };

/** Whether a value read from `variable` now may be another one after `later` is evaluated. */
function mayChange(lowering: Lowering, variable: Variable, later: readonly ts.Node[]): boolean {
  if (isStable(variable)) return false;
  return later.some((node) => {
    const { names, runsCode } = changesOf(lowering, node);
    return names.has(variable.name) || (runsCode && variable.isCaptured);
  });
}

/** Nothing assigns the variable once it has its value. */
function isStable(variable: Variable): boolean {
  return variable.storage === 'temporary' || variable.storage === 'this' || variable.isConstant;
}

/** The value of an expression that stands at `index` of a list, kept safe from what comes after it in the list. */
export function listOperand(lowering: Lowering, node: ts.Expression, list: readonly ts.Node[], index: number): Variable {
  const value = lowering.value(node);
  return isStable(value) ? value : hold(lowering, value, node, list.slice(index + 1));
}

/** The value of `node`, kept safe from what evaluating `later` does to the variable it may be read from. */
export function operand(lowering: Lowering, node: ts.Expression, later: readonly ts.Node[]): Variable {
  return hold(lowering, lowering.value(node), node, later);
}

/** A value, copied where evaluating `later` may change the variable that it stands in. */
export function hold(lowering: Lowering, value: Variable, node: ts.Node, later: readonly ts.Node[]): Variable {
  if (!mayChange(lowering, value, later)) return value;
  const origin = lowering.origin(node);
  const kept = lowering.temporary(origin);
  lowering.copy(kept, value, origin);
  return kept;
}

function changesOf(lowering: Lowering, node: ts.Node): Changes {
  const { SyntaxKind } = lowering;
  switch (node.kind) {
    case SyntaxKind.Identifier:
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NumericLiteral:
    case SyntaxKind.ThisKeyword:
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.ArrowFunction:
      return NOTHING;
    default: {
      const known = lowering.changes.get(node);
      if (known !== undefined) return known;
      const found = compute(lowering, node);
      lowering.changes.set(node, found);
      return found;
    }
  }
}

function compute(lowering: Lowering, node: ts.Node): Changes {
  const { SyntaxKind } = lowering;
  const names = new Set<string>();
  let runsCode = false;
  switch (node.kind) {
    case SyntaxKind.CallExpression:
    case SyntaxKind.NewExpression:
    case SyntaxKind.TaggedTemplateExpression:
    case SyntaxKind.AwaitExpression:
    case SyntaxKind.YieldExpression:
      runsCode = true;
      break;
    case SyntaxKind.BinaryExpression:
      if (isAssignmentOperator((node as ts.BinaryExpression).operatorToken.kind, lowering.ts)) collectNames(lowering, (node as ts.BinaryExpression).left, names);
      break;
    case SyntaxKind.PrefixUnaryExpression:
    case SyntaxKind.PostfixUnaryExpression: {
      const { operator, operand: target } = node as ts.PrefixUnaryExpression;
      if (operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken) collectNames(lowering, target, names);
      break;
    }
    default:
  }
  lowering.ts.forEachChild(node, (child) => {
    const inner = changesOf(lowering, child);
    if (inner.runsCode) runsCode = true;
    for (const name of inner.names) names.add(name);
  });
  return names.size === 0 && !runsCode ? NOTHING : { names, runsCode };
}

/** Every identifier in an assignment's target: more than it assigns, which only costs a copy. */
function collectNames(lowering: Lowering, target: ts.Node, into: Set<string>): void {
  if (target.kind === lowering.SyntaxKind.Identifier) into.add((target as ts.Identifier).text);
  else lowering.ts.forEachChild(target, (child) => { collectNames(lowering, child, into); });
}

import type ts from 'typescript';
import type { FunctionRecord, Lowered } from '../model.js';
import { lowerFields, lowerStatics } from './classes.js';
import { lowerCondition } from './conditions.js';
import { lowerReturn } from './exits.js';
import { lowerExpression } from './expressions.js';
import { Lowering, Unsupported, type Dispatch, type TypeScript } from './lowering.js';
import { lowerImports } from './modules.js';
import { bindPattern, withDefault } from './patterns.js';
import { lowerStatement, lowerStatements } from './statements.js';

const DISPATCH: Dispatch = { value: lowerExpression, condition: lowerCondition, statement: lowerStatement };

/** Lowers one function. What it does not know, or cannot hold on the stack, leaves the function without a body and with a reason. */
export function lowerFunction(tsc: TypeScript, fn: FunctionRecord): Lowered {
  if (fn.obstacle !== undefined) return { body: undefined, skipped: fn.obstacle };
  const lowering = new Lowering(tsc, fn, DISPATCH);
  try {
    lowerBodyOf(lowering);
    lowering.graph.end({ kind: 'return', value: undefined, origin: fn.origin });
    return { body: lowering.graph.finish(), skipped: undefined };
  } catch (error) {
    if (error instanceof Unsupported) return { body: undefined, skipped: error.message };
    if (error instanceof RangeError) return { body: undefined, skipped: 'nested too deeply' };
    throw error;
  }
}

function lowerBodyOf(lowering: Lowering): void {
  const { fn } = lowering;
  switch (fn.kind) {
    case 'module': {
      const { statements } = fn.node as ts.SourceFile;
      lowerImports(lowering, statements);
      lowerStatements(lowering, statements);
      return;
    }
    case 'fields':
      if (fn.ownerClass !== undefined) lowerFields(lowering, fn.ownerClass);
      return;
    case 'static-block':
      if (fn.ownerClass !== undefined) lowerStatics(lowering, fn.ownerClass);
      return;
    default:
      lowerFunctionLike(lowering, fn.node as ts.FunctionLikeDeclaration);
  }
}

function lowerFunctionLike(lowering: Lowering, node: ts.FunctionLikeDeclaration): void {
  const { SyntaxKind } = lowering;
  const { fn } = lowering;
  const parameters = node.parameters.filter(({ name }) => name.kind !== SyntaxKind.Identifier || (name).text !== 'this');
  parameters.forEach((parameter, index) => {
    const value = fn.parameters[index];
    if (value?.storage !== 'temporary') return;
    bindPattern(lowering, parameter.name, withDefault(lowering, value, parameter.initializer, parameter), parameter);
  });
  const { body } = node;
  if (body === undefined) return;
  if (body.kind === SyntaxKind.Block) lowerStatements(lowering, (body as ts.Block).statements);
  else lowerReturn(lowering, lowering.value(body), lowering.origin(body));
}

import type ts from 'typescript';
import { withCleanup } from './cleanups.js';
import { declareScope } from './declare.js';
import type { Lowering } from './lowering.js';
import { bindPattern } from './patterns.js';

/** `try … catch … finally` */
export function lowerTry(lowering: Lowering, node: ts.TryStatement): void {
  const { finallyBlock } = node;
  if (finallyBlock === undefined) lowerCatch(lowering, node);
  else {
    withCleanup(
      lowering,
      finallyBlock,
      () => {
        lowering.statement(finallyBlock);
      },
      () => {
        lowerCatch(lowering, node);
      },
    );
  }
}

function lowerCatch(lowering: Lowering, { tryBlock, catchClause }: ts.TryStatement): void {
  if (catchClause === undefined) {
    lowering.statement(tryBlock);
    return;
  }
  const { graph } = lowering;
  const outer = graph.handler;
  const caught = graph.reserve();
  const end = graph.reserve();
  graph.changeHandler(caught);
  lowering.statement(tryBlock);
  graph.goto(end);
  graph.handler = outer;
  graph.startHandler(caught);
  lowering.within(catchClause, () => {
    const { variableDeclaration, block } = catchClause;
    const at = variableDeclaration ?? catchClause;
    const origin = lowering.origin(at);
    const error = lowering.temporary(origin);
    lowering.emit({ op: 'caught', target: error, origin });
    declareScope(lowering, catchClause);
    if (variableDeclaration !== undefined) bindPattern(lowering, variableDeclaration.name, error, variableDeclaration);
    lowering.statement(block);
  });
  graph.goto(end);
  graph.start(end);
}

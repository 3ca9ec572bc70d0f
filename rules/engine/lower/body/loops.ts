import type ts from 'typescript';
import type { BlockId, IterationMode, Variable } from '../../ir/index.js';
import { cleanupFrame, withCleanup } from './cleanups.js';
import { declareScope } from './declare.js';
import type { Lowering } from './lowering.js';
import { assignTo, bindPattern } from './patterns.js';
import { isUsing, lowerVariables } from './variables.js';

type Labels = readonly string[];

function inLoop(lowering: Lowering, labels: Labels, breakTo: BlockId, continueTo: BlockId, inside: () => void): void {
  lowering.framed({ kind: 'jump', labels, breakTo, continueTo, isPlain: true }, inside);
}

export function lowerWhile(lowering: Lowering, node: ts.WhileStatement, labels: Labels): void {
  const { graph } = lowering;
  const head = graph.reserve();
  const body = graph.reserve();
  const end = graph.reserve();
  graph.goto(head);
  graph.start(head);
  lowering.condition(node.expression, body, end);
  graph.start(body);
  inLoop(lowering, labels, end, head, () => {
    lowering.statement(node.statement);
  });
  graph.goto(head);
  graph.start(end);
}

export function lowerDoWhile(lowering: Lowering, node: ts.DoStatement, labels: Labels): void {
  const { graph } = lowering;
  const body = graph.reserve();
  const test = graph.reserve();
  const end = graph.reserve();
  graph.goto(body);
  graph.start(body);
  inLoop(lowering, labels, end, test, () => {
    lowering.statement(node.statement);
  });
  graph.goto(test);
  graph.start(test);
  lowering.condition(node.expression, body, end);
  graph.start(end);
}

export function lowerFor(lowering: Lowering, node: ts.ForStatement, labels: Labels): void {
  lowering.within(node, () => {
    declareScope(lowering, node);
    const { initializer } = node;
    if (initializer === undefined) forTurns(lowering, node, labels);
    else if (initializer.kind === lowering.SyntaxKind.VariableDeclarationList) {
      const list = initializer as ts.VariableDeclarationList;
      lowerVariables(lowering, list, () => {
        forTurns(lowering, node, labels);
      });
    } else {
      lowering.effect(initializer);
      forTurns(lowering, node, labels);
    }
  });
}

function forTurns(lowering: Lowering, node: ts.ForStatement, labels: Labels): void {
  const { graph } = lowering;
  const head = graph.reserve();
  const body = graph.reserve();
  const update = graph.reserve();
  const end = graph.reserve();
  graph.goto(head);
  graph.start(head);
  if (node.condition === undefined) graph.goto(body);
  else lowering.condition(node.condition, body, end);
  graph.start(body);
  inLoop(lowering, labels, end, update, () => {
    lowering.statement(node.statement);
  });
  graph.goto(update);
  graph.start(update);
  nextTurn(lowering, node);
  if (node.incrementor !== undefined) lowering.effect(node.incrementor);
  graph.goto(head);
  graph.start(end);
}

/** Each turn of a `for` has its own copies of the head's variables: closures of earlier turns keep theirs. */
function nextTurn(lowering: Lowering, node: ts.ForStatement): void {
  for (const variable of lowering.module.scopes.get(node)?.bindings.values() ?? []) {
    if (!variable.isCaptured || variable.isConstant) continue;
    const { origin } = variable;
    const kept = lowering.temporary(origin);
    lowering.copy(kept, variable, origin);
    lowering.emit({ op: 'declare', variable, origin });
    lowering.copy(variable, kept, origin);
  }
}

/** `for (… of …)`, `for await (… of …)` and `for (… in …)` */
export function lowerForEach(lowering: Lowering, node: ts.ForOfStatement | ts.ForInStatement, labels: Labels): void {
  const { graph } = lowering;
  const { SyntaxKind } = lowering;
  const mode: IterationMode = node.kind === SyntaxKind.ForInStatement ? 'keys' : node.awaitModifier === undefined ? 'sync' : 'async';
  const at = lowering.origin(node.expression);
  const iterable = lowering.value(node.expression);
  const iterator = lowering.temporary(at);
  lowering.emit({ op: 'iterate', target: iterator, iterable, mode, origin: at });
  const head = graph.reserve();
  const body = graph.reserve();
  const end = graph.reserve();
  graph.goto(head);
  graph.start(head);
  const origin = lowering.origin(node.initializer);
  const value = lowering.temporary(origin);
  graph.end({ kind: 'next', iterator, value, mode, body, done: end, origin: at });
  graph.start(body);
  const turn = (): void => {
    lowering.framed({ kind: 'jump', labels, breakTo: undefined, continueTo: head, isPlain: true }, () => {
      forEachTurn(lowering, node, value);
    });
  };
  const close = (): void => {
    lowering.emit({ op: 'close-iterator', iterator, mode, origin: at });
  };
  lowering.framed({ kind: 'jump', labels, breakTo: end, continueTo: undefined, isPlain: true }, () => {
    if (mode === 'keys') turn();
    else lowering.framed(cleanupFrame(lowering, close), turn);
  });
  graph.goto(head);
  graph.start(end);
}

function forEachTurn(lowering: Lowering, node: ts.ForOfStatement | ts.ForInStatement, value: Variable): void {
  const { initializer, statement } = node;
  if (initializer.kind !== lowering.SyntaxKind.VariableDeclarationList) {
    assignTo(lowering, initializer, value, initializer);
    lowering.statement(statement);
    return;
  }
  lowering.within(node, () => {
    declareScope(lowering, node);
    const list = initializer as ts.VariableDeclarationList;
    const declaration = list.declarations[0];
    if (declaration !== undefined) bindPattern(lowering, declaration.name, value, declaration);
    const using = isUsing(lowering, list);
    if (using === undefined) lowering.statement(statement);
    else {
      withCleanup(
        lowering,
        initializer,
        () => {
          lowering.emit({ op: 'dispose', value, isAsync: using.isAsync, origin: lowering.origin(initializer) });
        },
        () => {
          lowering.statement(statement);
        },
      );
    }
  });
}

import type ts from 'typescript';
import type { ClassRecord, FunctionRecord } from '../model.js';
import { NodeOrigin } from '../origin.js';
import { hasModifier, isAmbient } from '../syntax.js';
import { walkBinding } from './bindings.js';
import { declareNamed } from './declarations.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

/** Makes a function's header, declares its parameters and walks its body. */
export function walkFunction(
  walker: Walker,
  node: ts.FunctionLikeDeclaration,
  at: Position,
  name: string,
  kind: FunctionRecord['kind'],
  ownerClass?: ClassRecord,
): FunctionRecord {
  const { SyntaxKind } = walker;
  const isAsync = hasModifier(node, SyntaxKind.AsyncKeyword);
  const inside = walker.openFunction({ name, kind, isAsync, isGenerator: node.asteriskToken !== undefined, node, ownerClass }, at);
  const { fn } = inside;
  walker.module.functionOf.set(node, fn);
  for (const parameter of node.parameters) walkParameter(walker, parameter, inside);
  const { body } = node;
  if (body?.kind === SyntaxKind.Block) walker.visitAll((body as ts.Block).statements, inside);
  else if (body !== undefined) {
    fn.outline.hasReturnValue = true;
    walker.visit(body, inside);
  }
  walker.close(inside);
  return fn;
}

function walkParameter(walker: Walker, parameter: ts.ParameterDeclaration, inside: Position): void {
  const { SyntaxKind } = walker;
  const { fn, scope } = inside;
  const isPlain = parameter.name.kind === SyntaxKind.Identifier && parameter.initializer === undefined;
  if (isPlain && (parameter.name).text === 'this') return;
  if (parameter.dotDotDotToken !== undefined) fn.hasRest = true;
  if (isPlain) {
    const name = parameter.name;
    fn.parameters.push(walker.declare(name, name.text, 'parameter', scope));
    return;
  }
  fn.parameters.push(walker.module.newVariable('', 'temporary', fn, new NodeOrigin(parameter, walker.module.sourceFile)));
  const hint = parameter.name.kind === SyntaxKind.Identifier ? (parameter.name).text : '<anonymous>';
  walker.visitNamed(parameter.initializer, inside, hint);
  walkBinding(walker, parameter.name, inside, { scope, storage: 'local', isRepeated: false, isOfThis: false });
}

/** A function where it is written: declared, or an expression that may name itself. */
export function walkFunctionNode(walker: Walker, node: ts.FunctionExpression | ts.FunctionDeclaration | ts.ArrowFunction, at: Position): void {
  const { SyntaxKind } = walker;
  const name = node.name?.text ?? walker.contextualName(node);
  switch (node.kind) {
    case SyntaxKind.FunctionDeclaration: {
      if (node.body === undefined || isAmbient(node, walker.ts)) return;
      const scope = walker.isStrict ? at.scope : at.scope.nearestVarScope();
      if (node.name !== undefined) declareNamed(walker, node.name, scope);
      walkFunction(walker, node, at, node.name?.text ?? 'default', 'function');
      return;
    }
    case SyntaxKind.ArrowFunction:
      walkFunction(walker, node, at, name, 'arrow');
      return;
    default: {
      if (node.name === undefined) {
        walkFunction(walker, node, at, name, 'function');
        return;
      }
      const own = walker.openScope(node, at);
      walker.declare(node.name, name, 'local', own.scope);
      walkFunction(walker, node, own, name, 'function');
      walker.close(own);
    }
  }
}

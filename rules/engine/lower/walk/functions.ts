import type ts from 'typescript';
import type { ClassRecord, FunctionRecord } from '../model.js';
import { NodeOrigin } from '../origin.js';
import { hasModifier } from '../syntax.js';
import { walkBinding } from './bindings.js';
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
  const { SyntaxKind } = walker.ts;
  const isAsync = hasModifier(node, SyntaxKind.AsyncKeyword);
  const inside = walker.openFunction({ name, kind, isAsync, isGenerator: node.asteriskToken !== undefined, node, ownerClass }, at);
  const { fn } = inside;
  walker.module.functionOf.set(node, fn);
  for (const parameter of node.parameters) walkParameter(walker, parameter, inside);
  const { body } = node;
  if (body === undefined) return fn;
  if (body.kind === SyntaxKind.Block) walker.visitAll((body as ts.Block).statements, inside);
  else {
    fn.outline.hasReturnValue = true;
    walker.visit(body, inside);
  }
  return fn;
}

function walkParameter(walker: Walker, parameter: ts.ParameterDeclaration, inside: Position): void {
  const { SyntaxKind } = walker.ts;
  const { fn, scope } = inside;
  const isPlain = parameter.name.kind === SyntaxKind.Identifier && parameter.initializer === undefined;
  if (isPlain && (parameter.name as ts.Identifier).text === 'this') return;
  if (parameter.dotDotDotToken !== undefined) fn.hasRest = true;
  if (isPlain) {
    const name = parameter.name as ts.Identifier;
    fn.parameters.push(walker.declare(name, name.text, 'parameter', scope));
    return;
  }
  fn.parameters.push(walker.module.newVariable('', 'temporary', fn, new NodeOrigin(parameter, walker.module.sourceFile)));
  const hint = parameter.name.kind === SyntaxKind.Identifier ? (parameter.name as ts.Identifier).text : '<anonymous>';
  walker.visitNamed(parameter.initializer, inside, hint);
  walkBinding(walker, parameter.name, inside, { scope, storage: 'local', isRepeated: false, isOfThis: false });
}

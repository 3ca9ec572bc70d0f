import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import { isErasedNamespace } from '../syntax.js';
import type { Lowering } from './lowering.js';
import { lowerExported } from './modules.js';
import { readName, writeName } from './names.js';

/** A namespace: its body runs in place, its exports are members of one object. */
export function lowerNamespace(lowering: Lowering, node: ts.ModuleDeclaration, statements: (lowering: Lowering, list: readonly ts.Statement[]) => void): void {
  if (isErasedNamespace(node, lowering.ts)) return;
  const name = node.name as ts.Identifier;
  const object = namespaceObject(lowering, node, name);
  const body = node.body as ts.ModuleBlock | ts.NamespaceDeclaration;
  const outer = lowering.namespace;
  lowering.within(body, () => {
    lowering.namespace = object;
    if (body.kind === lowering.SyntaxKind.ModuleDeclaration) {
      lowerNamespace(lowering, body, statements);
      const key = { kind: 'name', name: body.name.text } as const;
      lowering.emit({ op: 'store', object, key, value: readName(lowering, body.name), origin: lowering.origin(body) });
    } else statements(lowering, body.statements);
  });
  lowering.namespace = outer;
  lowerExported(lowering, node, name);
}

/** The first declaration makes the object; later ones, and those that extend a class, function or enum, go on with it. */
function namespaceObject(lowering: Lowering, node: ts.ModuleDeclaration, name: ts.Identifier): Variable {
  const variable = readName(lowering, name);
  if ((variable.origin.syntax as ts.Node) !== (name as ts.Node)) return variable;
  const origin = lowering.origin(node);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'object', target, properties: [], origin });
  writeName(lowering, name, target, node);
  return variable;
}

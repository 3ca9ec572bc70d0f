import type ts from 'typescript';
import type { Lowering } from './lowering.js';

/** At the entry of a block scope: its captured variables, and those of a loop's turn, are fresh places. */
export function declareScope(lowering: Lowering, node: ts.Node): void {
  const scope = lowering.module.scopes.get(node);
  if (scope === undefined) return;
  for (const variable of scope.bindings.values()) {
    if (scope.isInLoop || variable.isCaptured) lowering.emit({ op: 'declare', variable, origin: variable.origin });
  }
}

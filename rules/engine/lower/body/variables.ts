import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import { withCleanup } from './cleanups.js';
import type { Lowering } from './lowering.js';
import { bindPattern, keep } from './patterns.js';

/** `using` and `await using`, which dispose at the end of their scope. */
export function isUsing({ NodeFlags }: Lowering, list: ts.VariableDeclarationList): { readonly isAsync: boolean } | undefined {
  const kind = list.flags & NodeFlags.BlockScoped;
  if (kind === NodeFlags.AwaitUsing) return { isAsync: true };
  return kind === NodeFlags.Using ? { isAsync: false } : undefined;
}

/** Lowers declarations, then what follows them in their scope; `rest` is told when that must happen inside, because `using` disposes after it. */
export function lowerVariables(lowering: Lowering, list: ts.VariableDeclarationList, rest: (isScoped: boolean) => void): void {
  const using = isUsing(lowering, list);
  if (using === undefined) {
    for (const declaration of list.declarations) lowerVariable(lowering, declaration, list);
    rest(false);
    return;
  }
  const next = (index: number): void => {
    const declaration = list.declarations[index];
    if (declaration === undefined) {
      rest(true);
      return;
    }
    const value = lowerVariable(lowering, declaration, list);
    if (value === undefined) {
      next(index + 1);
      return;
    }
    withCleanup(
      lowering,
      declaration,
      () => {
        lowering.emit({ op: 'dispose', value, isAsync: using.isAsync, origin: lowering.origin(declaration) });
      },
      () => {
        next(index + 1);
      },
    );
  };
  next(0);
}

function lowerVariable(lowering: Lowering, declaration: ts.VariableDeclaration, list: ts.VariableDeclarationList): Variable | undefined {
  const { initializer, name } = declaration;
  const { NodeFlags, SyntaxKind } = lowering;
  if (initializer !== undefined) {
    const value = lowering.value(initializer);
    bindPattern(lowering, name, name.kind === SyntaxKind.Identifier ? value : keep(lowering, value, initializer), declaration);
    return value;
  }
  // `let x;` is undefined anew each time; `var x;` keeps what the variable holds.
  if ((list.flags & NodeFlags.BlockScoped) !== 0) bindPattern(lowering, name, lowering.literal(undefined, lowering.origin(declaration)), declaration);
  return undefined;
}

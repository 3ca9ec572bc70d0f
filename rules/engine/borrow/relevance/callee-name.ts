import type { Callee, Variable } from '../../ir/index.js';

/**
 * The name by which a call names what it calls.
 *
 * @param callee - of the call
 * @param nameOf - the name that a value goes by
 * @returns undefined where there is none: of `import()`, of computed members and of base constructors
 */
export function nameOfCallee(callee: Callee, nameOf: (variable: Variable) => string | undefined): string | undefined {
  switch (callee.kind) {
    case 'value':
    case 'construct':
      return nameOf(callee.value);
    case 'method':
    case 'super-method':
      return callee.key.kind === 'name' ? callee.key.name : undefined;
    default:
      return undefined;
  }
}

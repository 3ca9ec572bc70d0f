import type { FunctionIr, Variable } from '../ir/index.js';
import { factsOf, type Call } from './facts.js';

/** `queue = [...this.queue, value]`, `this.queue = queue.concat(value)`: what is given another list, and the list that this is made of, have one name. */
const RENEWING = /(?<![\w$#])(?<name>[\w$#]+)\s*=\s*(?:\[\s*\.\.\.[\w$.#?!(]*?(?<![\w$#])\k<name>(?![\w$])|[\w$.#?!(]*?(?<![\w$#])\k<name>[?!]*\.concat\()/;

/** What every such assignment has in it, and most files have not: much faster to look for. */
const MAKING = /\[\s*\.\.\.|\.concat\(/;

/**
 * Whether code may put values into a list by making another one, by its text.
 *
 * @param text - of a file, or of a function
 * @returns false where nothing looks like it
 */
export function mayRenew(text: string): boolean {
  return MAKING.test(text) && RENEWING.test(text);
}

/** A list that is another one with something more, or with less: what is stored in place of the old one. */
export interface Renewed {
  /** The list that it is made of. */
  readonly of: Variable;
  readonly does: 'put' | 'take';
  /** What comes in; undefined where that is not a single value. */
  readonly value: Variable | undefined;
}

/**
 * What a value that is to be kept makes of another list: `[...queue, value]`, `queue.concat(value)`, `queue.slice(1)`, the rest of `[first, ...rest]`.
 *
 * @param value - the value
 * @param fn - where it is
 * @returns the list that it is made of, and what becomes of that; undefined for every other value
 */
export function renewedBy(value: Variable, fn: FunctionIr): Renewed | undefined {
  const made = factsOf(fn).makerOf(value);
  switch (made?.op) {
    case 'array': {
      const [first, ...others] = made.elements;
      if (first?.kind !== 'spread' || others.length === 0) return undefined;
      const [only] = others;
      return { of: first.value, does: 'put', value: others.length === 1 && only?.kind === 'value' ? only.value : undefined };
    }
    case 'rest':
      return (made.from ?? 0) > 0 ? { of: made.object, does: 'take', value: undefined } : undefined;
    case 'call':
      return renewedByCall(made);
    default:
      return undefined;
  }
}

function renewedByCall({ callee, arguments: args }: Call): Renewed | undefined {
  if (callee.kind !== 'method' || callee.key.kind !== 'name') return undefined;
  if (callee.key.name === 'concat') return { of: callee.object, does: 'put', value: args.length === 1 ? args[0]?.value : undefined };
  return callee.key.name === 'slice' && args.length === 1 ? { of: callee.object, does: 'take', value: undefined } : undefined;
}

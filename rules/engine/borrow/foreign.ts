import type { FunctionIr } from '../ir/index.js';

/** Methods that write the bytes they are called on. */
const byteWriters = ['fill', 'set', 'copyWithin', 'write', 'reverse', 'sort'];

/** A function that may write bytes it was given: its caller's. */
export function writesBytes({ outline }: FunctionIr): boolean {
  return outline.hasElementStore || byteWriters.some((name) => outline.members.has(name));
}

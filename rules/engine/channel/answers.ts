import type { Loop } from '../flow/graph.js';
import type { FunctionIr, Variable } from '../ir/index.js';
import { factsOf, type Call } from './facts.js';
import { functionIndexOf } from './functions.js';
import { isSameMember, rootOf, type Root } from './roots.js';

/** Methods that read for others are followed this far. */
const longestChain = 2;

/**
 * A loop that waits for what the other side of a sink says, or for whoever is given the sink: what it writes are answers, and there are no more
 * of them than the other side asked for. `const line = await readLine(this.socket); this.socket.write(reply(line));`
 *
 * @param fn - the function
 * @param loop - one of its loops
 * @param sink - how the function reaches the sink
 * @returns whether a turn waits for something of the sink's
 */
export function waitsForSink(fn: FunctionIr, loop: Loop, sink: Root): boolean {
  const facts = factsOf(fn);
  return facts.blocks.some(({ id, terminal, instructions }) => {
    if (!loop.blocks.has(id)) return false;
    if (terminal.kind === 'next' && terminal.mode === 'async' && isOpenedOn(terminal.iterator, fn, sink)) return true;
    return instructions.some((instruction) => instruction.op === 'await' && isAskedOf(callIn(instruction.value, fn), fn, sink, 0));
  });
}

/** `for await (const chunk of socket)` */
function isOpenedOn(iterator: Variable, fn: FunctionIr, sink: Root): boolean {
  const opened = factsOf(fn).makerOf(iterator);
  return opened?.op === 'iterate' && isSameMember(rootOf(opened.iterable), sink);
}

function callIn(promise: Variable, fn: FunctionIr): Call | undefined {
  const made = factsOf(fn).makerOf(promise);
  return made?.op === 'call' ? made : undefined;
}

/** The call is given the sink, or is one of a method that does nothing else first. */
function isAskedOf(call: Call | undefined, fn: FunctionIr, sink: Root, depth: number): boolean {
  if (call === undefined) return false;
  if (call.arguments.some(({ value }) => isSameMember(rootOf(value), sink))) return true;
  const callee = depth < longestChain ? functionIndexOf(fn.module).calleeOf(call) : undefined;
  if (callee === undefined) return false;
  const { sites, returned } = factsOf(callee);
  const asked = [...sites.flatMap(({ instruction }) => (instruction.op === 'await' ? [instruction.value] : [])), ...returned];
  return asked.some((promise) => isAskedOf(callIn(promise, callee), callee, sink, depth + 1));
}

import type { Loop } from '../flow/graph.js';
import type { Block, FunctionIr, Origin, Terminal, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { factsOf, type Facts } from './facts.js';
import { sizeOf, sizeOfKeys, type Size } from './sizes.js';

/** A loop that goes through the elements of something. */
export interface Pass {
  /** Where it says so. */
  readonly at: Origin;
  /** What decides whether there is another turn. */
  readonly head: Terminal;
  /** The element of a turn, or its key. */
  readonly elements: readonly Variable[];
  /** What it goes through is in memory. */
  readonly isSync: boolean;
  readonly size: (world: World) => Size;
}

/**
 * How a loop goes through something: `for … of`, `for … in`, or a number that counts up to the length of a list whose elements it reads.
 *
 * @param fn - the function
 * @param loop - one of its loops
 * @param blocks - the loop's
 * @returns undefined for a loop that goes through nothing
 */
export function passOf(fn: FunctionIr, loop: Loop, blocks: readonly Block[]): Pass | undefined {
  const facts = factsOf(fn);
  for (const { terminal } of blocks) {
    if (terminal.kind === 'next' && !loop.blocks.has(terminal.done)) return stepped(terminal, blocks, facts);
    if (terminal.kind !== 'branch' || loop.blocks.has(terminal.otherwise) || !loop.blocks.has(terminal.then)) continue;
    const counted = countedBy(terminal, blocks, facts);
    if (counted !== undefined) return counted;
  }
  return undefined;
}

function stepped(step: Extract<Terminal, { readonly kind: 'next' }>, blocks: readonly Block[], facts: Facts): Pass {
  const opened = facts.makerOf(step.iterator);
  const sizeIn = (world: World): Size => {
    if (step.mode === 'async') return 'input';
    if (opened?.op !== 'iterate') return 'unknown';
    return step.mode === 'keys' ? sizeOfKeys({ value: opened.iterable, origin: facts.originOf(opened.iterable) }, facts.fn, world) : sizeOf(opened.iterable, facts.fn, world);
  };
  return { at: step.origin, head: step, elements: [step.value, ...(step.mode === 'keys' ? readAt(step.value, undefined, blocks, facts) : [])], isSync: step.mode !== 'async', size: sizeIn };
}

/** `for (let i = 0; i < list.length; i++) … list[i]` */
function countedBy(head: Extract<Terminal, { readonly kind: 'branch' }>, blocks: readonly Block[], facts: Facts): Pass | undefined {
  const { test } = head;
  if (test.kind !== 'less') return undefined;
  const length = lengthIn(test.right, facts);
  if (length?.op !== 'load' || length.key.kind !== 'name' || length.key.name !== 'length') return undefined;
  const elements = readAt(facts.sourceOf(test.left), facts.sourceOf(length.object), blocks, facts);
  return elements.length === 0 ? undefined : { at: head.origin, head, elements, isSync: true, size: (world) => sizeOf(length.object, facts.fn, world) };
}

/** What a loop reads under a key: of one object, or of any. */
function readAt(key: Variable, object: Variable | undefined, blocks: readonly Block[], facts: Facts): readonly Variable[] {
  return blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) => {
      if (one.op !== 'load' || one.key.kind !== 'computed' || !facts.sourcesOf(one.key.value).has(key)) return [];
      return object === undefined || facts.sourceOf(one.object) === object ? [one.target] : [];
    }),
  );
}

/** `list.length`, or a variable that was given it: `const count = list.length`. */
function lengthIn(value: Variable, facts: Facts): ReturnType<Facts['makerOf']> {
  const made = facts.makerOf(value);
  return made?.op === 'copy' ? facts.makerOf(made.source) : made;
}

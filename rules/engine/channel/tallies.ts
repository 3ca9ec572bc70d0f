import type { FunctionIr, Instruction } from '../ir/index.js';
import { factsOf } from './facts.js';
import { touchersOf, type Place, type Places } from './places.js';
import type { Put, QueueUses, Uses } from './uses.js';

/**
 * Reads of what is counted beside a queue, and of getters that give it: how much there is in it (`this.bytes += chunk.length` where a chunk is put
 * in), or how much more there may be (`this.credits--`).
 *
 * @param queue - where the queue is kept
 * @param puts - what goes in
 * @param uses - what functions do with places
 * @param places - finds the places of values
 * @returns the reads
 */
export function talliesOf(queue: Place, puts: readonly Put[], uses: Uses, places: Places): Pick<QueueUses, 'sizes' | 'rooms'> {
  const sizes = new Map<string, Place>();
  const rooms = new Map<string, Place>();
  for (const { site: { fn } } of puts) {
    for (const { instruction } of factsOf(fn).sites) {
      const change = changeBy(instruction, fn);
      const counter = change && counterOf(change.instruction, fn, places);
      if (change === undefined || counter === undefined || counter.base?.key !== queue.base?.key || counter.key === queue.key) continue;
      (change.operator === '+' ? sizes : rooms).set(counter.key, counter);
    }
  }
  return { sizes: readsOf(sizes, uses, places), rooms: readsOf(rooms, uses, places) };
}

type Kept = Extract<Instruction, { readonly op: 'store' | 'copy' }>;

/** `count++`, `this.bytes += chunk.length`, `this.credits--` */
function changeBy(instruction: Instruction, fn: FunctionIr): { readonly instruction: Kept; readonly operator: string } | undefined {
  if (instruction.op !== 'store' && instruction.op !== 'copy') return undefined;
  const made = factsOf(fn).makerOf(instruction.op === 'store' ? instruction.value : instruction.source);
  return made?.op === 'binary' && (made.operator === '+' || made.operator === '-') ? { instruction, operator: made.operator } : undefined;
}

function counterOf(kept: Kept, fn: FunctionIr, places: Places): Place | undefined {
  if (kept.op === 'copy') return places.placeOf(kept.target, fn);
  return kept.key.kind === 'name' ? places.memberOf(kept.object, kept.key.name, fn) : undefined;
}

function readsOf(counters: ReadonlyMap<string, Place>, uses: Uses, places: Places): QueueUses['sizes'] {
  return [...counters.values()].flatMap((counter) => [counter, ...gettersOf(counter, places)]).flatMap((counter) =>
    touchersOf(counter).flatMap((fn) => {
      const own = counter.variable === undefined ? [] : [counter.variable];
      const loaded = (uses.in(fn).get(counter.key) ?? []).flatMap((raw) => (raw.kind === 'load' ? [raw.target] : []));
      return [...own, ...loaded].map((value) => ({ fn, value }));
    }),
  );
}

/** `get size() { return this.#size; }` */
function gettersOf(counter: Place, places: Places): readonly Place[] {
  const members = counter.base?.class?.members ?? [];
  return members.flatMap(({ key, function: getter }) => {
    if (getter.kind !== 'getter' || key.kind !== 'name' || getter.thisVariable === undefined) return [];
    const gives = factsOf(getter).returned.some((value) => places.placeOf(value, getter)?.key === counter.key);
    return gives ? (places.memberOf(getter.thisVariable, key.name, getter) ?? []) : [];
  });
}

import type { BlockId, FunctionIr, Instruction } from '../ir/index.js';
import { successorsOf } from '../ir/operands.js';
import type { Call, Values } from './values.js';

/** Functions of the program that are gone through to see where a call ends. */
const DEEPEST = 6;

/**
 * Says what a program does on its way out: `writeFileSync('crash.log', text); process.exit(1);`. The event loop does not turn again, so nothing
 * waits for what blocks there.
 */
export class LastWords {
  readonly #values: Values;
  readonly #ending = new Map<FunctionIr, boolean>();

  constructor(values: Values) {
    this.#values = values;
  }

  /**
   * Whether the process ends after a call, whatever way control goes, and before anything else has its turn.
   *
   * @param call - the call
   * @param fn - where it stands
   * @param block - the block that it stands in
   */
  isBeforeEnd(call: Call, fn: FunctionIr, block: BlockId): boolean {
    const index = fn.body?.blocks[block]?.instructions.indexOf(call) ?? -1;
    return index >= 0 && this.#endsAfter(fn, block, index + 1, 0);
  }

  #endsAfter(fn: FunctionIr, block: BlockId, index: number, depth: number): boolean {
    const blocks = fn.body?.blocks ?? [];
    const seen = new Set<BlockId>();
    const queue = [{ id: block, from: index }];
    let isEnding = false;
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { instructions = [], terminal } = blocks[next.id] ?? {};
      const last = instructions.slice(next.from).find((instruction) => instruction.op === 'await' || this.#isEnd(instruction, depth));
      if (last?.op === 'await') return false;
      if (last !== undefined) {
        isEnding = true;
        continue;
      }
      if (terminal?.kind !== 'goto' && terminal?.kind !== 'branch' && (terminal?.kind !== 'next' || terminal.mode === 'async')) return false;
      for (const id of successorsOf(terminal)) {
        // What comes round again is not the last.
        if (id === block) return false;
        if (seen.has(id)) continue;
        seen.add(id);
        queue.push({ id, from: 0 });
      }
    }
    return isEnding;
  }

  #isEnd(instruction: Instruction, depth: number): boolean {
    if (instruction.op !== 'call') return false;
    const targets = this.#values.targetsOf(instruction);
    return targets.length > 0 && targets.every((target) => (target.kind === 'contract' ? target.contract.endsProcess === true : this.#isEnding(target.function, depth + 1)));
  }

  /** `function fatal(error: Error): never` */
  #isEnding(fn: FunctionIr, depth: number): boolean {
    const known = this.#ending.get(fn);
    if (known !== undefined) return known;
    this.#ending.set(fn, false);
    const isEnding = depth < DEEPEST && !fn.isGenerator && this.#endsAfter(fn, 0, 0, depth);
    this.#ending.set(fn, isEnding);
    return isEnding;
  }
}

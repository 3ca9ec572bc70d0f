import type { Block, BlockId, Body, Instruction, Terminal } from '../../ir/index.js';
import { mayThrow } from '../../ir/instruction.js';
import { successorsOf } from '../../ir/operands.js';

interface Draft {
  instructions: Instruction[];
  terminal: Terminal;
  handler: BlockId | undefined;
}

const UNREACHABLE: Terminal = { kind: 'unreachable' };

/** Builds a function's blocks one after the other. Blocks that nothing leads to are dropped at the end. */
export class GraphBuilder {
  /** Where an exception goes from the blocks started from now on. */
  handler: BlockId | undefined;
  readonly #drafts: Draft[] = [];
  readonly #targets = new Set<BlockId>();
  #current: BlockId;
  #isDead = false;

  constructor() {
    this.#current = this.reserve();
  }

  /** Nothing leads to the current place: what would be written here never runs. */
  get isDead(): boolean {
    return this.#isDead;
  }

  get size(): number {
    return this.#drafts.length;
  }

  /** A block to be started later. */
  reserve(): BlockId {
    this.#drafts.push({ instructions: [], terminal: UNREACHABLE, handler: undefined });
    return this.#drafts.length - 1;
  }

  /** Goes on writing in a reserved block. Jumps to it that come later do not revive it, so loops enter their head first. */
  start(block: BlockId): void {
    this.#current = block;
    this.#isDead = !this.#targets.has(block);
    this.#draft(block).handler = this.handler;
  }

  /** Goes on writing in the block that catches exceptions. */
  startHandler(block: BlockId): void {
    this.#targets.add(block);
    this.start(block);
  }

  /** Where writing goes on, to come back to after blocks written elsewhere. */
  position(): { readonly block: BlockId; readonly isDead: boolean } {
    return { block: this.#current, isDead: this.#isDead };
  }

  resumeAt({ block, isDead }: { readonly block: BlockId; readonly isDead: boolean }): void {
    this.#current = block;
    this.#isDead = isDead;
  }

  emit(instruction: Instruction): void {
    if (!this.#isDead) this.#draft(this.#current).instructions.push(instruction);
  }

  /** Ends the current block; what follows is dead until a block is started. */
  end(terminal: Terminal): void {
    if (!this.#isDead) {
      this.#draft(this.#current).terminal = terminal;
      for (const target of successorsOf(terminal)) this.#targets.add(target);
    }
    this.#isDead = true;
  }

  goto(target: BlockId): void {
    this.end({ kind: 'goto', target });
  }

  /** Goes on in a new block, with another place for exceptions to go to. */
  changeHandler(handler: BlockId | undefined): void {
    if (this.handler === handler) return;
    const next = this.reserve();
    const wasDead = this.#isDead;
    this.goto(next);
    this.handler = handler;
    if (!wasDead) this.start(next);
  }

  finish(): Body {
    for (const draft of this.#drafts) if (!canThrow(draft)) draft.handler = undefined;
    this.#skipEmptyBlocks();
    const order = this.#reachable();
    this.#mergeStraightLines(order);
    const kept = this.#reachable();
    const numbers = new Map(kept.map((id, index) => [id, index]));
    const renumber = (id: BlockId): BlockId => numbers.get(id) ?? 0;
    const blocks = kept.map((id, index): Block => {
      const { instructions, terminal, handler } = this.#draft(id);
      return { id: index, instructions, terminal: retarget(terminal, renumber), handler: handler === undefined ? undefined : renumber(handler) };
    });
    return { blocks };
  }

  #draft(id: BlockId): Draft {
    return this.#drafts[id] as Draft;
  }

  /** Jumps to a block that only jumps on go to its target. */
  #skipEmptyBlocks(): void {
    const landing = (id: BlockId): BlockId => {
      const seen = new Set<BlockId>();
      for (let at = id; ; ) {
        const { instructions, terminal } = this.#draft(at);
        if (instructions.length > 0 || terminal.kind !== 'goto' || seen.has(at)) return at;
        seen.add(at);
        at = terminal.target;
      }
    };
    for (const draft of this.#drafts) {
      draft.terminal = retarget(draft.terminal, landing);
      if (draft.handler !== undefined) draft.handler = landing(draft.handler);
    }
  }

  #mergeStraightLines(order: readonly BlockId[]): void {
    const uses = new Map<BlockId, number>();
    const count = (id: BlockId): void => void uses.set(id, (uses.get(id) ?? 0) + 1);
    for (const id of order) {
      const { terminal, handler } = this.#draft(id);
      successorsOf(terminal).forEach(count);
      if (handler !== undefined) count(handler);
    }
    const absorbed = new Set<BlockId>();
    for (const id of order) {
      if (absorbed.has(id)) continue;
      const draft = this.#draft(id);
      while (draft.terminal.kind === 'goto') {
        const { target } = draft.terminal;
        const next = this.#draft(target);
        if (target === 0 || target === id || uses.get(target) !== 1) break;
        if (draft.handler !== next.handler && canThrow(draft) && canThrow(next)) break;
        draft.handler = canThrow(draft) ? draft.handler : next.handler;
        for (const instruction of next.instructions) draft.instructions.push(instruction);
        draft.terminal = next.terminal;
        absorbed.add(target);
      }
    }
  }

  /** Reachable blocks in reverse postorder. */
  #reachable(): BlockId[] {
    const seen = new Set<BlockId>([0]);
    const postorder: BlockId[] = [];
    const stack: { readonly id: BlockId; readonly next: BlockId[] }[] = [{ id: 0, next: this.#waysOut(0) }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.next.pop();
      if (next === undefined) {
        postorder.push(top.id);
        stack.pop();
      } else if (!seen.has(next)) {
        seen.add(next);
        stack.push({ id: next, next: this.#waysOut(next) });
      }
    }
    return postorder.reverse();
  }

  #waysOut(id: BlockId): BlockId[] {
    const { terminal, handler } = this.#draft(id);
    const ways = [...successorsOf(terminal)];
    if (handler !== undefined) ways.push(handler);
    return ways;
  }
}

function canThrow({ instructions, terminal }: Draft): boolean {
  switch (terminal.kind) {
    case 'throw':
    case 'yield':
    case 'next':
      return true;
    case 'branch':
      if (terminal.test.kind === 'instanceof' || terminal.test.kind === 'less') return true;
      break;
    default:
  }
  return instructions.some(mayThrow);
}

function retarget(terminal: Terminal, to: (id: BlockId) => BlockId): Terminal {
  switch (terminal.kind) {
    case 'goto':
      return { ...terminal, target: to(terminal.target) };
    case 'branch':
      return { ...terminal, then: to(terminal.then), otherwise: to(terminal.otherwise) };
    case 'yield':
      return { ...terminal, resume: to(terminal.resume), abandon: to(terminal.abandon) };
    case 'next':
      return { ...terminal, body: to(terminal.body), done: to(terminal.done) };
    default:
      return terminal;
  }
}

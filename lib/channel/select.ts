import { budget, DEFAULT_BUDGET_MS } from '../budget.js';
import { nextTurn } from '../scope/sleep.js';
import { coreOfReceiver } from './receiver.js';
import { coreOfSender } from './sender.js';
import type { ChannelCore } from './core.js';
import type { Cancellable, Receiver, Sender } from './types.js';
import { ReceiveWaiter, SlotWaiter } from './waiters.js';

/** A receive that a selection may do. It happens when an item is here, and also when none will ever come. */
export interface ReceiveBranch<T> {
  readonly recv: Receiver<T>;
}

/** A send that a selection may do. It happens when there is room and nobody else's turn. */
export interface SendBranch<T> {
  readonly send: Sender<T>;
  readonly item: T;
}

/** One of the things that a selection may do. */
export type SelectBranch = ReceiveBranch<unknown> | SendBranch<unknown>;

export interface SelectOptions extends Cancellable {
  /**
   * Which branch wins when several are ready: each is favoured in its turn (`'fair'`, the default), so that none starves; or the one
   * that is listed first (`'listed'`), for a stop signal that must not wait behind work.
   */
  readonly order?: 'fair' | 'listed' | undefined;
}

/** What a selection did: the branch's place in the list, and for a receive what it gave, as an iterator says it. */
export type Selected<Branches extends readonly SelectBranch[]> = {
  [Place in keyof Branches]: {
    readonly index: Place extends `${infer Index extends number}` ? Index : number;
    readonly result: Branches[Place] extends ReceiveBranch<infer T> ? IteratorResult<T, undefined> : undefined;
  };
}[number];

/** Holds the item of each send against what its sender takes. */
type Checked<Branches extends readonly SelectBranch[]> = {
  readonly [Place in keyof Branches]: Branches[Place] extends { readonly send: Sender<infer T> } ? SendBranch<T> : Branches[Place];
};

interface Outcome {
  readonly index: number;
  readonly result: IteratorResult<unknown, undefined> | undefined;
}

/** Which branch is favoured next. */
let favoured = 0;

/**
 * Waits for several channels, and does exactly one thing: whichever of the branches can happen first. The others have no effect: what
 * loses has taken no item, sent none, and left its place in the queue. After Go's `select` and tokio's `select!`.
 *
 * ```ts
 * const chosen = await select([{ recv: commands }, { recv: jobs }], { signal });
 * if (chosen.index === 0) obey(chosen.result);
 * else work(chosen.result);
 * ```
 *
 * A receive whose channel has ended is ready: it gives `{ done: true }`, so leave it out from then on. A time limit is a signal
 * (`AbortSignal.timeout(ms)`).
 *
 * Cancel safe: rejected means nothing was received and nothing sent.
 *
 * @param branches - at least one; a receiver at most once
 * @returns which branch happened, and what it received
 * @throws {TypeError} at once, when there is no branch, a receiver twice, or something that `channel` did not make
 * @throws {ConcurrentReceiveError} at once, when one of the receivers is waiting already
 * @throws {SendError} as a rejection, when a sender that is looked at, or waited for, is closed
 * @throws the cause, as a rejection, when a channel that is looked at, or waited for, has failed; the signal's reason
 */
export function select<const Branches extends readonly SelectBranch[]>(branches: Branches & Checked<Branches>, options: SelectOptions = {}): Promise<Selected<Branches>> {
  const receivers = branches.flatMap((branch) => ('recv' in branch ? [branch.recv] : []));
  if (branches.length === 0) throw new TypeError('select() takes at least one branch: with none it would wait for ever');
  if (new Set(receivers).size < receivers.length) throw new TypeError('select() takes a receiver once: it has one next item');
  for (const receiver of receivers) coreOfReceiver(receiver).refuseSecond();
  return choose(branches, options) as Promise<Selected<Branches>>;
}

async function choose(branches: readonly SelectBranch[], { signal, order }: SelectOptions): Promise<Outcome> {
  signal?.throwIfAborted();
  if (--budget.ticks <= 0 && budget.isSpent(DEFAULT_BUDGET_MS)) {
    await nextTurn();
    signal?.throwIfAborted();
  }
  const first = order === 'listed' ? 0 : favoured++ % branches.length;
  for (let offset = 0; offset < branches.length; offset++) {
    const index = (first + offset) % branches.length;
    const branch = branches[index] as SelectBranch;
    if ('recv' in branch) {
      const result = coreOfReceiver(branch.recv).poll();
      if (result !== undefined) return { index, result };
    } else {
      const sent = branch.send.trySend(branch.item);
      // That rejects, and says why.
      if (!sent.ok && sent.reason === 'closed') await branch.send.send(branch.item);
      if (sent.ok) return { index, result: undefined };
    }
  }
  return await new Selection(branches, signal).outcome;
}

/** Branches that are parked, each in its channel. The first that is served calls off all others, before anything else happens. */
class Selection {
  readonly outcome: Promise<Outcome>;
  readonly #signal: AbortSignal | undefined;
  /** What calls off each branch. */
  #callsOff: (() => void)[] = [];
  #resolve!: (outcome: Outcome) => void;
  #reject!: (reason: unknown) => void;

  constructor(branches: readonly SelectBranch[], signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    signal?.addEventListener('abort', this);
    for (const [index, branch] of branches.entries()) {
      if ('recv' in branch) this.#receive(coreOfReceiver(branch.recv), index);
      else this.#send(coreOfSender(branch.send), index, branch.item);
    }
  }

  handleEvent(): void {
    this.#decide(undefined);
    this.#reject(this.#signal?.reason);
  }

  #receive(core: ChannelCore<unknown>, index: number): void {
    const waiter = new ReceiveWaiter(core, undefined, 1, undefined);
    waiter.resolve = (result) => {
      this.#decide(index);
      this.#resolve({ index, result: result as IteratorResult<unknown, undefined> });
    };
    waiter.reject = (reason) => this.#fail(index, reason);
    core.receiving = waiter;
    this.#callsOff.push(() => core.leaveReceive(waiter));
  }

  #send(core: ChannelCore<unknown>, index: number, item: unknown): void {
    const waiter = new SlotWaiter(core, 'sent', 1, item, undefined);
    // Its turn decides, not the answer, which comes later.
    waiter.onTurn = () => this.#decide(index);
    waiter.resolve = () => this.#resolve({ index, result: undefined });
    waiter.reject = (reason) => this.#fail(index, reason);
    core.queue.push(waiter);
    this.#callsOff.push(() => core.leaveQueue(waiter));
  }

  #fail(index: number, reason: unknown): void {
    this.#decide(index);
    this.#reject(reason);
  }

  /** @param winner - the branch that has left its place already */
  #decide(winner: number | undefined): void {
    this.#signal?.removeEventListener('abort', this);
    const callsOff = this.#callsOff;
    this.#callsOff = [];
    for (const [index, callOff] of callsOff.entries()) if (index !== winner) callOff();
  }
}

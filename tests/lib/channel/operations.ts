import { channel, type Permit, type Receiver, type Sender } from '../../../lib/index.js';
import { budget } from '../../../lib/budget.js';
import type { ChannelModel, Observation } from './model.js';

/** One thing that can be done with a channel: to the model and to the real one. */
export interface Operation {
  /** Whether it makes sense now. */
  isValid(model: ChannelModel): boolean;
  /** Does it to the model. */
  model(model: ChannelModel, id: number): void;
  /** Does it to the channel. */
  real(real: RealChannel, id: number): void;
  /** The operation that it calls off, told from the model. */
  aborts?(model: ChannelModel): number | undefined;
}

const canReceive = (model: ChannelModel): boolean => model.receiving === undefined;
const always = (): boolean => true;

export const operations = {
  send: { isValid: always, model: (model, id) => model.send(id), real: (real, id) => real.watch(id, real.tx.send(id, real.cancellable(id)), 'sent') },
  trySend: {
    isValid: always,
    model: (model, id) => model.trySend(id),
    real: (real, id) => {
      const result = real.tx.trySend(id);
      real.outcomes[id] = result.ok ? 'sent' : result.reason;
    },
  },
  reserve: { isValid: always, model: (model, id) => model.reserve(id), real: (real, id) => real.hold(id, real.tx.reserve(real.cancellable(id)).then((permit) => [permit])) },
  reserveTwo: { isValid: (model) => model.capacity > 1, model: (model, id) => model.reserveMany(id, 2), real: (real, id) => real.hold(id, real.tx.reserveMany(2, real.cancellable(id))) },
  tryReserve: {
    isValid: always,
    model: (model, id) => model.tryReserve(id),
    real: (real, id) => {
      const permit = real.tx.tryReserve();
      if (permit !== undefined) real.permits.push(permit);
      real.outcomes[id] = permit === undefined ? 'none' : '1 permitted';
    },
  },
  usePermit: {
    isValid: ({ permits }) => permits.length > 0,
    model: (model, id) => model.usePermit(id),
    real: (real, id) => {
      real.permits.shift()?.send(id);
      real.outcomes[id] = 'used';
    },
  },
  releasePermit: {
    isValid: ({ permits }) => permits.length > 0,
    model: (model, id) => model.releasePermit(id),
    real: (real, id) => {
      real.permits.pop()?.release();
      real.outcomes[id] = 'released';
    },
  },
  abortSend: { isValid: ({ parked }) => parked.length > 0, aborts: ({ parked }) => parked.at(-1)?.operation, model: (model, id) => model.abortSend(id), real: (real, id) => real.abort(id) },
  // With one in the queue it would be the same as the last.
  abortFirstSend: { isValid: ({ parked }) => parked.length > 1, aborts: ({ parked }) => parked[0]?.operation, model: (model, id) => model.abortFirstSend(id), real: (real, id) => real.abort(id) },
  recv: { isValid: canReceive, model: (model, id) => model.recv(id), real: (real, id) => real.watch(id, real.rx.recv(real.cancellable(id)), (result) => (result.done === true ? 'end' : `got ${result.value}`)) },
  recvTwo: {
    isValid: canReceive,
    model: (model, id) => model.recvMany(id, 2),
    real: (real, id) => {
      const into: number[] = [];
      real.watch(id, real.rx.recvMany(into, 2, real.cancellable(id)), (count) => (count === 0 ? 'end' : `got ${into.join()}`));
    },
  },
  tryRecv: {
    isValid: canReceive,
    model: (model, id) => model.tryRecv(id),
    real: (real, id) => {
      const result = real.rx.tryRecv();
      real.outcomes[id] = result.ok ? `got ${result.value}` : result.reason;
    },
  },
  abortReceive: { isValid: ({ receiving }) => receiving !== undefined, aborts: ({ receiving }) => receiving?.operation, model: (model, id) => model.abortReceive(id), real: (real, id) => real.abort(id) },
  closeReceiver: { isValid: ({ isOpen }) => isOpen, model: (model, id) => model.closeReceiver(id), real: (real, id) => real.finish(id, () => real.rx.close()) },
  closeSender: { isValid: ({ isSenderOpen }) => isSenderOpen, model: (model, id) => model.closeSender(id), real: (real, id) => real.finish(id, () => real.tx.close()) },
  failSender: { isValid: ({ isSenderOpen }) => isSenderOpen, model: (model, id) => model.failSender(id), real: (real, id) => real.finish(id, () => real.tx.close(FAILURE)) },
  leave: { isValid: ({ isLeft }) => !isLeft, model: (model, id) => model.leave(id), real: (real, id) => real.finish(id, () => real.rx[Symbol.dispose]()) },
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

const FAILURE = new Error('the producer failed');
const EVENT = new Event('abort');
const ABORTED = new Error('called off');

/** As much of a signal as a channel uses: a real one costs more than all the rest of a history. */
class CheapSignal {
  aborted = false;
  readonly reason = ABORTED;
  #listener: EventListenerObject | undefined = undefined;

  addEventListener(_: string, listener: EventListenerObject): void {
    this.#listener = listener;
  }

  removeEventListener(): void {
    this.#listener = undefined;
  }

  abort(): void {
    this.aborted = true;
    this.#listener?.handleEvent(EVENT);
  }
}

/** A channel, and what became of each operation on it. */
export class RealChannel {
  readonly tx: Sender<number>;
  readonly rx: Receiver<number>;
  readonly outcomes: (string | undefined)[] = [];
  readonly permits: Permit<number>[] = [];
  readonly undelivered: string[] = [];
  readonly #signals = new Map<number, CheapSignal>();
  readonly #aborts: Map<number, number>;
  readonly #areAllCancellable: boolean;
  readonly doRest: boolean;

  /**
   * @param aborts - by operation that will call another one off, which one. Only those get a signal, to save
   * time; `all`: every operation gets one, and `willAbort` tells
   * @param doRest - whether every awaited receive lets the event loop turn first
   */
  constructor(capacity: number, aborts: ReadonlyMap<number, number> | 'all', doRest: boolean) {
    [this.tx, this.rx] = channel<number>(capacity, { budgetMs: doRest ? 0 : false, onUndelivered: (item, why) => this.undelivered.push(`${item} ${why}`) });
    this.#aborts = new Map(aborts === 'all' ? [] : aborts);
    this.#areAllCancellable = aborts === 'all';
    this.doRest = doRest;
    for (const target of this.#aborts.values()) this.#signals.set(target, new CheapSignal());
  }

  apply(name: OperationName, id: number): void {
    if (this.doRest) budget.ticks = 0;
    operations[name].real(this, id);
  }

  willAbort(id: number, target: number): void {
    this.#aborts.set(id, target);
  }

  observe(): Observation {
    const { outcomes, undelivered, tx, rx } = this;
    return { outcomes, undelivered, length: rx.length, pendingSends: rx.pendingSends, free: tx.capacity, isSendable: !tx.isClosed, isOpen: !rx.isClosed };
  }

  cancellable(id: number): { signal: AbortSignal } | undefined {
    if (this.#areAllCancellable) this.#signals.set(id, new CheapSignal());
    const signal = this.#signals.get(id);
    return signal && { signal: signal as unknown as AbortSignal };
  }

  watch<R>(id: number, promise: Promise<R>, outcome: string | ((result: R) => string)): void {
    this.outcomes[id] = undefined;
    promise.then(
      (result) => {
        this.outcomes[id] = typeof outcome === 'string' ? outcome : outcome(result);
      },
      (error: unknown) => {
        this.outcomes[id] = error === ABORTED ? 'aborted' : error === FAILURE ? 'failed' : (error as { code?: string }).code === 'ERR_CHANNEL_CLOSED' ? 'refused' : String(error);
      },
    );
  }

  hold(id: number, promise: Promise<Permit<number>[]>): void {
    this.watch(id, promise, (permits) => {
      this.permits.push(...permits);
      return `${permits.length} permitted`;
    });
  }

  abort(id: number): void {
    this.#signals.get(this.#aborts.get(id) ?? -1)?.abort();
    this.outcomes[id] = 'done';
  }

  /** Everybody goes. */
  end(id: number): void {
    this.rx[Symbol.dispose]();
    this.tx.close();
    for (const permit of this.permits) permit.release();
    this.outcomes[id] = 'done';
  }

  finish(id: number, action: () => void): void {
    action();
    this.outcomes[id] = 'done';
  }
}

/** Lets everything settle that can. */
export async function settled(doRest: boolean): Promise<void> {
  for (let hop = 0; hop < 4; hop++) await Promise.resolve();
  if (doRest) {
    await new Promise((resolve) => setImmediate(resolve));
    for (let hop = 0; hop < 4; hop++) await Promise.resolve();
  }
}

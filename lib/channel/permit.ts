import { PermitUsedError } from '../errors.js';
import { leakWatch } from '../leaks.js';
import type { Permit } from './types.js';

/** What stands behind a permit: a channel that counts the slot as taken. */
export interface SlotOwner<T> {
  /** The slot's item is here. */
  fillSlot(item: T): void;
  /** The slot is free again. */
  freeSlot(): void;
}

export class SlotPermit<T> implements Permit<T> {
  /** Undefined once used: a permit that lies around keeps no channel alive. */
  #owner: SlotOwner<T> | undefined;

  constructor(owner: SlotOwner<T>) {
    this.#owner = owner;
    if (leakWatch !== undefined) leakWatch.opened(this, permitLost);
  }

  send(item: T): void {
    const owner = this.#owner;
    if (owner === undefined) throw new PermitUsedError('this permit has sent or was released: reserve another one');
    this.#owner = undefined;
    if (leakWatch !== undefined) leakWatch.closed(this);
    owner.fillSlot(item);
  }

  release(): void {
    const owner = this.#owner;
    this.#owner = undefined;
    if (leakWatch !== undefined) leakWatch.closed(this);
    owner?.freeSlot();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

function permitLost(): string {
  return 'a permit was lost that was neither used nor released: its channel has one slot less for good, and never ends. Hold it with using';
}

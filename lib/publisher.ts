import { Wakers } from './wakers.js';

/** What a sender that never waits shares with its receivers. */
export class Publication {
  isOpen = true;
  /** Receivers that were not disposed of. */
  receivers = 0;
  readonly wakers = new Wakers();
}

/** The side of a sender that never waits which is the same for all: its end, and who listens. */
export abstract class Publisher<State extends Publication> implements Disposable {
  protected readonly state: State;

  constructor(state: State) {
    this.state = state;
  }

  close(): void {
    this.state.isOpen = false;
    this.state.wakers.wake();
  }

  get receivers(): number {
    return this.state.receivers;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

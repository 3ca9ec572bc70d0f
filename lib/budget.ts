/**
 * How long receives that are always ready may keep the event loop from turning. Awaiting a settled promise runs on in microtasks, so
 * that timers, sockets and rendering wait; a budget makes one receive now and then go through a macrotask. After tokio's cooperative
 * budget (`tokio::task::coop`), measured in time instead of operations.
 */

/** Most receives between two looks at the clock. */
const MOST_TICKS = 64;
/** The clock is looked at more often when a stretch of receives took longer than this, and less often below a quarter of it. */
const STRETCH_MS = 1;

export const DEFAULT_BUDGET_MS = 5;

/** The time since the event loop was last known to turn, shared by all channels: a stage fed by ten of them does not get ten budgets. */
export class Budget {
  /** Receives until the clock is looked at. Whoever receives counts it down, also by a receive that does not wait. */
  ticks = MOST_TICKS;
  #stride = MOST_TICKS;
  #lastLook: number;
  #lastTurn: number;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#lastLook = this.#lastTurn = now();
  }

  /**
   * Looks at the clock; to be asked once `ticks` is used up.
   *
   * @param ms - the budget
   * @returns whether it is spent: then let the loop turn, with `renew` as the first thing afterwards
   */
  isSpent(ms: number): boolean {
    const now = this.#now();
    const stretch = now - this.#lastLook;
    this.#lastLook = now;
    // A slow consumer spends much between two receives: 64 of them would be far too long a time.
    if (stretch > STRETCH_MS) this.#stride = Math.max(1, Math.floor((this.#stride * STRETCH_MS) / stretch));
    else if (stretch < STRETCH_MS / 4) this.#stride = Math.min(MOST_TICKS, this.#stride * 2);
    this.ticks = this.#stride;
    return now - this.#lastTurn >= ms;
  }

  /** The event loop turned. */
  renew(): void {
    this.#lastLook = this.#lastTurn = this.#now();
    this.ticks = this.#stride;
  }
}

export const budget = new Budget(() => performance.now());

/** What is used of a message port, which the platforms type differently. */
interface Port {
  onmessage?: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

// Taken once: a test's fake timers must not stop a channel.
const { setImmediate } = globalThis as { readonly setImmediate?: (callback: () => void) => unknown };

/** Calls back after the event loop has turned, in a macrotask: about 1 us. Never a timer, which would be at least a thousand. */
export const afterTurn: (callback: () => void) => void =
  setImmediate === undefined
    ? (callback) => {
        const { port1, port2 } = new MessageChannel() as { readonly port1: Port; readonly port2: Port };
        port1.onmessage = () => {
          // An open port would keep a process alive.
          port1.close();
          callback();
        };
        port2.postMessage(undefined);
      }
    : (callback) => void setImmediate(callback);

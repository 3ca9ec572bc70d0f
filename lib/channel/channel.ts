import { ChannelCore } from './core.js';
import { BatchIterator, ItemIterator } from './iterators.js';
import { ReceiverHandle } from './receiver.js';
import { SenderHandle } from './sender.js';
import type { ChannelOptions, Receiver, Sender } from './types.js';

/**
 * One of each object that channels are made of, kept for good. When a collection finds no object of a shape alive, the engine forgets the
 * shape with all code compiled for it: a program whose channels come and go would run at a quarter of its speed after each collection.
 */
let shapes: readonly unknown[] | undefined;

function oneOfEach(): readonly unknown[] {
  const full = new ChannelCore<undefined>(1, {});
  const empty = new ChannelCore<undefined>(1, {});
  const sender = new SenderHandle(full);
  const permit = full.takeSlot();
  const iterations = [new ItemIterator(empty, false, undefined), new BatchIterator(empty, false, undefined, 1)];
  return [sender, new ReceiverHandle(full), permit, full.send(undefined, undefined), empty, empty.recv(undefined), ...iterations];
}

/**
 * Makes a bounded channel: many senders, one receiver, first in, first out. A sender waits while the buffer is full, so that a slow
 * consumer slows its producers down instead of filling memory. After tokio's `mpsc::channel`.
 *
 * Every promise settles: when the receiver leaves, waiting sends reject; when the last sender is closed, the receiver drains and ends.
 *
 * @param capacity - how many items the buffer holds: a whole number from 1. Memory is taken as it is needed
 * @returns the first sender, to be cloned, and the receiver
 * @throws {RangeError} when `capacity` or `budgetMs` is out of bounds
 */
export function channel<T>(capacity: number, options: ChannelOptions<T> = {}): [Sender<T>, Receiver<T>] {
  if (!Number.isSafeInteger(capacity) || capacity < 1) throw new RangeError(`a channel's capacity is a whole number from 1; it was given ${capacity}`);
  const { budgetMs } = options;
  if (typeof budgetMs === 'number' && !(budgetMs >= 0)) throw new RangeError(`a channel's budgetMs is a number from 0, or false; it was given ${budgetMs}`);
  shapes ??= oneOfEach();
  const core = new ChannelCore<T>(capacity, options);
  return [new SenderHandle(core), new ReceiverHandle(core)];
}

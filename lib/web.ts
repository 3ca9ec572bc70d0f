/** Channels and WHATWG streams. `borrowck-runtime/web`. */
import { channel } from './channel/channel.js';
import type { Receiver } from './channel/types.js';

/**
 * Makes a stream of a receiver. Cancelling the stream disposes of the receiver; a failure of the channel errors the stream, after all
 * that was sent.
 *
 * @param receiver - is the stream's from now on
 */
export function toReadableStream<T>(receiver: Receiver<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const result = await receiver.recv();
        if (result.done === true) controller.close();
        else controller.enqueue(result.value);
      },
      cancel() {
        receiver[Symbol.dispose]();
      },
    },
    // The channel is the buffer.
    { highWaterMark: 0 },
  );
}

/**
 * Makes a receiver of a stream. Leaving the receiver cancels the stream; an error of the stream arrives after all its chunks.
 *
 * @param stream - is locked from now on
 * @param capacity - how many chunks are read ahead: a whole number from 1
 * @throws {RangeError} when `capacity` is out of bounds
 * @throws {TypeError} when the stream is locked
 */
export function fromReadableStream<T>(stream: ReadableStream<T>, capacity: number): Receiver<T> {
  const [tx, rx] = channel<T>(capacity);
  const reader = stream.getReader();
  const pump = async (): Promise<void> => {
    for (let result = await reader.read(); !result.done; result = await reader.read()) await tx.send(result.value);
  };
  void pump().then(
    () => tx.close(),
    (error: unknown) => tx.close(error ?? new Error('the stream failed without a reason')),
  );
  // Whether it ended, failed or was left: of these, cancelling changes only the last.
  void tx.closed().then(() => reader.cancel().catch(() => undefined));
  return rx;
}

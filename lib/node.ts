/** Channels and Node's streams. `borrowck-runtime/node`. */
import { Readable } from 'node:stream';
import { channel } from './channel/channel.js';
import type { Receiver } from './channel/types.js';

/**
 * Makes a Node stream of a receiver. Destroying the stream disposes of the receiver; a failure of the channel destroys the stream with
 * its cause, after all that was sent.
 *
 * @param receiver - is the stream's from now on. Its items are bytes or strings; other items but `null` need `objectMode`
 * @param options - `objectMode`: whether each item is a chunk, whatever it is
 */
export function toReadable<T>(receiver: Receiver<T>, options: { readonly objectMode?: boolean } = {}): Readable {
  const stream = new Readable({
    objectMode: options.objectMode ?? false,
    // The channel is the buffer.
    highWaterMark: 1,
    read() {
      receiver.recv().then(
        (result) => {
          if (result.done !== true && result.value === null) stream.destroy(new TypeError('a Node stream has no chunk null: it would be its end'));
          else stream.push(result.done === true ? null : result.value);
        },
        (error: unknown) => stream.destroy(error instanceof Error ? error : new Error('the channel failed', { cause: error })),
      );
    },
    destroy(error, callback) {
      receiver[Symbol.dispose]();
      callback(error);
    },
  });
  return stream;
}

/**
 * Makes a receiver of a Node stream. Leaving the receiver destroys the stream; an error of the stream arrives after all its chunks.
 *
 * @param stream - is read from now on
 * @param capacity - how many chunks are read ahead, beside those in the stream's own buffer: a whole number from 1
 * @throws {RangeError} when `capacity` is out of bounds
 */
export function fromReadable<T = Buffer>(stream: Readable, capacity: number): Receiver<T> {
  const [tx, rx] = channel<T>(capacity);
  const pump = async (): Promise<void> => {
    for await (const chunk of stream as AsyncIterable<T>) await tx.send(chunk);
  };
  void pump().then(
    () => tx.close(),
    (error: unknown) => tx.close(error),
  );
  void tx.closed().then(() => stream.destroy());
  return rx;
}

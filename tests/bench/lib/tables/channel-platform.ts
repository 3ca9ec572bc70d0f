import { EventEmitter, on, once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import type { Contender } from '../table.js';
import { pair } from './pair.js';

/** What the platforms have that is bounded. */
export const platformPeers: Readonly<Record<string, Contender>> = {
  'node PassThrough, for await': {
    kind: 'peer',
    isRival: true,
    make: () => (count, capacity) => {
      const stream = new PassThrough({ objectMode: true, highWaterMark: capacity });
      return pair(
        async () => {
          for (let i = 0; i < count; i++) if (!stream.write(i)) await once(stream, 'drain');
          stream.end();
        },
        async () => {
          let sum = 0;
          for await (const value of stream as AsyncIterable<number>) sum += value;
          return sum;
        },
      );
    },
  },
  'node Readable.from(async generator)': {
    kind: 'peer',
    isRival: true,
    make: () => async (count, capacity) => {
      // eslint-disable-next-line @typescript-eslint/require-await -- its items are ready
      async function* produce(): AsyncGenerator<number> {
        for (let i = 0; i < count; i++) yield i;
      }
      let sum = 0;
      for await (const value of Readable.from(produce(), { objectMode: true, highWaterMark: capacity }) as AsyncIterable<number>) sum += value;
      return sum;
    },
  },
  'WHATWG TransformStream': {
    kind: 'peer',
    isRival: true,
    make: () => (count, capacity) => {
      const { readable, writable } = new TransformStream<number, number>({}, { highWaterMark: capacity }, { highWaterMark: capacity });
      return pair(
        async () => {
          const writer = writable.getWriter();
          for (let i = 0; i < count; i++) {
            await writer.ready;
            void writer.write(i);
          }
          await writer.close();
        },
        () => sumOf(readable),
      );
    },
  },
  'WHATWG ReadableStream, pull': {
    kind: 'peer',
    isRival: true,
    make: () => (count, capacity) => {
      let i = 0;
      const pull = (controller: ReadableStreamDefaultController<number>): void => {
        if (i < count) controller.enqueue(i++);
        else controller.close();
      };
      return sumOf(new ReadableStream<number>({ pull }, { highWaterMark: capacity }));
    },
  },
  'events.on, pause and resume': {
    kind: 'peer',
    isRival: true,
    make: () => (count, capacity) => {
      let isPaused = false;
      let wake: (() => void) | undefined;
      const emitter = Object.assign(new EventEmitter(), {
        pause: () => {
          isPaused = true;
        },
        resume: () => {
          isPaused = false;
          wake?.();
        },
      });
      const iterator = on(emitter, 'item', { close: ['end'], highWaterMark: capacity, lowWaterMark: Math.max(1, capacity >> 1) }) as AsyncIterable<[number]>;
      return pair(
        async () => {
          for (let i = 0; i < count; i++) {
            emitter.emit('item', i);
            if (isPaused) {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
            }
          }
          emitter.emit('end');
        },
        async () => {
          let sum = 0;
          for await (const [value] of iterator) sum += value;
          return sum;
        },
      );
    },
  },
};

async function sumOf(stream: ReadableStream<number>): Promise<number> {
  const reader = stream.getReader();
  let sum = 0;
  for (let result = await reader.read(); !result.done; result = await reader.read()) sum += result.value;
  return sum;
}

/**
 * Two stages with a bounded channel between: numbers are read from a file of lines, several at a time are looked up, and the results are
 * stored in batches. The reader owns its buffer and hands out copies, so that a slow stage never sees bytes of the next read.
 */
import { open } from 'node:fs/promises';
import { pipeline, snapshot } from 'borrowck-runtime';
import type { Owned } from 'borrowck-runtime';

const LINE_FEED = 10;

/** The lines of a file. The buffer of the reads is one and the same; what is yielded is not. */
export async function* linesOf(path: string, bufferBytes = 16_384): AsyncGenerator<Owned<Uint8Array>, void, undefined> {
  const file = await open(path);
  try {
    const scratch = new Uint8Array(bufferBytes);
    for (let held = 0; ; ) {
      const { bytesRead } = await file.read(scratch, held);
      const end = held + bytesRead;
      let start = 0;
      for (let at = scratch.indexOf(LINE_FEED, start); at !== -1 && at < end; at = scratch.indexOf(LINE_FEED, start)) {
        yield snapshot(scratch.subarray(start, at));
        start = at + 1;
      }
      held = end - start;
      if (bytesRead === 0) {
        if (held > 0) yield snapshot(scratch.subarray(start, end));
        return;
      }
      if (held === scratch.length) throw new RangeError(`a line of ${path} is longer than ${bufferBytes} bytes`);
      scratch.copyWithin(0, start, end);
    }
  } finally {
    await file.close();
  }
}

export interface Stored<R> {
  readonly line: string;
  readonly result: R;
}

export interface EnrichOptions<R> {
  readonly path: string;
  /** How many look-ups run at a time. */
  readonly concurrency: number;
  readonly lookUp: (line: string, signal: AbortSignal) => Promise<R>;
  readonly store: (batch: readonly Stored<R>[]) => Promise<void>;
  readonly signal?: AbortSignal;
  /** Is told of lines that were read and not stored, when something fails. */
  readonly onUndelivered?: (item: unknown) => void;
}

/** Reads, looks up, stores. Memory is bounded by the channels, whatever the file's size; an error of one part ends all. */
export async function enrich<R>({ path, concurrency, lookUp, store, signal, onUndelivered }: EnrichOptions<R>): Promise<void> {
  const text = new TextDecoder();
  await pipeline(linesOf(path), { signal, capacity: 32, onUndelivered })
    .map(async (bytes, task) => {
      const line = text.decode(bytes);
      return { line, result: await lookUp(line, task.signal) };
    }, { concurrency })
    .batch(50, { maxWaitMs: 20 })
    .to((batch) => store(batch));
}

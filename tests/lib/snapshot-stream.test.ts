import { describe, expect, test, vi } from 'vitest';
import { snapshotStream } from '../../lib/index.js';
import { toReadable } from '../../lib/node.js';
import { toReadableStream } from '../../lib/web.js';
import { counted } from '../support/promises.js';

/** A worker that fills one scratch buffer again and again. */
function counting(upTo: number): ReturnType<typeof snapshotStream> {
  return snapshotStream(
    async (emit) => {
      const scratch = new Uint8Array(4);
      for (let n = 1; n <= upTo; n++) {
        scratch.fill(n);
        await emit(scratch.subarray(0, 2));
      }
      scratch.fill(0xde);
    },
    { capacity: 2 },
  );
}

const expected = [Uint8Array.of(1, 1), Uint8Array.of(2, 2), Uint8Array.of(3, 3)];

test('a loop gets copies, whatever becomes of the worker’s buffer', async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of counting(3)) chunks.push(chunk);
  expect(chunks).toEqual(expected);
  expect(chunks.every((chunk) => chunk.buffer.byteLength === 2)).toBe(true);
});

test('so does a Node stream', async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of toReadable(counting(3), { objectMode: true }) as AsyncIterable<Uint8Array>) chunks.push(chunk);
  expect(chunks).toEqual(expected);
});

test('and a WHATWG stream', async () => {
  const reader = toReadableStream(counting(3)).getReader();
  const chunks: Uint8Array[] = [];
  for (let result = await reader.read(); !result.done; result = await reader.read()) chunks.push(result.value);
  expect(chunks).toEqual(expected);
});

test('the copy is made before emit returns', async () => {
  const stream = snapshotStream(
    async (emit) => {
      const scratch = Uint8Array.of(1);
      const sent = emit(scratch);
      scratch[0] = 2;
      await sent;
    },
    { capacity: 1 },
  );
  expect(await stream.recv()).toEqual({ done: false, value: Uint8Array.of(1) });
});

test('the worker waits for room', async () => {
  let emitted = 0;
  const stream = snapshotStream(
    async (emit) => {
      for (; emitted < 10; emitted++) await emit(new Uint8Array(1));
    },
    { capacity: 3 },
  );
  await turn();
  expect([emitted, stream.length, stream.pendingSends]).toEqual([3, 3, 1]);
  await stream.recv();
  await turn();
  expect(emitted).toBe(4);
});

test('an error arrives after what was sent', async () => {
  const stream = snapshotStream(
    async (emit) => {
      await emit(Uint8Array.of(1));
      throw new Error('the disk is gone');
    },
    { capacity: 2 },
  );
  const chunks: Uint8Array[] = [];
  await expect(
    (async () => {
      for await (const chunk of stream) chunks.push(chunk);
    })(),
  ).rejects.toThrow('the disk is gone');
  expect(chunks).toEqual([Uint8Array.of(1)]);
});

test('a consumer that leaves aborts the worker, also one that waits', async () => {
  let ended = 'not yet';
  const stream = snapshotStream(
    async (emit, { signal }) => {
      try {
        for (;;) await emit(new Uint8Array(1));
      } catch (error) {
        ended = `${(error as { code: string }).code}, aborted: ${String(signal.aborted)}`;
        throw error;
      }
    },
    { capacity: 1 },
  );
  for await (const chunk of stream) {
    expect(chunk).toHaveLength(1);
    break;
  }
  await turn();
  expect(ended).toBe('ERR_CHANNEL_CLOSED, aborted: true');
});

test('a signal aborts the worker; what was sent arrives, then the reason', async () => {
  const controller = new AbortController();
  let reason: unknown;
  const stream = snapshotStream(
    async (emit, { signal }) => {
      await emit(Uint8Array.of(1));
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ({ reason } = signal);
    },
    { capacity: 1, signal: controller.signal },
  );
  await turn();
  controller.abort('enough');
  expect(await stream.recv()).toEqual({ done: false, value: Uint8Array.of(1) });
  await expect(stream.recv()).rejects.toBe('enough');
  expect(reason).toBe('enough');
});

describe('what the worker throws after its consumer has left', () => {
  /** What is reported while a worker ends in a way of its own. */
  async function reportedFrom(end: (signal: AbortSignal) => unknown): Promise<unknown[]> {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    const stream = snapshotStream(
      async (emit, { signal }) => {
        await emit(Uint8Array.of(1));
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw end(signal);
      },
      { capacity: 1 },
    );
    for await (const _ of stream) break;
    await turn();
    vi.unstubAllGlobals();
    return reported;
  }

  test('is reported, since nobody else hears of it', async () => {
    const error = new Error('the lock could not be released');
    expect(await reportedFrom(() => error)).toEqual([error]);
    expect(await reportedFrom(() => undefined)).toEqual([new Error('the worker of a snapshotStream threw undefined')]);
  });

  test('is not worth a word where it only says that it was aborted', async () => {
    expect(await reportedFrom((signal) => signal.reason)).toEqual([]);
    expect(await reportedFrom(() => new DOMException('This operation was aborted', 'AbortError'))).toEqual([]);
  });

  test('is reported when the stream’s own signal has told the consumer something else', async () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    const controller = new AbortController();
    const stream = snapshotStream(
      async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('half a file is left');
      },
      { capacity: 1, signal: controller.signal },
    );
    controller.abort('enough');
    await expect(stream.recv()).rejects.toBe('enough');
    await turn();
    vi.unstubAllGlobals();
    expect(reported).toEqual([new Error('half a file is left')]);
  });

  test('of a receiver that closed and still drains arrives after what was sent', async () => {
    const stream = snapshotStream(
      async (emit, { signal }) => {
        await emit(Uint8Array.of(1));
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('too late for more');
      },
      { capacity: 1 },
    );
    stream.close();
    await turn();
    expect(await stream.recv()).toEqual({ done: false, value: Uint8Array.of(1) });
    await expect(stream.recv()).rejects.toThrow('too late for more');
  });
});

test('its signal has a listener of ours while it runs, however it ends', async () => {
  const { signal, listeners } = counted();
  const ended = snapshotStream((emit) => emit(Uint8Array.of(1)), { capacity: 1, signal });
  expect(listeners()).toBe(1);
  for await (const _ of ended) expect(listeners()).toBeLessThanOrEqual(1);
  await turn();
  expect(listeners()).toBe(0);
  const left = snapshotStream(() => new Promise(() => undefined), { capacity: 1, signal });
  left[Symbol.dispose]();
  await turn();
  expect(listeners()).toBe(0);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { strict as assert } from 'node:assert';
import { pbkdf2 } from 'node:crypto';

/** Runs the real API and throws unless it does what the catalog claims. Keyed by claim. */
export type Proofs = { readonly [claim: string]: () => void | Promise<void> };

/** The same proof for several members: `of(name)` makes it. */
export function forEachOf(names: string, claim: (name: string) => string, of: (name: string) => () => void | Promise<void>): Proofs {
  return Object.fromEntries(names.split(/\s+/).filter(Boolean).map((name) => [claim(name), of(name)]));
}

/** The bytes differ from what they were before `act`. */
export function changes(bytes: ArrayBufferView, act: () => unknown): void {
  const before = hex(bytes);
  act();
  assert.notEqual(hex(bytes), before, 'the bytes are as before');
}

/** Only bytes from `start` up to `end` differ. */
export function changesOnly(bytes: Uint8Array, start: number, end: number, act: () => unknown): void {
  const before = Uint8Array.from(bytes);
  act();
  assert.notDeepEqual([...bytes.slice(start, end)], [...before.slice(start, end)], 'nothing was written in the range');
  assert.deepEqual([...bytes.slice(0, start)], [...before.slice(0, start)], 'something was written before the range');
  assert.deepEqual([...bytes.slice(end)], [...before.slice(end)], 'something was written after the range');
}

/** Writing through one is seen through the other. */
export function aliases(one: ArrayBufferView | ArrayBuffer, other: ArrayBufferView | ArrayBuffer): void {
  const before = hex(other);
  const bytes = bytesOf(one);
  assert.ok(bytes.length > 0, 'nothing to write to');
  bytes[0] = (bytes[0] ?? 0) ^ 0xff;
  assert.notEqual(hex(other), before, 'a copy, not a view');
  bytes[0] ^= 0xff;
}

/** Writing through one is not seen through the other. */
export function isCopyOf(one: ArrayBufferView | ArrayBuffer, other: ArrayBufferView | ArrayBuffer): void {
  assert.throws(() => aliases(one, other), /a copy, not a view/);
}

export function isDetached(view: ArrayBufferView | ArrayBuffer): void {
  const buffer = ArrayBuffer.isView(view) ? view.buffer : view;
  assert.equal(buffer.byteLength, 0, 'the buffer is still attached');
}

/** Runs with every thread of the pool taken, so that what is queued starts after `act` has returned. */
export async function withBusyThreads<T>(act: () => Promise<T>): Promise<T> {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const jobs = Array.from({ length: threads }, () => new Promise((done) => pbkdf2('x', 'y', 20_000, 64, 'sha512', done)));
  const result = await act();
  await Promise.all(jobs);
  return result;
}

/** What is given to `start` is read after it returned: overwriting it at once changes what arrives. */
export async function readsAfterReturning(start: (bytes: Buffer) => Promise<unknown>, arrived: () => Promise<Uint8Array> | Uint8Array): Promise<void> {
  await withBusyThreads(async () => {
    const bytes = Buffer.alloc(64, 1);
    const running = start(bytes);
    bytes.fill(2);
    await running;
  });
  assert.ok((await arrived()).includes(2), 'the bytes were copied before the call returned');
}

export function bytesOf(value: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
}

function hex(value: ArrayBufferView | ArrayBuffer): string {
  return Buffer.from(bytesOf(value)).toString('hex');
}

import { describe, expect, it } from 'vitest';
import { truthOfBody } from './support.js';
import type { Truth } from './truth.js';
import { deepEffort, usualEffort } from './truth.js';

const helper = 'async function laterBuffer(b) {\n  await slow();\n  look(b);\n}';

const truthOf = (body: string, effort = usualEffort): Promise<Truth> => truthOfBody('byte, c, look, slow', `${body}\n${helper}`, [], effort);

/** What a closure finds gone when it is called, it was given where it is written. */
function places({ corrupted, gone }: Truth): string[] {
  return [...new Set([...corrupted.keys(), ...gone.keys()])].sort();
}

describe('the executor sees what work beside its caller has borrowed', () => {
  const spawns: Readonly<Record<string, string>> = {
    'a call nobody awaits': 'void laterBuffer(buf);',
    'a part given to such a call': 'void laterBuffer(buf.subarray(0, 4));',
    'a function called where it is written': 'void (async () => { await slow(); look(buf); })();',
    'a timer': 'setTimeout(() => { look(buf.subarray(0, 4)); }, 9);',
    'an immediate': 'setImmediate(() => { look(buf); });',
    'a microtask': 'queueMicrotask(() => { look(buf); });',
    'a handler of a promise': 'void slow().then(() => { look(buf); });',
  };

  it.each(Object.entries(spawns))('of %s', async (_name, spawn) => {
    const overwritten = await truthOf(`export function give() {\n  const buf = Buffer.alloc(8);\n  ${spawn}\n  buf.fill(byte());\n}`);
    expect(places(overwritten)).toEqual(['main.ts:4']);
    expect([...(overwritten.corrupted.get('main.ts:4')?.by ?? [])]).toEqual(['main.ts:5']);
    expect(places(await truthOf(`export function give() {\n  const buf = Buffer.alloc(8);\n  buf.fill(byte());\n  ${spawn}\n}`))).toEqual([]);
    expect(places(await truthOf(`export function give() {\n  const buf = Buffer.alloc(8);\n  ${spawn}\n  structuredClone(buf, { transfer: [buf.buffer] });\n}`))).toEqual(['main.ts:4']);
  });

  it('not after the work was joined', async () => {
    for (const [join, isOver] of [['await Promise.all(jobs);', true], ['await Promise.allSettled(jobs);', true], ['for (const job of jobs) await job;', true], ['await jobs[0];', false]] as const) {
      const truth = await truthOf(`export async function give() {
  const buf = Buffer.alloc(8);
  const jobs = [];
  jobs.push(laterBuffer(new Uint8Array(8)));
  jobs.push(laterBuffer(buf));
  ${join}
  buf.fill(byte());
}`, { ...deepEffort, randomRuns: 20 });
      expect(places(truth)).toEqual(isOver ? [] : ['main.ts:6']);
    }
  });

  it('of a write, until it is awaited', async () => {
    const truth = await truthOf(`export async function give(file) {
  const buf = Buffer.alloc(8);
  void file.write(buf);
  await file.write(buf);
  const done = file.write(buf);
  buf.fill(byte());
  await done;
  buf.fill(byte());
}`);
    expect(places(truth)).toEqual(['main.ts:4', 'main.ts:6']);
  });

  it('of a write that is under way while a later call overwrites', async () => {
    const truth = await truthOf(`const buf = Buffer.alloc(8);
export async function give(file) {
  await file.write(new Uint8Array(8));
  buf.fill(byte());
  void file.write(buf);
}`);
    expect(places(truth)).toEqual(['main.ts:6']);
  });

  it('whichever comes due first', async () => {
    const body = `export async function give() {
  const buf = Buffer.alloc(8);
  const first = laterBuffer(new Uint8Array(8));
  void laterBuffer(buf);
  await first;
  buf.fill(byte());
}`;
    expect(places(await truthOf(body, { ...deepEffort, randomRuns: 50 }))).toEqual(['main.ts:5']);
  });

  it('but not where the variable holds other bytes by then', async () => {
    const truth = await truthOf(`export function give() {
  let buf = Buffer.alloc(8);
  setTimeout(() => { look(buf); }, 9);
  buf.fill(byte());
  buf = Buffer.alloc(8);
}`);
    expect(places(truth)).toEqual([]);
  });
});

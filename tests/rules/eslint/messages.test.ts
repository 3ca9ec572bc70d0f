import { afterEach, expect, test, vi } from 'vitest';
import type { EscapeHow } from '../../../rules/engine/contracts/contract.js';
import type { BorrowFinding } from '../../../rules/engine/findings.js';
import { lint, typed } from '../fixes/gate.js';
import { prepareFindings, type Prepared } from './prepared.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const text = `import type { FileHandle } from 'node:fs/promises';
import { pool } from './pool.js';
export async function* read(fh: FileHandle, stream: { push(chunk: Buffer): void }) {
  const buf = Buffer.alloc(64);
  for (;;) {
    await fh.read(buf);
    stream.push(buf);
    yield [buf, pool];
  }
}
`;
const others = { 'pool.ts': 'export const pool = Buffer.alloc(8);\n\nexport function refill(): void {\n  pool.fill(1);\n}\n' };

const finding = {
  at: 'yield [buf, pool]',
  view: 'buf',
  type: 'Buffer',
  region: { at: 'Buffer.alloc(64)', name: 'buf' },
  invalidation: { at: 'fh.read(buf)', by: 'fh.read()' },
} as const satisfies Prepared;

function messagesOf(prepared: Prepared): string[] {
  prepareFindings([prepared]);
  const kind = prepared.kind === 'borrowed-return' ? 'no-borrowed-return' : 'no-borrowed-yield';
  return lint(typed(text, { others }), { rules: { [`borrowck/${kind}`]: ['error', { report: 'potential' }] } }).map(({ message }) => message);
}

test('says where the buffer comes from and where it is overwritten', () => {
  expect(messagesOf(finding)).toEqual([
    'This `yield` hands out a view of `buf` (allocated on line 4) that is overwritten on line 6 by `fh.read()`. Yield an owned copy instead.',
  ]);
});

test('names the other file where it happens elsewhere', () => {
  const elsewhere: Prepared = { ...finding, region: { at: 'Buffer.alloc(8)', name: 'pool', file: 'pool.ts' }, invalidation: { at: 'pool.fill(1)', by: 'pool.fill()', file: 'pool.ts' } };
  expect(messagesOf(elsewhere)).toEqual([
    'This `yield` hands out a view of `pool` (allocated at tests/virtual/pool.ts:1) that is overwritten at tests/virtual/pool.ts:4 by `pool.fill()`. Yield an owned copy instead.',
  ]);
});

test('does not claim more than is known', () => {
  expect(messagesOf({ ...finding, certainty: 'potential' })[0]).toContain('that may be overwritten on line 6 by `fh.read()`');
});

test('tells lent memory from allocated memory', () => {
  expect(messagesOf({ ...finding, region: { ...finding.region, isLent: true } })[0]).toContain('`buf` (lent on line 4)');
});

test('writes a description as words, and code as code', () => {
  expect(messagesOf({ ...finding, invalidation: { ...finding.invalidation, by: 'the next turn of the loop' } })[0]).toContain('on line 6 by the next turn of the loop.');
  expect(messagesOf({ ...finding, invalidation: { ...finding.invalidation, by: 'buf[i] = …' } })[0]).toContain('on line 6 by `buf[i] = …`.');
});

test.each<readonly [BorrowFinding['invalidation']['how'], string]>([
  ['overwrite', 'is overwritten on line 6 by `fh.read()`.'],
  ['transfer', 'is transferred away on line 6 by `fh.read()`.'],
  ['growth', 'is detached on line 6 by `fh.read()`.'],
  ['release', 'is released on line 6 by `fh.read()`.'],
  ['next call', 'is reused on line 6 by `fh.read()`.'],
  ['callback return', 'is only lent until the function on line 6 returns.'],
])('says what becomes of the bytes: %s', (how, words) => {
  expect(messagesOf({ ...finding, invalidation: { ...finding.invalidation, how } })[0]).toContain(words);
});

const call = { ...finding, at: 'stream.push(buf)', via: 'stream.push()' } as const;
test.each<readonly [BorrowFinding['kind'], EscapeHow, string]>([
  ['borrowed-yield', 'yield', 'This `yield` hands out a view of `buf`'],
  ['borrowed-yield', 'iterator result', 'This iterator result holds a view of `buf`'],
  ['borrowed-yield', 'push', '`stream.push()` hands out a view of `buf`'],
  ['borrowed-yield', 'enqueue', '`stream.push()` hands out a view of `buf`'],
  ['borrowed-yield', 'emit', '`stream.push()` hands out a view of `buf`'],
  ['borrowed-yield', 'callback', '`stream.push()` passes on a view of `buf`'],
  ['borrowed-yield', 'return', 'This `return` hands out a view of `buf`'],
  ['borrowed-yield', 'store', 'This keeps a view of `buf`'],
  ['borrowed-yield', 'throw', 'This error carries a view of `buf`'],
  ['borrowed-return', 'return', 'This returns a view of `buf`'],
  ['borrowed-return', 'yield', 'This `yield` gives the caller a view of `buf`'],
  ['borrowed-return', 'iterator result', 'This iterator result holds a view of `buf`'],
  ['borrowed-return', 'push', '`stream.push()` gives the caller a view of `buf`'],
  ['borrowed-return', 'enqueue', '`stream.push()` gives the caller a view of `buf`'],
  ['borrowed-return', 'emit', '`stream.push()` gives listeners a view of `buf`'],
  ['borrowed-return', 'callback', '`stream.push()` gives the caller a view of `buf`'],
  ['borrowed-return', 'store', 'This exposes a view of `buf`'],
  ['borrowed-return', 'throw', 'This error carries a view of `buf`'],
])('%s, %s', (kind, how, words) => {
  const [message] = messagesOf({ ...call, kind, how });
  expect(message).toContain(`${words} (allocated on line 4) that is overwritten on line 6 by \`fh.read()\`. `);
  expect(message).toMatch(/ an owned copy instead\.$/);
});

test('says of what has no name where it was taken', () => {
  const twice = `import type { ByteArena } from 'borrowck-runtime';
export function store(arena: ByteArena, data: Uint8Array): void {
  const releaseTwice = (ref: ReturnType<ByteArena['alloc']>): void => {
    arena.release(ref);
    arena.release(ref);
  };
  releaseTwice(arena.alloc(data));
}
`;
  const [message] = lint(typed(twice, {}), { rules: { 'borrowck/no-unreleased-ref': 'error' } });
  expect(message?.message).toBe('This releases what was taken on line 7, which was released on line 4 by `arena.release()`: it may be somebody else\'s by now. Release it once.');
});

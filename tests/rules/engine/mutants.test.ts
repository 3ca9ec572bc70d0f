import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { typed, type TypedText } from '../fixes/gate.js';
import { fixturesRoot } from '../support/fixtures.js';

/**
 * Engines that have forgotten one thing each. A fixture tells each of them from the real one: what is clean is flagged, or what is
 * flagged is clean.
 */
const mutants: readonly { readonly forgets: string; readonly module: string; readonly functions: Readonly<Record<string, (...given: never[]) => unknown>>; readonly rule: string; readonly fixture: string }[] = [
  { forgets: 'that a join ends the loans of what it waits for', module: 'tasks', functions: { settle: nothing }, rule: 'no-borrowed-capture', fixture: 'clean/all-plugins-awaited.ts' },
  { forgets: 'that a write in flight is over once it was waited for', module: 'tasks', functions: { settle: nothing }, rule: 'no-overwrite-in-flight', fixture: 'clean/all-awaited.ts' },
  { forgets: 'that bytes are overwritten', module: 'effects', functions: { overwrite: nothing }, rule: 'no-borrowed-yield', fixture: 'flagged/file-chunks.ts' },
  { forgets: 'that a transfer moves', module: 'giving', functions: { giveAway: nothing }, rule: 'no-use-after-transfer', fixture: 'flagged/write-after-post.ts' },
  { forgets: 'that memory which grows leaves its views behind', module: 'growth', functions: { leaveStale: nothing }, rule: 'no-stale-view', fixture: 'flagged/own-memory.ts' },
  { forgets: 'what is owed', module: 'handing', functions: { owe: nothing }, rule: 'no-unreleased-ref', fixture: 'flagged/never-released.ts' },
  { forgets: 'that somebody else takes over what is owed', module: 'handing', functions: { handOn: nothing }, rule: 'no-unreleased-ref', fixture: 'clean/returned.ts' },
  { forgets: 'that a promise settles in one way only', module: 'fates', functions: { settleAs: () => true }, rule: 'no-unreleased-ref', fixture: 'clean/settled-either-way.ts' },
  { forgets: 'that a function which is called later has borrowed', module: 'tasks', functions: { capture: nothing }, rule: 'no-borrowed-capture', fixture: 'flagged/set-immediate.ts' },
  { forgets: 'that a call is taken back what it was lent', module: 'lending', functions: { endAfterCall: nothing, suspendAll: nothing }, rule: 'no-borrowed-capture', fixture: 'flagged/lmdb-after-await.mjs' },
];

function nothing(): undefined {
  return undefined;
}

/** How much a rule finds by an engine that is loaded anew. */
async function count(rule: string, text: TypedText): Promise<number> {
  vi.resetModules();
  const { lint } = await import('../fixes/gate.js');
  return lint(text, { rules: { [`borrowck/${rule}`]: 'error' } }).length;
}

describe.each(mutants)('an engine that forgets $forgets', ({ module, functions, rule, fixture }) => {
  const path = `../../../rules/engine/borrow/${module}.js`;

  // The files that this worker runs next load the engine as it is.
  afterEach(() => {
    vi.doUnmock(path);
    vi.resetModules();
  });

  test(`is told by ${rule}/${fixture}`, async () => {
    const isClean = fixture.startsWith('clean/');
    const text = typed(readFileSync(join(fixturesRoot, rule, fixture), 'utf8'), { name: fixture.replace(/^.*\//, '') });
    expect((await count(rule, text)) === 0).toBe(isClean);
    vi.doMock(path, async (original) => ({ ...(await original<object>()), ...functions }));
    expect((await count(rule, text)) === 0).toBe(!isClean);
  });
});

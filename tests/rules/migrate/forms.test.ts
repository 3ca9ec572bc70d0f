import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { arenaIndex } from '../../../rules/migrate/arena.js';
import { boundedChannel } from '../../../rules/migrate/channel/index.js';
import type { Form } from '../../../rules/migrate/index.js';
import { ownedSnapshot } from '../../../rules/migrate/snapshot.js';
import { commentsOf } from '../fixes/texts.js';
import { casesOf, filesOf, migrated, writeFiles } from './cases.js';

const isUpdating = process.env['UPDATE'] === '1';
const forms: Readonly<Record<'arena' | 'channel' | 'snapshot', Form>> = {
  arena: arenaIndex({ mayChangeExports: false }),
  channel: boundedChannel({ mayChangeExports: false, isLenient: false }),
  snapshot: ownedSnapshot({ isLenient: false }),
};

/** Blocks of bytes that differ from each other. */
const folder = mkdtempSync(join(tmpdir(), 'borrowck-'));
const blocks = join(folder, 'blocks');
writeFileSync(blocks, Array.from({ length: 12 }, (_, index) => `<${String(index).padStart(6, '.')}>`).join(''));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function runMain<T>(directory: string, input: unknown): Promise<T> {
  const { run } = (await import(pathToFileURL(join(directory, 'main.ts')).href)) as { run(input: unknown): Promise<T> };
  return run(input);
}

describe.each(Object.entries(forms))('--to %s', (name, form) => {
  describe.each(casesOf(name))('$name', ({ before, after }) => {
    test('is rewritten as recorded: no new type error, no comment lost, nothing left to do', () => {
      const { all, refused, errorsBefore, errorsAfter } = migrated(before, form);
      if (isUpdating) writeFiles(after, all);
      expect(refused).toEqual([]);
      expect(errorsBefore).toEqual([]);
      expect(errorsAfter).toEqual([]);
      expect(Object.fromEntries(all)).toEqual(Object.fromEntries(filesOf(after)));
      for (const [file, text] of filesOf(before)) expect(commentsOf(all.get(file) ?? '', file)).toEqual(expect.arrayContaining(commentsOf(text, file)));
      expect(migrated(after, form).files, 'a second run changes nothing').toEqual([]);
    });
  });
});

/** A case of a form by its name. */
function caseOf(form: string, name: string): { readonly before: string; readonly after: string } {
  const found = casesOf(form).find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no case ${form}/${name}`);
  return found;
}

describe('what the programs do', () => {
  const text = Array.from({ length: 12 }, (_, index) => `<${String(index).padStart(6, '.')}>`);

  test.each<readonly [form: string, name: string, meant: string]>([
    ['channel', 'reused-buffer', text.join('')],
    ['arena', 'function', text.map((block) => block.slice(4)).join('|')],
    ['arena', 'plugins', `${text.map((block) => block.slice(4)).join('|')} ${text.map((block) => Buffer.from(block.slice(4)).reduce((sum, byte) => sum + byte, 0)).join('|')}`],
    ...['callers-in-tests', 'class-hierarchy', 'dispatch-table', 'generics', 'overloads', 're-exports'].map((name) => ['arena', name, text.map((block) => block.slice(4)).join('|')] as const),
    ['snapshot', 'views', '\u0001\u0001|\u0002\u0002|one|two|six'],
  ])('%s/%s hands out bytes that change before, and keeps them after', async (form, name, meant) => {
    const { before, after } = caseOf(form, name);
    expect(await runMain(before, blocks)).not.toBe(meant);
    expect(await runMain(after, blocks)).toBe(meant);
  });

  test.each(['two-files', 'drained-at-once', 'emptied-in-turns', 'paused-source'])('channel/%s holds everything before, and no more than its capacity after', async (name) => {
    const { before, after } = caseOf('channel', name);
    const count = 3000;
    const unbounded = await runMain<{ readonly peak: number; readonly handled: readonly string[] }>(before, count);
    const bounded = await runMain<typeof unbounded>(after, count);
    expect(unbounded.peak).toBeGreaterThan(2000);
    expect(bounded.peak).toBeLessThan(1100);
    expect(bounded.handled).toEqual(unbounded.handled);
  });
});

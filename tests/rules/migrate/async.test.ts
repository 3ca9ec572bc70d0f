import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { asynchronous } from '../../../rules/migrate/async/index.js';
import { commentsOf } from '../fixes/texts.js';
import { longestPause } from '../support/loop-delay.js';
import { casesOf, filesOf, migrated, workspaceOver, writeFiles } from './cases.js';

const isUpdating = process.env['UPDATE'] === '1';
const form = asynchronous({ mayChangeExports: false, isLenient: false });

/** A pipe that another process fills late: who reads it synchronously stands still until then. */
const folder = mkdtempSync(join(tmpdir(), 'borrowck-'));
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const LATE = 400;

/** Runs a program's `run` on the pipe: what it gives, and how long the event loop stood still. */
async function execute(directory: string): Promise<{ readonly result: unknown; readonly pause: number }> {
  const main = [...filesOf(directory).keys()].find((name) => /^main\./.test(name)) ?? '';
  const { run } = (await import(pathToFileURL(join(directory, main)).href)) as { run(path: string): Promise<unknown> };
  const writer = spawn('sh', ['-c', `sleep ${LATE / 1000}; echo '{"late":true}' > '${pipe}'`]);
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  let result: unknown;
  const pause = await longestPause(async () => {
    result = await run(pipe);
  });
  await ended;
  return { result, pause };
}

describe.each(casesOf('async'))('$name', ({ before, after }) => {
  test('is rewritten as recorded: no new type error, no comment lost, nothing left to do', () => {
    const { all, refused, errorsBefore, errorsAfter } = migrated(before, form);
    if (isUpdating) writeFiles(after, all);
    expect(refused).toEqual([]);
    expect(errorsBefore).toEqual([]);
    expect(errorsAfter).toEqual([]);
    expect(Object.fromEntries(all)).toEqual(Object.fromEntries(filesOf(after)));
    for (const [name, text] of filesOf(before)) expect(commentsOf(all.get(name) ?? '', name).map(withoutTypes)).toEqual(commentsOf(text, name).map(withoutTypes));
    const again = workspaceOver(after);
    expect(again.files.flatMap((file) => again.findings(file, 'blocking')), 'nothing blocks any more').toEqual([]);
    expect(migrated(after, form).files, 'a second run changes nothing').toEqual([]);
  });

  test('stops the event loop before, gives the same without stopping it after', async () => {
    const blocking = await execute(before);
    const waiting = await execute(after);
    expect(waiting.result).toEqual(blocking.result);
    expect(blocking.pause).toBeGreaterThan(LATE / 2);
    expect(waiting.pause).toBeLessThan(blocking.pause / 2);
  });
});

/** What JSDoc says of types changes with the types. */
function withoutTypes(comment: string): string {
  return comment.replaceAll(/Promise<(.*?)>/g, '$1');
}

import { basename, join } from 'node:path';
import type { Rule } from 'eslint';
import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { fixesOf } from '../docs/samples.js';
import { projectWith } from '../support/project.js';
import { EslintServer, type Document } from './server.js';

const servers: EslintServer[] = [];

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

/** Opens a project in the server; the files are on disk, too. */
async function edit(files: Readonly<Record<string, string>>): Promise<{ readonly server: EslintServer; open(name: string): Promise<Document> }> {
  const project = projectWith(files);
  const server = await EslintServer.start(project);
  servers.push(server);
  return { server, open: (name) => server.open(join(project, name), files[name] ?? '') };
}

const reader = `import type { FileHandle } from 'node:fs/promises';

export async function* read(fh: FileHandle) {
  const buf = Buffer.alloc(65536);
  for (;;) {
    const { bytesRead } = await fh.read(buf);
    if (bytesRead === 0) return;
    yield buf.subarray(0, bytesRead);
  }
}
`;
const fixedReader = reader.replace('buf.subarray(0, bytesRead);', 'Buffer.from(buf.subarray(0, bytesRead));');

describe('in an editor', () => {
  it('a finding is underlined where the view leaves, with a link to the page of its rule', async () => {
    const { server, open } = await edit({ 'read.ts': reader });
    const [diagnostic, ...others] = await (await open('read.ts')).diagnostics();
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({
      range: { start: { line: 7, character: 4 }, end: { line: 7, character: 36 } },
      severity: 1,
      code: 'borrowck/no-borrowed-yield',
      message: 'This `yield` hands out a view of `buf` (allocated on line 4) that is overwritten on line 6 by `fh.read()`. Yield an owned copy instead.',
      codeDescription: { href: expect.stringMatching(/^https:\/\/.+\/docs\/rules\/no-borrowed-yield\.md$/) as string },
    });
    expect(server.complaints).toEqual([]);
  });

  it('it goes when the code is mended, and comes back with the bug', async () => {
    const { open } = await edit({ 'read.ts': reader });
    const document = await open('read.ts');
    const counts: number[] = [];
    for (const text of [reader, fixedReader, reader, '', reader]) {
      await document.change(text);
      counts.push((await document.diagnostics()).length);
    }
    expect(counts).toEqual([1, 0, 1, 0, 1]);
  });

  it('"fix all" mends what --fix would', async () => {
    const twice = `${reader}\n${reader.slice(reader.indexOf('export')).replace('read(fh', 'again(fh')}`;
    const { server, open } = await edit({ 'read.ts': twice });
    const document = await open('read.ts');
    expect(await document.diagnostics()).toHaveLength(2);
    expect(await server.run(document.fixAll, document)).toBe(twice.replaceAll('buf.subarray(0, bytesRead);', 'Buffer.from(buf.subarray(0, bytesRead));'));
  });
});

describe('after an edit', () => {
  const helper = `export function frameOf(buf: Buffer): Buffer {
  return buf.subarray(0, 4);
}
`;
  const user = `import { readSync } from 'node:fs';
import { frameOf } from './helper.js';

export function* frames(fd: number) {
  const buf = Buffer.alloc(4);
  while (readSync(fd, buf) > 0) yield frameOf(buf);
}
`;

  it('of another file, what depends on it is seen anew, before it is saved', async () => {
    const { open } = await edit({ 'helper.ts': helper, 'user.ts': user });
    const [helperDocument, userDocument] = [await open('helper.ts'), await open('user.ts')];
    const copying = helper.replace('buf.subarray(0, 4)', 'Buffer.from(buf.subarray(0, 4))');
    const counts: number[] = [];
    for (const text of [helper, copying, helper, copying]) {
      await helperDocument.change(text);
      await helperDocument.diagnostics();
      counts.push((await userDocument.diagnostics()).length);
    }
    expect(counts).toEqual([1, 0, 1, 0]);
  });

  it('a file of 500 lines is answered while one types', async () => {
    const filler = (index: number): string => `
export async function sum${index}(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let total = 0;
  for await (const chunk of chunks) {
    for (const byte of chunk) total += byte * ${index};
  }
  return total;
}
`;
    const text = reader + Array.from({ length: 62 }, (_, index) => filler(index)).join('');
    const { open } = await edit({ 'long.ts': text });
    const document = await open('long.ts');
    const timed = async (): Promise<number> => {
      const begin = performance.now();
      expect(await document.diagnostics()).toHaveLength(1);
      return Math.round(performance.now() - begin);
    };
    const first = await timed();
    const later: number[] = [];
    for (let edits = 0; edits < 15; edits++) {
      await document.change(text.replace('total = 0', `total = ${edits}`));
      later.push(await timed());
    }
    later.sort((a, b) => a - b);
    console.log(`${text.split('\n').length} lines: first answer after ${first} ms, after an edit ${later[7] ?? 0} ms (median of 15, ${later[0] ?? 0} to ${later.at(-1) ?? 0})`);
    expect(later[7]).toBeLessThan(first);
  });
});

/** Samples of fixes from the rules' pages, each with one finding: what a page shows is what an editor offers. */
const fixes = Object.keys(rules).flatMap((rule) =>
  fixesOf(rule).flatMap(({ before, after, line }) => {
    if (after === undefined) return [];
    // The option is said in the file, so that one project can hold them all.
    const wish = before.form === undefined ? '' : `/* eslint borrowck/${rule}: ["error", { "fix": "${before.form}" }] */\n`;
    return [{ rule, line, name: `${before.runtime}-${basename(before.file)}`, before: wish + before.text, after: wish + after.text }];
  }),
);

describe('the light bulb', () => {
  it('offers each form of a fix, and applying it gives what the page of the rule shows', async () => {
    const { server, open } = await edit(Object.fromEntries(fixes.map(({ name, before }) => [name, before])));
    const wrong: string[] = [];
    for (const { rule, line, name, before, after } of fixes) {
      const document = await open(name);
      let text = before;
      // A page's sample may need one fix after the other.
      for (let round = 0; round < 4 && text !== after; round += 1) {
        const diagnostic = (await document.diagnostics()).find(({ code }) => code === `borrowck/${rule}`);
        const action = diagnostic && (await document.actions(diagnostic)).find(({ title }) => !/^(?:Disable|Show documentation|Fix all)/.test(title));
        if (action === undefined) break;
        text = await server.run(action.command, document);
        await document.change(text);
      }
      if (text !== after) wrong.push(`docs/rules/${rule}.md:${line}\n${text}`);
    }
    expect(wrong).toEqual([]);
    const fixable = Object.entries(rules as Record<string, Rule.RuleModule>).flatMap(([rule, { meta }]) => (meta?.fixable === undefined ? [] : [rule]));
    expect([...new Set(fixes.map(({ rule }) => rule))].sort()).toEqual(expect.arrayContaining(fixable));
  });
});

describe('what an editor suggests besides', () => {
  const work = `import { readSync } from 'node:fs';

async function up(part: Uint8Array): Promise<void> {
  await null;
  console.log(part);
}

export function go(fd: number): void {
  const block = new Uint8Array(8);
  while (readSync(fd, block) > 0) void up(block.subarray(1));
}
`;
  const held = `import { ByteArena } from 'borrowck-runtime';

export function measure(arena: ByteArena, data: Uint8Array, isNeeded: boolean): number {
  const ref = arena.alloc(data);
  if (!isNeeded) return 0;
  const length = arena.with(ref, (bytes) => bytes.length);
  arena.release(ref);
  return length;
}
`;

  it.each([
    ['a ref into an arena', 'always-work.ts', work, /\.alloc\(/, ['  while (readSync(fd, block) > 0) {', '    const ref = arena.alloc(block.subarray(1));', '    void up(ref).finally(() => arena.release(ref));', '  }']],
    ['`using`', 'always-held.ts', held, /`using`/, ['  using lease = arena.lease(data);', '  if (!isNeeded) return 0;', '  const length = arena.with(lease.ref, (bytes) => bytes.length);', '  return length;']],
  ])('is %s', async (_, name, text, title, lines) => {
    const { server, open } = await edit({ [name]: text });
    const document = await open(name);
    const [diagnostic] = await document.diagnostics();
    const action = diagnostic && (await document.actions(diagnostic)).find((one) => title.test(one.title));
    if (action === undefined) throw new Error(`nothing is suggested for ${diagnostic?.message ?? 'no finding'}`);
    expect(await server.run(action.command, document)).toContain(lines.join('\n'));
  });
});

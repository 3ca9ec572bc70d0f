import { beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../../rules/cli/explain.js';
import { loadToolchain, type Toolchain } from '../../../rules/cli/toolchain.js';
import { folderWith } from '../../support/folder.js';

let toolchain: Toolchain;
beforeAll(async () => {
  toolchain = await loadToolchain();
});

type Files = Readonly<Record<string, string>>;

async function run(place: string, files: Files): Promise<{ readonly out: string; readonly errors: string }> {
  let out = '';
  let errors = '';
  const cwd = folderWith(files);
  const code = await explain(place, toolchain, { cwd, isColored: false, width: 120, isWatched: false, out: (text) => void (out += text), error: (text) => void (errors += text) });
  expect(code).toBe(0);
  return { out, errors };
}

async function explained(place: string, files: Files): Promise<string> {
  return (await run(place, files)).out;
}

const READS = `import { readSync } from 'node:fs';

export function* blocks(fd: number) {
  const buf = Buffer.alloc(64);
  while (readSync(fd, buf) > 0) {
    yield buf.subarray(0, 8);
  }
}

export function* once(fd: number) {
  const own = Buffer.alloc(64);
  readSync(fd, own);
  yield own.subarray(0, 8);
}

export class Pool {
  #buf = Buffer.alloc(8192);
  #at = 0;
  take(fd: number): Buffer {
    if (this.#at + 512 > this.#buf.length) {
      this.#buf = Buffer.alloc(8192);
      this.#at = 0;
    }
    const n = readSync(fd, this.#buf, this.#at, 512, null);
    const view = this.#buf.subarray(this.#at, this.#at + n);
    this.#at += n;
    return view;
  }
}
`;

describe('borrowck explain', () => {
  it('tells what is reported with its steps, the views at hand, the contracts, and the loan that is broken', async () => {
    expect(await explained('a.ts:6', { 'a.ts': READS })).toBe(`a.ts:6, in \`blocks\`
    yield buf.subarray(0, 8);

Reported: borrowck/no-borrowed-yield, certain
  \`buf\` is allocated here (a.ts:4)
  a view of it is handed out here (a.ts:6)
  and then overwritten by \`readSync()\` (a.ts:5)

Views at hand
  buf: memory of a.ts:4

Lent before, and still out
  a view of \`buf\` (made at a.ts:4) by yield, certain (a.ts:6)

Calls
  \`buf.subarray()\` gives a view of what it is called on (from the catalog, global#Buffer.subarray)

Lent here
  a view of \`buf\` (made at a.ts:4) by yield, certain
    broken: reported as borrowck/no-borrowed-yield
`);
  });

  it('leads from a line that takes part to where it is reported', async () => {
    const out = await explained('a.ts:5', { 'a.ts': READS });
    expect(out).toContain('Part of what is reported at a.ts:6: borrowck/no-borrowed-yield, certain');
    expect(out).toContain('`readSync()` overwrites argument 2; blocks the event loop (disk) (from the catalog, node:fs#readSync)');
    expect(out).not.toContain('Nothing is reported');
  });

  it('takes the line of a column, and the statement that a line continues', async () => {
    const spread = READS.replace('buf.subarray(0, 8)', 'buf.subarray(\n      0, 8)');
    expect(await explained('a.ts:7:3', { 'a.ts': spread })).toContain('Reported: borrowck/no-borrowed-yield');
  });
});

const SENDS = `import type { MessagePort } from 'node:worker_threads';
export function send(port: MessagePort, block: Uint8Array<ArrayBuffer>, isLast: boolean): number {
  if (isLast) port.postMessage(block, [block.buffer]);
  if (!isLast) {
    return block[0] ?? 0;
  }
  return block.length;
}
`;

describe('what is gone', () => {
  it('is told with the steps of the finding, and before it', async () => {
    const out = await explained('a.ts:7', { 'a.ts': SENDS });
    expect(out).toContain('Reported: borrowck/no-use-after-transfer, certain');
    expect(out).toContain('  `block` is transferred away by `port.postMessage()` (a.ts:3)\n  and read here (a.ts:7)');
    expect(out).toContain('Gone before\n  `block`: transferred away by `port.postMessage()` (a.ts:3)\n');
    expect(await explained('a.ts:3', { 'a.ts': SENDS })).toContain('Part of what is reported at a.ts:7: borrowck/no-use-after-transfer, certain');
  });

  it('is there on the ways that lead past the transfer', async () => {
    const out = await explained('a.ts:5', { 'a.ts': SENDS });
    expect(out).toContain('Nothing is reported here');
    expect(out).toContain('Gone before\n  `block`: transferred away by `port.postMessage()` (a.ts:3), on ways only that do not lead here');
  });
});

describe('why a line is silent', () => {
  it('nothing refers to the memory any more when it could change', async () => {
    const out = await explained('a.ts:13', { 'a.ts': READS });
    expect(out).toContain('Nothing is reported here\n  what is lent here is over, or left alone');
    expect(out).toMatch(/`own` \(made at a\.ts:11\) by yield, certain\n {4}sound: .*nothing here refers to this memory any more/);
  });

  it('only other parts of the memory change', async () => {
    expect(await explained('a.ts:27', { 'a.ts': READS })).toMatch(/by return, certain\n {4}sound: .*only parts that were not lent change/);
    expect(await explained('a.ts:24', { 'a.ts': READS })).toContain('memory is changed here (overwrite by `readSync()`), and only where it is not lent');
  });

  it('nothing overwrites the memory', async () => {
    const code = 'export class Header {\n  #bytes = Buffer.from("abc");\n  get bytes() {\n    return this.#bytes.subarray(0, 2);\n  }\n}\n';
    expect(await explained('a.ts:4', { 'a.ts': code })).toContain('sound: nothing overwrites, moves away or takes back this memory');
  });

  it('the work that has the view is waited for', async () => {
    const code = `import type { FileHandle } from 'node:fs/promises';
export async function copy(fh: FileHandle, store: (bytes: Buffer) => Promise<void>) {
  const buf = Buffer.alloc(64);
  for (let i = 0; i < 4; i++) {
    await fh.read(buf);
    const job = store(buf.subarray(0, 4));
    await job;
  }
}
`;
    const out = await explained('a.ts:6', { 'a.ts': code });
    expect(out).toContain('`store()` is not known here: it has no contract, and no body to follow');
    expect(out).toContain('the loan is over at a.ts:7, where the work is waited for');
    expect(await explained('a.ts:7', { 'a.ts': code })).toContain('Over from here on\n  what was lent at a.ts:6: the work is waited for');
  });

  it('no memory comes by', async () => {
    expect(await explained('a.ts:2', { 'a.ts': 'export const one = 1;\nexport const two = one + 1;\n' })).toContain('this code was left out before the analysis: no memory comes by');
    expect(await explained('a.ts:31', { 'a.ts': `${READS}export const two = 1 + 1;\n` })).toContain('no memory that is followed comes by this line');
  });

  it('the function was left out before the analysis, and a trial shows the rest', async () => {
    const out = await explained('a.ts:3', { 'a.ts': 'export function sum(bytes: Buffer, from: number) {\n  let sum = 0;\n  for (const byte of bytes.subarray(from)) sum += byte;\n  return sum;\n}\n' });
    expect(out).toContain('this function was left out before the analysis');
    expect(out).toContain('`bytes.subarray()` gives a view of what it is called on');
  });

  /** Every method can swap a buffer for another one's: that makes more ways than are told apart. */
  const swapping = (count: number): string => {
    const methods = Array.from({ length: count }, (_, i) => `  f${i}: Buffer | undefined;
  take${i}(fd: number, on: (bytes: Buffer) => void) {
    if (this.f${i} === undefined) this.f${i} = Buffer.alloc(64);
    else if (readSync(fd, this.f${i}) > ${i}) this.f${i} = this.f${(i + 1) % count};
    on((this.f${i} ?? this.f${(i + 2) % count} ?? Buffer.alloc(64)).subarray(1));
  }`);
    return `import { readSync } from 'node:fs';\nexport class Swap {\n${methods.join('\n')}\n}\n`;
  };

  it('the ways through the code were too many to be told apart', async () => {
    expect(await explained('a.ts:5', { 'a.ts': swapping(4) })).toContain('`Swap#take0` (a.ts:4) takes too many steps by itself: it was looked at once more, with its ways taken together, and nothing that this found is certain');
  });

  it('the analysis was given up', async () => {
    expect(await explained('a.ts:5', { 'a.ts': swapping(60) })).toContain('the analysis of `Swap#take0` (a.ts:4) was given up: it takes too many steps by itself');
  });

  it('it is potential only', async () => {
    const code = 'export function* copy(from: Iterable<Uint8Array>, buf: Buffer) {\n  for (const part of from) {\n    buf.set(part);\n    yield buf.subarray(0, part.length);\n  }\n}\n';
    const out = await explained('a.ts:4', { 'a.ts': code });
    expect(out).toContain("potential, as the memory is the caller's");
    expect(out).toContain('Reported: borrowck/no-borrowed-yield, potential; shown with `report: "potential"`, or `--report potential`');
  });
});

describe('contracts of the user', () => {
  const code = (tags: string): string => `${tags}
export async function save(bytes: Buffer): Promise<void> {
  await fetch('https://example.com', { method: 'POST', body: bytes });
}
export function fill(read: (into: Buffer) => number) {
  const buf = Buffer.alloc(64);
  while (read(buf) > 0) {
    void save(buf.subarray(0, 8));
    buf.fill(0);
  }
}
`;

  it('are told with the place of their tags', async () => {
    expect(await explained('a.ts:8', { 'a.ts': code('/** @borrows bytes until return */') })).toContain('`save()` reads what it is given, and keeps nothing of it (from the tags of a.ts:2)');
  });

  it('are read from the settings of the ESLint configuration', async () => {
    const config = 'export default [{ files: ["**/*.ts"], settings: { borrowck: { contracts: { "./a.ts#save": { parameters: [{ keeps: "settle" }] } } } } }];\n';
    const out = await explained('a.ts:8', { 'a.ts': code(''), 'eslint.config.mjs': config });
    expect(out).toMatch(/`save\(\)` keeps argument 1 until it settles \(from settings\.borrowck\.contracts\)/);
    expect(out).toContain('; your ESLint configuration has this rule off');
  });

  it('that cannot be used are told in a note', async () => {
    const config = 'export default [{ files: ["**/*.ts"], settings: { borrowck: { contracts: { "./a.ts#save": { parametres: [] } } } } }];\n';
    const { errors } = await run('a.ts:8', { 'a.ts': code(''), 'eslint.config.mjs': config });
    expect(errors).toContain('unknown property "parametres"');
  });

  it('do not matter where the configuration cannot be loaded', async () => {
    const { errors } = await run('a.ts:8', { 'a.ts': code(''), 'eslint.config.mjs': 'import "./missing.mjs";\n' });
    expect(errors).toMatch(/^note: the ESLint configuration cannot be loaded \(.*missing\.mjs.*\): its settings are not taken into account\.\n$/);
  });
});

const JOBS = `import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';

const jobs: string[] = [];
const kept: string[] = [];

export function follow(source: EventEmitter): void {
  source.on('job', (job: string) => {
    if (jobs.length > 100) source.off('job', () => undefined);
    jobs.push(job);
    kept.push(job);
  });
}

export async function work(run: (job: string) => Promise<void>): Promise<void> {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await run(job);
}

const load = (path: string): string => readFileSync(path, 'utf8');
export const readSync = (path: string): string => readFileSync(path, 'utf8');
export const settings = load('settings.json');
setInterval(() => { load('state.json'); }, 1000);
`;

describe('queues and what blocks', () => {
  it.each([
    [10, ['Queues', '  `jobs`', '    filled on every `job` event (a.ts:10)', '    emptied by a loop that waits for each value to be dealt with (a.ts:16)', '    bounded (a.ts:9)']],
    [16, ['    bounded (a.ts:9)']],
    [11, ['  `kept`', '    nothing in sight empties it at a pace of its own: it is a list, and no queue']],
    [19, ['Blocks the event loop', '  fs.readFileSync (a.ts:19): no event loop calls this function that is known of: it is reported at the call in code that one runs']],
    [20, ['  fs.readFileSync (a.ts:20): the synchronous half of an API, by its name: whoever calls it wants that']],
    [21, ['  load → fs.readFileSync (a.ts:21): it runs before the program serves anyone, or when it no longer does']],
    [22, ['Reported: borrowck/no-blocking-in-async, certain', '  load → fs.readFileSync (a.ts:22): the event loop runs this code while other work waits']],
  ])('line %i', async (line, told) => {
    const out = await explained(`a.ts:${line}`, { 'a.ts': JOBS });
    for (const one of told) expect(out.split('\n')).toContain(one);
  });
});

describe('a place that is none', () => {
  it.each([
    ['a.ts', '`a.ts` is not a place: write FILE:LINE, as in `borrowck explain src/read.ts:12`.'],
    ['a.ts:x', '`a.ts:x` is not a place'],
    ['a.ts:0', '`a.ts` has 30 lines: there is no line 0.'],
    ['a.ts:99', '`a.ts` has 30 lines: there is no line 99.'],
    ['b.ts:1', 'There is no file `b.ts`.'],
    ['src:1', 'There is no file `src`.'],
    ['notes.txt:1', '`notes.txt` holds no code: name a TypeScript or JavaScript file.'],
    ['types.d.ts:1', '`types.d.ts` holds no code'],
    ['broken.ts:1', '`broken.ts` cannot be parsed: Expression expected.'],
  ])('%s is refused in one sentence', async (place, reason) => {
    await expect(run(place, { 'a.ts': READS, 'src/c.ts': '', 'notes.txt': 'x', 'types.d.ts': 'export type A = 1;\n', 'broken.ts': 'let x = ;\n' })).rejects.toThrow(reason);
  });

  it('settings of the wrong shape are told in one sentence', async () => {
    const config = 'export default [{ files: ["**/*.ts"], settings: { borrowck: { contract: {} } } }];\n';
    await expect(run('a.ts:1', { 'a.ts': READS, 'eslint.config.mjs': config })).rejects.toThrow('settings.borrowck has no "contract"');
  });
});

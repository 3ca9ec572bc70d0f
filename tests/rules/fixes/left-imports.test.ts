import { expect, test } from 'vitest';
import { applyFixes, gate, lint, typed } from './gate.js';

const rules = { 'borrowck/no-blocking-in-async': 'error' } as const;

/** What `--fix` makes of a file. */
function fixed(text: string, name = 'sample.ts'): string {
  return gate(text, { rules, name }).output;
}

const read = 'export async function f(p: string): Promise<string> {\n  return readFileSync(p, \'utf8\');\n}\n';
const awaits = read.replace('readFileSync', 'await readFile');

test.each([
  ['the import of what blocks gives way to that of what does not', `import { readFileSync } from 'node:fs';\n${read}`, `import { readFile } from 'node:fs/promises';\n${awaits}`],
  ['a comment before the import stays', `// Files.\nimport { readFileSync } from 'node:fs';\n${read}`, `// Files.\nimport { readFile } from 'node:fs/promises';\n${awaits}`],
  ['an import with a comment in it stays', `import { readFileSync /* whole */ } from 'node:fs';\n${read}`, `import { readFileSync /* whole */ } from 'node:fs';\nimport { readFile } from 'node:fs/promises';\n${awaits}`],
  ['what else is imported stays', `import { constants, readFileSync, type Stats } from 'node:fs';\nexport { constants, type Stats };\n${read}`, `import { constants, type Stats } from 'node:fs';\nimport { readFile } from 'node:fs/promises';\nexport { constants, type Stats };\n${awaits}`],
  ['the last of several goes with its comma', `import { constants, readFileSync } from 'node:fs';\nexport { constants };\n${read}`, `import { constants } from 'node:fs';\nimport { readFile } from 'node:fs/promises';\nexport { constants };\n${awaits}`],
  ['a default import goes without its braces', `import fs, { readFileSync } from 'node:fs';\nexport { fs };\n${read}`, `import fs from 'node:fs';\nimport { readFile } from 'node:fs/promises';\nexport { fs };\n${awaits}`],
  ['an import that is there takes the name', `import { readFileSync } from 'node:fs';\nimport { stat } from 'node:fs/promises';\nexport { stat };\n${read}`, `import { stat, readFile } from 'node:fs/promises';\nexport { stat };\n${awaits}`],
  ['names on lines of their own get one more line', `import { readFileSync } from 'node:fs';\nimport {\n  lstat,\n  stat,\n} from 'node:fs/promises';\nexport { lstat, stat };\n${read}`, `import {\n  lstat,\n  stat,\n  readFile,\n} from 'node:fs/promises';\nexport { lstat, stat };\n${awaits}`],
  ['a default import has every name of the module', `import { readFileSync } from 'node:fs';\nimport fsp from 'node:fs/promises';\nexport { fsp };\n${read}`, `import fsp from 'node:fs/promises';\nexport { fsp };\n${awaits.replace('readFile', 'fsp.readFile')}`],
  ['the promises of the module itself are enough', `import { promises as fsp, readFileSync } from 'node:fs';\nexport { fsp };\n${read}`, `import { promises as fsp } from 'node:fs';\nexport { fsp };\n${awaits.replace('readFile', 'fsp.readFile')}`],
  ['what is used elsewhere stays', `import { readFileSync } from 'node:fs';\nexport const top = readFileSync('top', 'utf8');\n${read}`, `import { readFileSync } from 'node:fs';\nimport { readFile } from 'node:fs/promises';\nexport const top = readFileSync('top', 'utf8');\n${awaits}`],
  ['what is exported stays', `import { readFileSync } from 'node:fs';\nexport { readFileSync };\n${read}`, `import { readFileSync } from 'node:fs';\nimport { readFile } from 'node:fs/promises';\nexport { readFileSync };\n${awaits}`],
])('%s', (_, before, after) => {
  expect(fixed(before)).toBe(after);
});

test('a module that is required gives way, too', () => {
  expect(fixed("'use strict'\nconst { readFileSync } = require('fs')\nexports.f = async (/** @type {string} */ p) => readFileSync(p)\n", 'sample.cjs')).toBe(
    "'use strict'\nconst { readFile } = require('fs/promises')\nexports.f = async (/** @type {string} */ p) => await readFile(p)\n",
  );
});

test('what takes the place may be a member of the same import', () => {
  const text = "import * as zlib from 'node:zlib';\nexport const pack = async (data: Buffer) => zlib.gzipSync(data);\n";
  const source = typed(text, {});
  const [suggestion] = lint(source, { rules }).flatMap(({ suggestions }) => suggestions ?? []);
  expect(suggestion && applyFixes(text, [{ fix: suggestion.fix } as never])).toBe(
    "import * as zlib from 'node:zlib';\nimport { promisify } from 'node:util';\nexport const pack = async (data: Buffer) => await promisify(zlib.gzip)(data);\n",
  );
});

test.each([
  ['a branch of a conditional', "p === '' ? '' : readFileSync(p, 'utf8')", "p === '' ? '' : await readFile(p, 'utf8')"],
  ['an index', "({ a: 1 } as Record<string, number>)[readFileSync(p, 'utf8')]", "({ a: 1 } as Record<string, number>)[await readFile(p, 'utf8')]"],
  ['an object of a member', "readFileSync(p, 'utf8').length", "(await readFile(p, 'utf8')).length"],
])('parentheses stand where they are needed: %s', (_, before, after) => {
  expect(fixed(`import { readFileSync } from 'node:fs';\nexport const f = async (p: string) => ${before};\n`)).toBe(`import { readFile } from 'node:fs/promises';\nexport const f = async (p: string) => ${after};\n`);
});

test.each(['const after = function () {}', 'const other = [1]', 'if (p) list(p)'])('a statement does not go on with one that has no semicolon: %s', (before) => {
  const after = fixed(`import { readdirSync } from 'node:fs'\n\nexport async function f(p: string, list: (x: string) => void) {\n  ${before}\n  readdirSync(p).forEach((x) => list(x))\n}\n`);
  expect(after).toContain(`${before}\n  ;(await readdir(p)).forEach`);
});

test('what may be a descriptor is no path that could be read by its name', () => {
  const text = "import { readFileSync } from 'node:fs';\nexport const f = async (p: number | string) => readFileSync(p, 'utf8');\n";
  const messages = lint(typed(text, {}), { rules });
  expect(messages).toHaveLength(1);
  expect(messages.flatMap(({ suggestions = [], fix }) => [...suggestions, ...(fix === undefined ? [] : [fix])])).toEqual([]);
});

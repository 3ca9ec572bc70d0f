import ts from 'typescript';
import { expect, test } from 'vitest';
import { sessionFor } from '../../../../rules/engine/session.js';
import { resetWork, workDone } from '../../../../rules/engine/work.js';
import { programOf, virtualPath } from '../../fixes/program.js';

/** Runs the analysis on every file; gives what was found and what was asked. */
function run(files: Readonly<Record<string, string>>): { readonly found: number; readonly questions: number; readonly lowered: number } {
  const program = programOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [virtualPath(name), text])));
  const session = sessionFor({ ts, program, settings: { runtime: 'never', contracts: undefined } });
  resetWork();
  let found = 0;
  for (const name of Object.keys(files)) {
    const file = program.getSourceFile(virtualPath(name));
    if (file !== undefined) found += session.findings(file, 'blocking').length;
  }
  const { questions, lowered } = workDone();
  return { found, questions: questions.typeOf + questions.calleeOf, lowered };
}

const busy = Array.from({ length: 200 }, (_, i) => `export async function f${i}(x: { get(): Promise<number>; write(n: number): void }) { x.write(await x.get()); return f${(i + 1) % 200}; }`).join('\n');

test('code that names nothing that blocks is neither lowered nor asked about', () => {
  expect(run({ 'cost-a.ts': busy, 'cost-b.ts': busy })).toEqual({ found: 0, questions: 0, lowered: 0 });
});

test('one file that blocks does not make the others be lowered', () => {
  const blocking = "import { readFileSync } from 'node:fs';\nexport async function read(path: string) { return readFileSync(path); }";
  const { found, questions, lowered } = run({ 'cost-c.ts': busy, 'cost-d.ts': blocking });
  expect({ found, lowered }).toEqual({ found: 1, lowered: 1 });
  expect(questions).toBe(0);
});

test('a helper is looked up by the imports that name it, without asking for types', () => {
  const helper = "import fs from 'node:fs';\nexport const load = (path: string) => fs.readFileSync(path);";
  const caller = "import { load } from './cost-e.js';\nexport async function show(path: string) { return load(path); }";
  const { found, questions } = run({ 'cost-e.ts': helper, 'cost-f.ts': caller, 'cost-g.ts': busy });
  expect({ found, questions }).toEqual({ found: 1, questions: 0 });
});

test('a method of an unknown receiver is asked about once, and only by the name of one that blocks', () => {
  const store = "import fs from 'node:fs';\nexport class Store { write(n: number) { fs.writeFileSync('n', String(n)); } }";
  const { found, questions } = run({ 'cost-h.ts': store, 'cost-i.ts': `import type { Store } from './cost-h.js';\nexport async function save(store: Store, other: { get(): number }) { store.write(other.get()); other.get(); other.get(); }` });
  expect(found).toBe(1);
  expect(questions).toBeLessThanOrEqual(3);
});

test('objects that hold themselves come to an end', () => {
  const circular = "const fs = require('fs');\nlet o = { load: () => fs.readFileSync('x') };\no = { ...o, more: 1 };\nexports.f = async (k) => { o = { ...o, k }; return o.load(); };";
  expect(run({ 'cost-j.cjs': circular }).found).toBe(1);
});

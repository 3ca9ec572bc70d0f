import ts from 'typescript';
import { expect, test } from 'vitest';
import { sessionFor } from '../../../../rules/engine/session.js';
import { resetWork, workDone } from '../../../../rules/engine/work.js';
import { programOf, virtualPath } from '../../fixes/program.js';

function findingsIn(sources: Readonly<Record<string, string>>, name: string): readonly string[] {
  const files = Object.fromEntries(Object.entries(sources).map(([file, text]) => [virtualPath(file), text]));
  const program = programOf(files);
  resetWork();
  const file = program.getSourceFile(virtualPath(name));
  const session = sessionFor({ ts, program, settings: { runtime: 'never', contracts: undefined } });
  return file === undefined ? [] : session.findings(file, 'borrow').map(({ kind }) => kind);
}

const reader = 'const pool = new Uint8Array(8);\nexport function take(n: number): Uint8Array { pool.fill(n); return pool.subarray(1); }';

test('a file whose types the checker cannot work out takes nothing from the others', () => {
  const count = 1_500;
  const functions = Array.from({ length: count }, (_, i) => `function f${i}(x) { return f${(i + 1) % count}(x) ?? x; }`);
  const sources = { 'endless.js': `const pool = new Uint8Array(8);\n${functions.join('\n')}\nexport class Kept { view = f0(pool); fill() { this.view[0] = 1; } };`, 'reader.ts': reader };
  expect(findingsIn(sources, 'endless.js')).toEqual([]);
  expect(workDone().overflows).toBe(1);
  expect(findingsIn(sources, 'reader.ts')).toEqual(['borrowed-return']);
}, 120_000);

test('the `this` of a file has no type, and nobody stumbles over it', () => {
  const members = 'class A { buf = new Uint8Array(8); }\nclass B { buf = new Uint8Array(8); }';
  const sources = { 'script.cjs': `${members}\nthis.buf = new A().buf;\nthis.buf = new B().buf.subarray(1);`, 'reader.ts': reader };
  expect(findingsIn(sources, 'reader.ts')).toEqual(['borrowed-return']);
});

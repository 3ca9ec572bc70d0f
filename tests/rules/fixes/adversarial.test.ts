import type { Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import { applyFixes, lint, typed } from './gate.js';
import { programOf, typeErrorsOf } from './program.js';
import { commentsOf, newOnes } from './texts.js';

/** Code as it is found, not as it should be: each rewrite of it has to pass what every other one passes. */
const rules: Linter.RulesRecord = Object.fromEntries(['no-borrowed-capture', 'no-unreleased-ref', 'no-blocking-in-async'].map((rule) => [`borrowck/${rule}`, 'error']));

const sources: Readonly<Record<string, { readonly name?: string; readonly text: string; readonly forms: readonly string[] }>> = {
  'lines that end as on Windows': {
    text: "import { readSync } from 'node:fs';\r\n\r\nasync function up(part: Uint8Array): Promise<void> {\r\n  await null;\r\n  console.log(part);\r\n}\r\n\r\nexport function go(fd: number): void {\r\n  const b = new Uint8Array(8);\r\n  while (readSync(fd, b) > 0) void up(b.subarray(1));\r\n}\r\n",
    forms: ['fix', 'arena'],
  },
  'tabs, no semicolons, statements that begin with a bracket': {
    text: "import { readSync } from 'node:fs'\n\nasync function up(part: Uint8Array): Promise<void> {\n\t[1].map(String)\n\tawait null\n\tconsole.log(part)\n}\n\nexport function go(fd: number): void {\n\tconst b = new Uint8Array(8)\n\twhile (readSync(fd, b) > 0) {\n\t\tconst x = 1\n\t\t;[x].toString()\n\t\t;(async (p: Uint8Array) => {\n\t\t\tawait null\n\t\t\tconsole.log(p)\n\t\t})(b.subarray(2))\n\t\tvoid up(b.subarray(x))\n\t}\n}\n",
    forms: ['fix', 'arena', 'fix', 'arena'],
  },
  'comments everywhere': {
    text: "// head\nimport { readSync } from 'node:fs'; // fs\n/* before */\nasync function up(/* a */ part /* b */ : /* c */ Uint8Array /* d */): Promise<void> { // open\n  // first\n  await null; // wait\n  console.log(part);\n}\nexport function go(fd: number): void {\n  const b = new Uint8Array(8);\n  while (readSync(fd, b) > 0) /* loop */ void up(/* x */ b.subarray(1) /* y */); // end\n}\n",
    forms: ['fix', 'arena'],
  },
  'a comment before a type that would go': {
    text: "import { readSync } from 'node:fs';\nexport function go(fd: number, use: (b: Buffer) => void): void {\n  const b = Buffer.alloc(8);\n  while (readSync(fd, b) > 0) {\n    const part /* p */ : /* q */ Buffer = b.subarray(1);\n    setImmediate(() => /* r */ use(part) /* s */);\n  }\n}\n",
    forms: ['fix'],
  },
  'names that are taken': {
    text: "import { readSync } from 'node:fs';\nconst arena = 1; const ref = 2; const lease = 3; const bytes = 4; const partRef = 5;\nclass ByteArena { x = arena + ref + lease + bytes + partRef; }\nasync function up(part: Uint8Array): Promise<void> {\n  await null;\n  console.log(part, new ByteArena());\n}\nexport function go(fd: number): void {\n  const b = new Uint8Array(8);\n  while (readSync(fd, b) > 0) void up(b.subarray(1));\n}\n",
    forms: ['fix', 'arena'],
  },
  'one line': {
    name: 'min.mjs',
    text: "import{readSync}from'fs';async function u(p,q){await 0;q(p)}export function go(f,q){const b=Buffer.alloc(8);for(;readSync(f,b)>0;)u(b.subarray(1),q)}",
    forms: ['fix', 'arena'],
  },
  'one line of CommonJS': {
    name: 'min.cjs',
    text: "'use strict';const fs=require('fs');exports.go=function(f,q){const b=Buffer.alloc(8);while(fs.readSync(f,b)>0){const p=b.slice(1);setImmediate(()=>q(p))}};",
    forms: ['fix', 'arena'],
  },
  'work that clears what it has captured': {
    text: "export function blink(show: (b: Uint8Array) => void): void {\n  const line = new Uint8Array(16);\n  for (let i = 0; i < 9; i++) {\n    line.fill(i);\n    setTimeout(() => { show(line); line.fill(0); }, 9);\n  }\n}\n",
    forms: [],
  },
  'work that fills what it has captured': {
    text: "import { readSync } from 'node:fs';\nexport function blink(fd: number, show: (b: Uint8Array) => void): void {\n  const line = new Uint8Array(16);\n  for (let i = 0; i < 9; i++) {\n    line.fill(i);\n    setTimeout(() => { show(line); readSync(fd, line); }, 9);\n  }\n}\n",
    forms: [],
  },
  'work that copies from what it has captured': {
    text: "export function blink(screen: Uint8Array): void {\n  const line = new Uint8Array(16);\n  for (let i = 0; i < 9; i++) {\n    line.fill(i);\n    setTimeout(() => { screen.set(line, i); }, 9);\n  }\n}\n",
    forms: ['copy'],
  },
  'a class without a name': {
    text: "import { readSync } from 'node:fs';\nexport default class {\n  #b = Buffer.alloc(8);\n  go(fd: number, use: (b: Buffer) => void) {\n    while (readSync(fd, this.#b) > 0) void this.#up(this.#b.subarray(1), use)\n  }\n  async #up(part: Buffer, use: (b: Buffer) => void) { await null; use(part) }\n}\n",
    forms: ['fix', 'arena'],
  },
  'cases of a switch without blocks': {
    text: "import { readSync } from 'node:fs';\nasync function up(part: Uint8Array): Promise<void> { await null; console.log(part); }\nexport function go(fd: number): void {\n  const b = new Uint8Array(8);\n  for (;;) switch (readSync(fd, b)) {\n    case 0: return;\n    case 1: void up(b.subarray(1)); break;\n    default: void up(b.subarray(2));\n  }\n}\n",
    forms: ['fix', 'arena', 'fix', 'arena'],
  },
  'overloads': {
    text: "import { readSync } from 'node:fs';\nfunction up(part: Uint8Array): Promise<void>;\nfunction up(part: Uint8Array, n: number): Promise<void>;\nasync function up(part: Uint8Array, n = 1): Promise<void> { await null; console.log(part, n); }\nexport function go(fd: number): void {\n  const b = new Uint8Array(8);\n  while (readSync(fd, b) > 0) void up(b.subarray(1), 2);\n}\n",
    forms: ['fix', 'arena'],
  },
  'a parameter of a generic type': {
    text: "import { readSync } from 'node:fs';\nasync function up<T extends Uint8Array>(part: T): Promise<void> { await null; console.log(part); }\nexport function go(fd: number): void {\n  const b = new Uint8Array(8);\n  while (readSync(fd, b) > 0) void up(b.subarray(1));\n}\n",
    forms: ['fix'],
  },
  'calls that are made only sometimes': {
    text: "import { readSync } from 'node:fs';\nasync function up(part: Uint8Array): Promise<void> { await null; console.log(part); }\nexport function go(fd: number, yes: boolean): void {\n  const b = new Uint8Array(8);\n  while (readSync(fd, b) > 0) { yes && void up(b.subarray(1)); }\n}\n",
    forms: ['fix'],
  },
  'a first line for the shell, and a function that is no arrow': {
    name: 'tool.mjs',
    text: "#!/usr/bin/env node\n'use strict';\n// @ts-check\nimport * as fs from 'fs'\nexport function go(fd, use) {\n    const b = Buffer.alloc(8)\n    while (fs.readSync(fd, b) > 0) {\n        const part = b.subarray(1)\n        process.nextTick(function () { use(part) })\n    }\n}\n",
    forms: ['fix', 'arena'],
  },
  'JSX': {
    name: 'view.tsx',
    text: "import { readSync } from 'node:fs';\nasync function up(part: Uint8Array) { await null; return <p>{part[0]}</p>; }\nexport function Go({ fd }: { fd: number }) {\n  const b = new Uint8Array(8);\n  while (readSync(fd, b) > 0) void up(b.subarray(1));\n  return <p>{b.length}</p>;\n}\n",
    forms: ['fix', 'arena'],
  },
  'a ref between statements that begin with brackets': {
    text: "import { ByteArena } from 'borrowck-runtime'\nconst lease = new ByteArena()\nexport function go(data: Uint8Array, yes: boolean) {\n\tconst ref = lease.alloc(data) // keep\n\t;[1].forEach(() => {})\n\tif (yes) return 0\n\tconst n = lease.with(ref, (b) => b.length)\n\tlease.release(ref) // done\n\treturn n\n}\n",
    forms: ['using'],
  },
  'decorators': {
    text: "import { readSync } from 'node:fs';\nfunction traced<F extends (...args: never[]) => unknown>(fn: F, _: ClassMethodDecoratorContext): F { return fn; }\nexport class Up {\n  @traced\n  async #up(part: Uint8Array): Promise<void> { await null; console.log(part); }\n  @traced // kept\n  go(fd: number): void {\n    const b = new Uint8Array(8);\n    while (readSync(fd, b) > 0) void this.#up(b.subarray(1));\n  }\n}\n",
    forms: ['fix'],
  },
  'functions without a name': {
    name: 'read.js',
    text: "import fs from 'fs'\nexport default async function (p) { return fs.readFileSync(p, 'utf8').split('\\n').map(l => l.trim()) }\nexport const q = async p => fs.readFileSync(p)\n",
    forms: ['await', 'await'],
  },
};

describe.each(Object.entries(sources))('%s', (_, { name, text, forms }) => {
  const source = typed(text, { ...(name !== undefined && { name }) });
  const messages = lint(source, { rules, settings: { runtime: 'always' } });
  const rewrites = messages.flatMap(({ fix, suggestions }) => [...(fix === undefined ? [] : [{ form: 'fix', fix }]), ...(suggestions ?? []).map((one) => ({ form: one.messageId ?? '', fix: one.fix }))]);

  test('can be rewritten to', () => {
    expect(rewrites.map(({ form }) => form)).toEqual(forms);
  });

  if (rewrites.length > 0) test.each(rewrites)('$form', ({ fix }) => {
    const fixed = applyFixes(text, [{ fix } as Linter.LintMessage]);
    const program = programOf({ [source.file]: fixed });
    expect(newOnes(typeErrorsOf(program, source.file), typeErrorsOf(source.program, source.file)), fixed).toEqual([]);
    expect(newOnes(commentsOf(text, source.file), commentsOf(fixed, source.file)), fixed).toEqual([]);
    expect(lint({ file: source.file, text: fixed, program }, { rules, settings: { runtime: 'always' } }).length, fixed).toBeLessThan(messages.length);
    if (text.includes('\r\n')) expect(fixed).not.toMatch(/[^\r]\n/);
  });
});

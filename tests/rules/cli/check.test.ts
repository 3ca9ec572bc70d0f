import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { workDone } from '../../../rules/engine/work.js';
import { folderWith } from '../../support/folder.js';
import { YIELDS, run, yieldsOfBuf } from './prepared.js';
import type { Prepared } from './prepared.js';

function results(out: string): ESLint.LintResult[] {
  return JSON.parse(out) as ESLint.LintResult[];
}

/** Puts what the program knows about each checked file into its notices, and so into the notes. */
function asking(question: (program: Parameters<Prepared>[2], file: string) => string): Prepared {
  return (file, _, program) => ({ notices: [`answer: ${question(program, file)}`] });
}

const typeOfExported = asking((program, file) => {
  const checker = program.getTypeChecker();
  const sourceFile = program.getSourceFile(file);
  const module = sourceFile && checker.getSymbolAtLocation(sourceFile);
  const symbol = module && checker.getExportsOfModule(module)[0];
  return symbol === undefined ? 'no export' : checker.typeToString(checker.getTypeOfSymbol(symbol));
});

describe('exit codes', () => {
  it('0 for clean code', async () => {
    expect(await run(folderWith({ 'a.ts': 'export const a = 1;\n' }), {}, yieldsOfBuf)).toMatchObject({ code: 0, errors: '' });
  });

  it('1 for findings', async () => {
    const { code, out } = await run(folderWith({ 'a.ts': YIELDS }), {}, yieldsOfBuf);
    expect(code).toBe(1);
    expect(results(out).map((result) => [result.errorCount, result.messages[0]?.ruleId, result.messages[0]?.line])).toEqual([[1, 'borrowck/no-borrowed-yield', 5]]);
  });

  it('1 for a file that cannot be parsed, and the others are checked', async () => {
    const { code, out } = await run(folderWith({ 'a.ts': 'let x = ;\n', 'b.ts': YIELDS }), {}, yieldsOfBuf);
    expect(code).toBe(1);
    expect(results(out).map((result) => [result.fatalErrorCount, result.errorCount])).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(results(out)[0]?.messages[0]).toMatchObject({ fatal: true, line: 1, message: expect.stringContaining('Expression expected') as string });
  });

  it('1 for potential findings, which are warnings, unless so many are tolerated', async () => {
    const folder = folderWith({ 'a.ts': `// potential\n${YIELDS}` });
    expect(await run(folder, {}, yieldsOfBuf)).toMatchObject({ code: 0 });
    const { code, out } = await run(folder, { report: 'potential' }, yieldsOfBuf);
    expect(code).toBe(1);
    expect(results(out)[0]).toMatchObject({ errorCount: 0, warningCount: 1 });
    expect(await run(folder, { report: 'potential', maxWarnings: 1 }, yieldsOfBuf)).toMatchObject({ code: 0 });
  });

  it('2 where the analysis itself fails, told in one sentence', async () => {
    const failing: Prepared = () => {
      throw new Error('no such block');
    };
    const { code, errors } = await run(folderWith({ 'a.ts': YIELDS }), {}, failing);
    expect(code).toBe(2);
    expect(errors).toBe('error: a.ts was not checked, because the analysis failed (no such block): please report it.\n');
  });
});

describe('which messages count', () => {
  it('only those of the plugin, whatever comments of the file say', async () => {
    const text = `/* eslint no-var: error, other/rule: error */\n/* eslint-env node */\nvar a = 1; // eslint-disable-line no-alert\n${YIELDS}`;
    const { out } = await run(folderWith({ 'a.ts': text }), {}, yieldsOfBuf);
    expect(results(out).flatMap((result) => result.messages.map((message) => message.ruleId))).toEqual(['borrowck/no-borrowed-yield']);
  });

  it('not those that a comment disables', async () => {
    const text = YIELDS.replace('    yield', '    // eslint-disable-next-line borrowck/no-borrowed-yield -- consumed at once\n    yield');
    expect(await run(folderWith({ 'a.ts': text }), {}, yieldsOfBuf)).toMatchObject({ code: 0 });
  });

  it('only those of the rules that are asked for, by either name', async () => {
    const folder = folderWith({ 'a.ts': YIELDS });
    expect(await run(folder, { rules: ['no-borrowed-return'] }, yieldsOfBuf)).toMatchObject({ code: 0 });
    expect(await run(folder, { rules: ['borrowck/no-borrowed-yield', 'no-borrowed-return'] }, yieldsOfBuf)).toMatchObject({ code: 1 });
    await expect(run(folder, { rules: ['no-borrow'] })).rejects.toThrow('There is no rule `no-borrow`: the rules are no-blocking-in-async, ');
  });

  it('not notices: they are notes on stderr, each once', async () => {
    const { code, out, errors } = await run(folderWith({ 'a.ts': '', 'b.ts': '' }), {}, () => ({ notices: ['Types of this program do not resolve.'] }));
    expect(code).toBe(0);
    expect(results(out).every((result) => result.messages.length === 0)).toBe(true);
    expect(errors).toBe('note: Types of this program do not resolve.\n');
  });
});

describe('the program of a file', () => {
  it('knows Node in a folder without any configuration, in TypeScript and JavaScript', async () => {
    const { errors } = await run(folderWith({ 'a.ts': 'export const a = Buffer.alloc(1);\n' }), {}, typeOfExported);
    expect(errors).toBe('note: answer: Buffer<ArrayBuffer>\n');
    const commonjs = await run(folderWith({ 'a.js': 'exports.a = require("fs").readFileSync("x");\n' }), {}, typeOfExported);
    expect(commonjs.errors).toMatch(/answer: (NonShared)?Buffer/);
  });

  it('knows Node in a project that names no types', async () => {
    const { errors } = await run(folderWith({ 'tsconfig.json': '{ "compilerOptions": { "types": [], "lib": ["ES2022"] } }', 'a.ts': 'export const a = Buffer.alloc(1);\n' }), {}, typeOfExported);
    expect(errors).toBe('note: answer: Buffer<ArrayBuffer>\n');
  });

  it('takes the options of its own project', async () => {
    const text = 'export const a = [1].find((x) => x > 1);\n';
    const folder = folderWith({ 'x/tsconfig.json': '{ "compilerOptions": { "strict": false } }', 'x/a.ts': text, 'y/tsconfig.json': '{ "compilerOptions": { "strict": true } }', 'y/a.ts': text });
    const { errors } = await run(folder, {}, asking((program) => String(program.getCompilerOptions().strict)));
    expect(errors).toBe('note: answer: false\nnote: answer: true\n');
  });

  it('resolves imports without an extension where there is no project', async () => {
    const { errors } = await run(folderWith({ 'package.json': '{ "type": "module" }', 'a.ts': 'export { b } from "./lib/b";\n', 'lib/b.ts': 'export const b = 1n;\n' }), { paths: ['a.ts'] }, typeOfExported);
    expect(errors).toBe('note: answer: 1n\n');
  });

  it('reads the bodies of an installed package, not only its declarations, and only when it is named', async () => {
    const folder = folderWith({
      'app.js': 'exports.app = require("x");\n',
      'node_modules/x/package.json': '{ "name": "x", "main": "index.js" }',
      'node_modules/x/index.js': 'exports.x = require("./lib/y").y;\n',
      'node_modules/x/lib/y.js': 'exports.y = Buffer.alloc(1);\n',
      'node_modules/x/lib/y.d.ts': 'export const y: unknown;\n',
      'node_modules/x/node_modules/z/index.js': 'exports.z = 1;\n',
    });
    const { out, errors } = await run(folder, { paths: ['node_modules/x/index.js'] }, typeOfExported);
    expect(errors).toBe('note: answer: Buffer<ArrayBuffer>\n');
    expect(results(out).map((result) => result.filePath)).toEqual([join(folder, 'node_modules/x/index.js')]);
    const app = await run(folder, {}, asking((program) => program.getSourceFiles().filter((file) => /node_modules\/x\//.test(file.fileName)).length.toString()));
    expect(app.errors).toBe('note: answer: 0\n');
  });

  it('goes by the declarations of an installed package that the catalog describes', async () => {
    const { out } = await run(folderWith({
      'a.ts': 'import type { ByteArena } from "borrowck-runtime";\n\nexport function twice(arena: ByteArena, data: Uint8Array): void {\n  const ref = arena.alloc(data);\n  arena.release(ref);\n  arena.release(ref);\n}\n',
      'node_modules/borrowck-runtime/package.json': '{ "name": "borrowck-runtime", "type": "module", "main": "index.js", "types": "index.d.ts" }',
      'node_modules/borrowck-runtime/index.d.ts': 'export { ByteArena } from "./arena.js";\n',
      'node_modules/borrowck-runtime/index.js': 'export { ByteArena } from "./arena.js";\n',
      'node_modules/borrowck-runtime/arena.d.ts': 'export declare class ByteArena {\n  alloc(source: Uint8Array): object;\n  release(ref: object): boolean;\n}\n',
      'node_modules/borrowck-runtime/arena.js': 'export class ByteArena {\n  alloc() { return {}; }\n  release() { return true; }\n}\n',
    }));
    expect(results(out).flatMap(({ messages }) => messages.map(({ ruleId, line }) => `${ruleId ?? ''}:${line}`))).toEqual(['borrowck/no-unreleased-ref:6']);
  });

  it('reads referenced projects from their sources, built or not', async () => {
    const folder = folderWith({
      'lib/tsconfig.json': '{ "compilerOptions": { "composite": true, "outDir": "out", "rootDir": "." } }',
      'lib/b.ts': 'export const b = 2n;\n',
      'app/tsconfig.json': '{ "references": [{ "path": "../lib" }] }',
      'app/a.ts': 'export { b } from "../lib/b.js";\n',
    });
    expect((await run(folder, { paths: ['app'] }, typeOfExported)).errors).toBe('note: answer: 2n\n');
  });

  it('is one with the files above the working directory that are named', async () => {
    const folder = folderWith({ 'a.ts': YIELDS, 'deep/er/b.ts': '' });
    const { code, out } = await run(join(folder, 'deep/er'), { paths: ['../../a.ts', 'b.ts'], format: 'pretty' }, yieldsOfBuf);
    expect(code).toBe(1);
    expect(out).toContain(`--> ${join(folder, 'a.ts')}:5:5\n`);
  });
});

describe('pretty', () => {
  it('draws what the finding knows', async () => {
    const { out } = await run(folderWith({ 'src/a.ts': YIELDS }), { format: 'pretty' }, yieldsOfBuf);
    expect(out).toContain('2 |   const buf = Buffer.alloc(8);\n  |               --------------- `buf` is allocated here\n');
    expect(out).toContain('4 |     buf.fill(1);\n  |     ----------- overwritten here by `buf.fill()`\n');
    expect(out).toContain('5 |     yield buf.subarray(0, 4);\n  |     ^^^^^^^^^^^^^^^^^^^^^^^^');
    expect(out).toContain('= help: `--fix` rewrites it to: `yield Buffer.from(buf.subarray(0, 4));`');
  });
});

describe('--fix', () => {
  const FIXED = YIELDS.replace('buf.subarray(0, 4)', 'Buffer.from(buf.subarray(0, 4))');

  it('rewrites files once and says so in the results', async () => {
    const folder = folderWith({ 'a.ts': YIELDS, 'b.ts': '' });
    const { code, out } = await run(folder, { fix: true }, yieldsOfBuf);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe(FIXED);
    expect(results(out).map((result) => result.output)).toEqual([FIXED, undefined]);
    expect(await run(folder, { fix: true }, yieldsOfBuf)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe(FIXED);
  });

  it('leaves files alone without it', async () => {
    const folder = folderWith({ 'a.ts': YIELDS });
    await run(folder, {}, yieldsOfBuf);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe(YIELDS);
  });

  it('keeps a byte order mark and CRLF', async () => {
    const folder = folderWith({ 'a.ts': `\uFEFF${YIELDS.replaceAll('\n', '\r\n')}` });
    await run(folder, { fix: true }, yieldsOfBuf);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe(`\uFEFF${FIXED.replaceAll('\n', '\r\n')}`);
  });

  it('lints each pass with types of the new text', async () => {
    const versions: string[] = [];
    await run(folderWith({ 'a.ts': YIELDS }), { fix: true }, (file, text, program) => {
      versions.push(program.getSourceFile(file)?.text ?? '');
      return yieldsOfBuf(file, text, program);
    });
    expect([...new Set(versions)]).toEqual([YIELDS, FIXED]);
  });

  it('applies no fix that would leave a file unparsable', async () => {
    const folder = folderWith({ 'a.ts': YIELDS });
    const spoiling: Prepared = (file, text, program) => {
      const { findings = [] } = yieldsOfBuf(file, text, program);
      // The view begins in the middle of a name, so that the copy lands there.
      return { findings: findings.map((finding) => ({ ...finding, escape: { ...finding.escape, view: finding.escape.view && { ...finding.escape.view, start: finding.escape.at.start - 3 } } })) };
    };
    await run(folder, { fix: true }, spoiling);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe(YIELDS);
  });
});

describe('functions that were given up', () => {
  it('are told of, with the reasons', async () => {
    const givingUp: Prepared = () => {
      workDone().reasons['own steps'] = 2;
      workDone().reasons['steps without memory'] = 3;
      workDone().reasons.time = 1;
      return {};
    };
    const { code, errors } = await run(folderWith({ 'a.ts': 'export const a = 1;\n' }), { rules: ['no-borrowed-yield'] }, givingUp);
    expect(code).toBe(0);
    expect(errors).toBe('note: 6 groups of functions took too many steps to be analysed to the end (2 by themselves, 3 where no bytes came up on the way, 1 for lack of time); what they do with borrowed memory may go unseen.\n');
  });
});

import { describe, expect, test } from 'vitest';
import { marked } from './support.js';

/** What leaves a step with these statements. */
function leaving(statements: string, isAsync = false): readonly string[] {
  return marked('no-throw-in-stream', `import { Writable } from 'node:stream';
declare function save(text: string): Promise<void>;
function check(text: string): void { if (text === '') throw new Error('empty'); }
export const sink = new Writable({ ${isAsync ? 'async ' : ''}write(chunk: Buffer, _encoding, done) { const text = chunk.toString(); ${statements} done(); } });
export { check, save };
`);
}

describe('of exceptions', () => {
  test.each([
    ['a throw', "if (text === '') throw new Error('empty');", ["throw new Error('empty');"]],
    ['what cannot be read', 'JSON.parse(text);', ['JSON.parse(text)']],
    ['a helper that throws', 'check(text);', ['check(text)']],
    ['nothing that is caught', 'try { JSON.parse(text); } catch { return; }', []],
    ['what a finally hands on', 'try { JSON.parse(text); } finally { chunk.fill(0); }', ['JSON.parse(text)']],
    ['nothing that the program wrote itself', 'JSON.parse(JSON.stringify(text));', []],
  ])('%s', (_, statements, at) => {
    expect(leaving(statements)).toEqual(at);
  });
});

describe('of promises', () => {
  test.each([
    ['what is awaited', 'await save(text);', ['await save(text)']],
    ['nothing that is caught', 'try { await save(text); } catch { return; }', []],
    ['nothing that is handled', 'await save(text).catch(() => undefined);', []],
    ['nothing that always settles', 'await Promise.allSettled([save(text)]);', []],
  ])('%s', (_, statements, at) => {
    expect(leaving(statements, true)).toEqual(at);
  });
});

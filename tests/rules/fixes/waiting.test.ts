import type { Linter } from 'eslint';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { applyFixes, lint, typed } from './gate.js';

/** Programs whose `run` gives what their work saw of each buffer, which was filled with 1, 2, 3. */
const programs: readonly (readonly [name: string, rule: string, source: string])[] = [
  [
    'work that goes on',
    'no-borrowed-capture',
    `
async function store(part: Uint8Array, seen: (number | undefined)[]): Promise<void> {
  await Promise.resolve();
  seen.push(part[0]);
}

export async function run(): Promise<(number | undefined)[]> {
  const seen: (number | undefined)[] = [];
  const buf = new Uint8Array(4);
  for (let i = 1; i <= 3; i++) {
    buf.fill(i);
    void store(buf.subarray(0, 2), seen);
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
  return seen;
}
`,
  ],
  [
    'a write in flight',
    'no-overwrite-in-flight',
    `
export async function run(): Promise<(number | undefined)[]> {
  const seen: (number | undefined)[] = [];
  const writer = new WritableStream<Uint8Array>({ write: (part) => void seen.push(part[0]) }, { highWaterMark: 8 }).getWriter();
  const buf = new Uint8Array(4);
  for (let i = 1; i <= 3; i++) {
    buf.fill(i);
    void writer.write(buf.subarray(0, 2));
  }
  await writer.close();
  return seen;
}
`,
  ],
];

async function execute(source: string): Promise<unknown> {
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } });
  const module = (await import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`)) as { run(): Promise<unknown> };
  return module.run();
}

describe.each(programs)('%s', (_, rule, source) => {
  const file = typed(source, {});
  const [message, ...others] = lint(file, { rules: { [`borrowck/${rule}`]: 'error' } });

  test('sees what was written afterwards', async () => {
    expect(others).toEqual([]);
    expect(message?.ruleId).toBe(`borrowck/${rule}`);
    expect(await execute(source)).toEqual([3, 3, 3]);
  });

  test('sees what it was given once it is given a copy', async () => {
    expect(message?.fix).toBeDefined();
    expect(await execute(applyFixes(source, message === undefined ? [] : [message]))).toEqual([1, 2, 3]);
  });

  test('sees what it was given once it is waited for, which is only suggested', async () => {
    const waiting = message?.suggestions?.find(({ messageId }) => messageId === 'await');
    expect(waiting?.desc).toMatch(/^Wait until it is done: await /);
    const fixed = applyFixes(source, [{ fix: waiting?.fix } as Linter.LintMessage]);
    expect(fixed).not.toContain('void store');
    expect(lint(typed(fixed, {}), { rules: { [`borrowck/${rule}`]: 'error' } })).toEqual([]);
    expect(await execute(fixed)).toEqual([1, 2, 3]);
  });
});

describe('waiting is not suggested', () => {
  const body = (call: string, isAsync = true): string => `
declare function store(part: Uint8Array): Promise<void>;
export ${isAsync ? 'async ' : ''}function f(fill: (buf: Uint8Array) => void) {
  const buf = new Uint8Array(4);
  for (;;) {
    buf.fill(1);
    ${call}
  }
}
`;

  test.each([
    ['in a function that is not async', body('void store(buf.subarray(1));', false)],
    ['where the promise is kept', body('const job = store(buf.subarray(1)); job.catch(() => undefined);')],
    ['in a function inside', body('[1].forEach(() => { void store(buf.subarray(1)); });')],
  ])('%s', (_, source) => {
    const messages = lint(typed(source, {}), { rules: { 'borrowck/no-borrowed-capture': ['error', { report: 'potential' }] } });
    expect(messages.flatMap(({ suggestions }) => suggestions ?? []).filter(({ messageId }) => messageId === 'await')).toEqual([]);
  });
});

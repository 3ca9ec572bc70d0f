import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { readUserContracts } from '../../../../rules/engine/contracts/user.js';
import { annotationsOf } from '../../../../rules/engine/types/annotations.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/contracts.md'), 'utf8');
const samples = (language: string): string[] => [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

it('every contract of the page can be used', () => {
  const written = JSON.parse(samples('json')[0] ?? '') as Record<string, unknown>;
  expect(Object.keys(written).length).toBeGreaterThan(4);
  const user = readUserContracts(written, '/app');
  expect(user.problems).toEqual([]);
  expect(user.project.of('/app/src/pool.ts', 'Pool#fill')?.parameters).toEqual([{ writes: {} }]);
});

it('the tags of the page are read', () => {
  const file = ts.createSourceFile('a.ts', `${samples('js').find((code) => code.includes('@borrows')) ?? ''}function f(chunk, target) {}`, ts.ScriptTarget.ESNext, true);
  const [fn] = file.statements;
  const { contract, problems } = annotationsOf(ts, fn as ts.FunctionDeclaration);
  expect(problems).toEqual([]);
  expect(contract).toEqual({ origin: 'annotation', isCertain: true, parameters: [{ keeps: 'settle' }, { writes: {} }], result: { from: 'fresh' } });
});

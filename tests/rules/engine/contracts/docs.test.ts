import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { readUserContracts } from '../../../../rules/engine/contracts/user.js';
import { annotationsOf } from '../../../../rules/engine/types/annotations.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/contracts.md'), 'utf8');
const sample = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

it('every contract of the page can be used', () => {
  const written = JSON.parse(sample('json')) as Record<string, unknown>;
  expect(Object.keys(written).length).toBeGreaterThan(4);
  const user = readUserContracts(written, '/app');
  expect(user.problems).toEqual([]);
  expect(user.project.of('/app/src/pool.ts', 'Pool#fill')?.parameters).toEqual([{ writes: {} }]);
});

it('the tags of the page are read', () => {
  const file = ts.createSourceFile('a.ts', `${sample('js')}function f(chunk, target) {}`, ts.ScriptTarget.ESNext, true);
  const [fn] = file.statements;
  const { contract, problems } = annotationsOf(ts, fn as ts.FunctionDeclaration);
  expect(problems).toEqual([]);
  expect(contract).toEqual({ origin: 'annotation', isCertain: true, parameters: [{ keeps: 'settle' }, { writes: {} }], result: { from: 'fresh' } });
});

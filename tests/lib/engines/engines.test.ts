import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('what other engines are asked, Node answers well', () => {
  const output = execFileSync(process.execPath, ['--import', './tests/oracle/register.mjs', 'tests/lib/engines/main.ts', 'node'], { cwd: root, encoding: 'utf8' });
  expect(output).toMatch(/^node: (\d+) of \1 hold\n$/);
});

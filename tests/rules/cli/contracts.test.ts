import { expect, test } from 'vitest';
import { borrowck } from '../../support/command.js';
import { folderWith } from '../../support/folder.js';

/** A loop that hands a view to a function whose body says nothing of what becomes of it. */
const project = {
  'src/send.ts': 'export async function send(bytes: Uint8Array): Promise<void> {\n  void bytes;\n}\n',
  'src/pump.ts': `import { readSync } from 'node:fs';
import { send } from './send.js';

export function pump(fd: number): void {
  const buf = Buffer.alloc(64);
  while (readSync(fd, buf) > 0) void send(buf.subarray(0, 8));
}
`,
};

test('a check goes by the contracts in a file', () => {
  const folder = folderWith({ ...project, 'contracts.json': JSON.stringify({ './src/send.ts#send': { parameters: [{ keeps: 'settle' }] } }) });
  expect(borrowck(['check', 'src'], folder)).toMatchObject({ code: 0 });
  const { code, out } = borrowck(['check', 'src', '--contracts', 'contracts.json', '--format', 'github'], folder);
  expect(out).toMatch(/^::error file=src\/pump\.ts,line=6,.*title=borrowck\/no-borrowed-capture::/);
  expect(code).toBe(1);
});

test('so does a migration', () => {
  const folder = folderWith({ ...project, 'contracts.json': JSON.stringify({ './src/send.ts#send': { parameters: [{ keeps: 'settle' }] } }) });
  expect(borrowck(['migrate', 'src', '--to', 'snapshot', '--dry-run'], folder).out).not.toContain('Buffer.from(');
  expect(borrowck(['migrate', 'src', '--to', 'snapshot', '--dry-run', '--contracts', 'contracts.json'], folder).out).toContain('+  while (readSync(fd, buf) > 0) void send(Buffer.from(buf.subarray(0, 8)));');
});

test('what is wrong in them is said, and left out', () => {
  const folder = folderWith({ ...project, 'contracts.json': JSON.stringify({ './src/send.ts#send': { parameters: [{ keeps: 'for a while' }] } }) });
  const { code, errors } = borrowck(['check', 'src', '--contracts', 'contracts.json'], folder);
  expect(errors).toMatch(/^note: .*\.\/src\/send\.ts#send.*keeps/);
  expect(code).toBe(0);
});

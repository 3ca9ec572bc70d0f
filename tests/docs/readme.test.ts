import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules } from '../../rules/index.js';
import { repositoryRoot } from '../rules/support/fixtures.js';
import { borrowck } from '../support/command.js';
import { folderWith } from '../support/folder.js';

const pages = ['README.md', 'rules/README.md', 'lib/README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));
const readme = pages[0]?.text ?? '';
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text: text ?? '' }));

test('the frame is what the command prints for the sample above it', () => {
  const sample = blocks.find(({ language }) => language === 'ts')?.text ?? '';
  const frame = blocks.find(({ language }) => language === '')?.text;
  const { code, out } = borrowck(['check', 'src/read.ts'], folderWith({ 'src/read.ts': sample }));
  expect(out.slice(0, out.indexOf('\n\n') + 1)).toBe(frame);
  expect(code).toBe(1);
});

test('the tables have every rule, and both tell the same of it', () => {
  const tables = ['README.md', 'rules/README.md'].map((path) => {
    const text = pages.find((page) => page.path === path)?.text ?? '';
    return Object.fromEntries([...text.matchAll(/^\| \[?`(?:borrowck\/)?(no-[a-z-]+)`.*? \| (.*?) \|/gm)].map(([, name, finds]) => [name, finds]));
  });
  expect(Object.keys(tables[0] ?? {}).sort()).toEqual(Object.keys(rules).sort());
  expect(tables[1]).toEqual(tables[0]);
});

test.each(pages)('what $path links to is there', ({ path, text }) => {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? '');
  expect(links.filter((link) => !existsSync(join(repositoryRoot, path, '..', link)))).toEqual([]);
});

test('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = pages.flatMap(({ text }) => [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? ''));
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

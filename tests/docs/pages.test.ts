import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../rules/support/fixtures.js';
import { generated, pages, read, regenerated } from './pages.js';
import { ruleDocs } from './rule-docs.js';
import { pictureOf } from './terminal-picture.js';

const blocksOf = (text: string): string[] => [...text.matchAll(/^```[^\n]*\n[^]*?^```$/gm)].map(([block]) => block);
const headingsOf = (text: string): number[] => [...text.replaceAll(/^```[^\n]*\n[^]*?^```$/gm, '').matchAll(/^(#+) /gm)].map(([, marks = '']) => marks.length);

describe('what is made by running it', () => {
  it('is as it is made: `npm run docs`', () => {
    for (const [path, text] of Object.entries(generated())) expect(existsSync(join(repositoryRoot, path)) ? read(path) : '', path).toBe(text);
  });

  it('shows programs that borrowck has something to say about, and what they print', () => {
    expect(pages.map((page) => read(page).match(/^```(?:js|ts) runs$/gm)?.length ?? 0)).toEqual(pages.map(() => expect.any(Number) as number));
    const why = blocksOf(read('docs/why.md'));
    expect(why.filter((block) => block.startsWith('```text finds\nerror[borrowck/'))).toHaveLength(4);
    expect(blocksOf(pages.map(read).join('\n')).filter((block) => /^```[^\n]*\n```$/.test(block))).toEqual([]);
  });

  it('is made from the block above', () => {
    expect(regenerated('```js runs\nconsole.log(1 + 1);\n```\n\n```text prints\nthree\n```\n')).toBe('```js runs\nconsole.log(1 + 1);\n```\n\n```text prints\n2\n```\n');
    expect(() => regenerated('```js runs\nthrow new Error();\n```\n\n```text prints\n```\n')).toThrow(/sample of the documentation fails/);
  });

  it('the rules\' headers, option tables and their list are too', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...ruleDocs, '--check'], { cwd: repositoryRoot, encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });
});

describe('a picture of a terminal', () => {
  it('keeps columns and colours, and escapes what is markup', () => {
    const svg = pictureOf('\u001b[1;31merror\u001b[0m: a  < b\n  ^^\n', 'a title');
    expect(svg).toContain('<tspan x="16.0" textLength="42.0" fill="#ff7b72" font-weight="bold">error</tspan>');
    expect(svg).toContain('<tspan x="58.0" textLength="25.2">: a</tspan><tspan x="100.0" textLength="25.2">&lt; b</tspan>');
    expect(svg).toContain('<tspan x="32.8" textLength="16.8">^^</tspan>');
    expect(svg).toContain('aria-label="a title"');
  });
});

describe.each([
  ['README.md', 'README.zh-CN.md'],
  ['docs/guide.md', 'docs/guide.zh-CN.md'],
])('%s and %s', (english, chinese) => {
  it('have the same code', () => {
    expect(blocksOf(read(chinese))).toEqual(blocksOf(read(english)));
  });

  it('have the same headings, tables and links', () => {
    expect(headingsOf(read(chinese))).toEqual(headingsOf(read(english)));
    const rowsOf = (text: string): number => text.match(/^\|/gm)?.length ?? 0;
    expect(rowsOf(read(chinese))).toBe(rowsOf(read(english)));
    const rulesOf = (text: string): string[] => [...new Set([...text.matchAll(/rules\/(no-[a-z-]+)\.md/g)].map(([, rule = '']) => rule))].sort();
    expect(rulesOf(read(chinese))).toEqual(rulesOf(read(english)));
  });
});

describe('links', () => {
  const files = ['README.md', 'README.zh-CN.md', ...readdirSync(join(repositoryRoot, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

  it.each(files)('of %s lead to pages and headings that are there', (path) => {
    const slug = (heading: string): string => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-');
    const broken = [...read(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].filter(([, link = '', anchor]) => {
      const target = link === '' ? path : join(path, '..', link);
      if (!existsSync(join(repositoryRoot, target))) return true;
      return anchor !== undefined && ![...read(target).matchAll(/^#+ (.*)$/gm)].some(([, heading = '']) => slug(heading) === anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

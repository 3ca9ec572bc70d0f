import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { describe, expect, it } from 'vitest';

const folderOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

describe.each(['rules', 'lib'])('%s', (name) => {
  it('packs what it builds, and nothing of how', () => {
    const answer = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: folderOf(name), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const paths = (Object.values(JSON.parse(answer) as Record<string, { files: { path: string }[] }>)[0]?.files ?? []).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']));
    expect(paths.filter((path) => !/^(?:LICENSE|README\.md|package\.json|dist\/.+\.(?:js|d\.ts)|docs\/rules\/no-[a-z-]+\.md)$/.test(path))).toEqual([]);
  });

  it('is published as publint would have it', async () => {
    expect((await publint({ pkgDir: folderOf(name), level: 'suggestion', strict: true })).messages).toEqual([]);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { describe, expect, it, onTestFinished } from 'vitest';

const folderOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

describe.each(['rules', 'lib'])('%s', (name) => {
  it('packs what it builds, and nothing of how', () => {
    const answer = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: folderOf(name), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const paths = (Object.values(JSON.parse(answer) as Record<string, { files: { path: string }[] }>)[0]?.files ?? []).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']));
    expect(paths.filter((path) => !/^(?:LICENSE|README\.md|package\.json|contracts\.schema\.json|dist\/.+\.(?:js|d\.ts)|docs\/rules\/no-[a-z-]+\.md)$/.test(path))).toEqual([]);
  });

  it('has types for each way to import it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'borrowck-types-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const tarball = execFileSync('npm', ['pack', '--silent', '--offline', '--pack-destination', folder], { cwd: folderOf(name), encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
    const { status, stdout } = spawnSync(process.execPath, [folderOf('node_modules/@arethetypeswrong/cli/dist/index.js'), join(folder, tarball), '--profile', 'esm-only', '--format', 'json'], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).not.toHaveProperty('error');
    expect(status).toBe(0);
  });

  it('is published as publint would have it', async () => {
    expect((await publint({ pkgDir: folderOf(name), level: 'suggestion', strict: true })).messages).toEqual([]);
  });
});

/**
 * Part of `npm run build`: puts the plugin and the command into a few files, `dist/index.js`, `dist/cli/main.js` and what they share. ESLint
 * loads the plugin anew in every run, every worker and every editor, and finding 330 modules one by one takes Node four times as long as
 * running them. The declarations beside them are the compiler's.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const dist = join(folder, 'dist');

/** Writes the files that have changed, and removes those of an earlier build: another process may be running them. */
export default async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['index.ts', 'cli/main.ts'],
    outdir: dist,
    outbase: folder,
    chunkNames: 'chunks/[hash]',
    bundle: true,
    // The command loads the compiler only when it knows that it is there.
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    target: 'node20.19',
    write: false,
    logLevel: 'warning',
  });
  const written = new Set(outputFiles.map(({ path }) => relative(dist, path)));
  for (const { path, contents } of outputFiles) {
    if (existsSync(path) && readFileSync(path).equals(contents)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.js') && !written.has(path)) rmSync(join(dist, path));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();

/**
 * `npm run test:engines [-- NAME…]`: the runtime as it is built, on Node, Deno and Bun, or some of them. Deno and Bun come from the
 * package registry, pinned, when they are first asked for.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const engines = { deno: '2.9.6', bun: '1.4.5' } as const;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = here('../../bench/.packages/engines/');
const program = join(folder, 'conformance.mjs');

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['node', ...Object.keys(engines)];
mkdirSync(folder, { recursive: true });
if (!wanted.every((name) => name === 'node' || existsSync(join(folder, 'node_modules', '.bin', name)))) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: engines }));
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  // Of the packages' own scripts this one is needed: it puts the binary for this machine in its place.
  execFileSync(process.execPath, ['install.js'], { cwd: join(folder, 'node_modules', 'bun'), stdio: ['ignore', 'ignore', 'inherit'] });
}
await build({
  entryPoints: [here('./conformance.ts')],
  outfile: program,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  logLevel: 'error',
  // The package's own files, as they are: threads load some of them by name.
  plugins: [{ name: 'as-built', setup: ({ onResolve }) => onResolve({ filter: /\/lib\/[^/]+\.js$/ }, ({ path }) => ({ path: new URL(`../../../lib/dist/${path.split('/').at(-1) ?? ''}`, import.meta.url).href, external: true })) }],
});

const binary = (name: string): string => join(folder, 'node_modules', '.bin', name);
const commands = {
  node: [process.execPath, program],
  deno: [binary('deno'), 'run', '--quiet', '--no-config', '--allow-read', '--allow-env', program],
  bun: [binary('bun'), 'run', program],
} as const;
for (const [name, [command, ...args]] of Object.entries(commands)) {
  if (!wanted.includes(name)) continue;
  const output = execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 });
  const { count, broken } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as { count: number; broken: readonly string[] };
  console.log(`${name}: ${count - broken.length} of ${count} hold`);
  for (const each of broken) console.log(`  ${each}`);
  if (broken.length > 0) process.exitCode = 1;
}

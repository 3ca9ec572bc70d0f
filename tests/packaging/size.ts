/**
 * `npm run size`: what importing each part of the runtime adds to a bundle, minified and compressed. `--write` puts the table into the
 * package's README.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const README = `${root}lib/README.md`;
const [BEGIN, END] = ['<!-- sizes: npm run size -- --write -->', '<!-- end of sizes -->'];

/** What a user would import together. */
export const IMPORTS: readonly string[] = [
  'snapshot',
  'Bytes',
  'Arena',
  'ByteArena',
  'channel',
  'select',
  'oneshot',
  'watch',
  'broadcast',
  'snapshotStream',
  'mapConcurrent',
  'retry',
  'TaskScope',
  'pipeline',
  'spawnActor',
  'blocking',
  'workerStream',
];

/** Bytes of a bundle that has this in it, minified, and the same compressed. */
export async function sizeOf(imported: string): Promise<{ minified: number; compressed: number }> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${imported} from 'borrowck-runtime';`, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
  });
  const bundle = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: bundle.length, compressed: gzipSync(bundle, { level: 9 }).length };
}

async function table(): Promise<string> {
  const rows = ['| import | minified, bytes | compressed |', '|---|---:|---:|'];
  for (const name of [...IMPORTS.map((each) => `{ ${each} }`), '*']) {
    const { minified, compressed } = await sizeOf(name);
    rows.push(`| \`${name}\` | ${minified.toLocaleString('en')} | ${compressed.toLocaleString('en')} |`);
  }
  return rows.join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await table();
  console.log(sizes);
  if (process.argv.includes('--write')) {
    const text = readFileSync(README, 'utf8');
    const [before, rest = ''] = text.split(BEGIN);
    writeFileSync(README, `${before ?? ''}${BEGIN}\n\n${sizes}\n\n${END}${rest.split(END)[1] ?? ''}`);
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

/** `./x.js` means `./x.ts` where only that is there. */
export async function resolve(specifier, context, nextResolve) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL !== undefined) {
    const source = new URL(specifier.replace(/js$/, 'ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, shortCircuit: true };
  }
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const fileName = fileURLToPath(url);
  const { code } = await transform(readFileSync(fileName, 'utf8'), { loader: 'ts', format: 'esm', target: 'es2023', sourcefile: fileName, sourcemap: 'inline', tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } });
  return { format: 'module', source: code, shortCircuit: true };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { checkBody } from '../../../../rules/engine/ir/invariants.js';
import { lowerModule } from '../../../../rules/engine/lower/index.js';

const MODULES = join(import.meta.dirname, '../../../../node_modules');
const PACKAGES = ['commander/lib', 'fast-check/lib', 'vitest/dist', 'typescript-eslint/dist', '@typescript-eslint/eslint-plugin/dist/rules', 'eslint/lib/rules', 'debug/src'];

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:[cm]?js|tsx?|jsx)$/u.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

describe('lowering real packages', () => {
  it.each(PACKAGES)('%s: every body is well-formed and nearly none is skipped', (name) => {
    let functions = 0;
    const skipped: string[] = [];
    const breaches: string[] = [];
    for (const file of sources(join(MODULES, name))) {
      const module = lowerModule(ts, ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest));
      for (const fn of module.functions) {
        functions++;
        if (fn.skipped !== undefined) skipped.push(`${file}: ${fn.name}: ${fn.skipped}`);
        breaches.push(...checkBody(fn).map((breach) => `${file}:${fn.origin.start}: ${fn.name}: ${breach}`));
      }
    }
    expect(breaches).toEqual([]);
    expect(functions).toBeGreaterThan(5);
    expect(skipped.length / functions, skipped.join('\n')).toBeLessThan(0.005);
  });
});

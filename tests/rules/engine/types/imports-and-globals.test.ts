import { describe, expect, it } from 'vitest';
import type { Binding } from '../../../../rules/engine/world.js';
import { catalog, worldOf, type TestWorld } from './program.js';

function summary(binding: Binding | undefined): string | undefined {
  switch (binding?.kind) {
    case undefined:
      return undefined;
    case 'api':
      return binding.api.path;
    case 'function':
      return `function ${binding.function.name}`;
    case 'class':
      return `class ${binding.class.name}`;
    case 'module':
      return `module ${binding.module.file.replace(/.*\//, '')}`;
    case 'variable':
      return `variable ${binding.variable.name}`;
  }
}

function resolve(world: TestWorld, from: string, specifier: string, imported: string): string | undefined {
  return summary(world.world.resolveImport(specifier, imported, world.file(from).fileName));
}

describe('resolveImport', () => {
  const esm = worldOf({
    'helper.ts': `
export function fill() {}
export const make = () => 1;
export default function main() {}
export class Reader {}
export type OnlyType = string;
export { readSync as sync } from 'node:fs';
export * as everything from './other.js';`,
    'other.ts': 'export const two = function two() {};',
    'barrel.ts': `export * from './helper.js'; export { fill as pour, default as start } from './helper.js';`,
    'cycle-a.ts': `export * from './cycle-b.js'; import './barrel.js';`,
    'cycle-b.ts': `export * from './cycle-a.js';`,
    'main.ts': `
import { fill, Reader } from './helper.js'; import * as barrel from './barrel.js'; import './cycle-a.js'; import ts from 'typescript';
const later = import('./other.js');`,
  });

  it.each([
    ['fs', 'readSync', 'node:fs#readSync'],
    ['node:fs', '*', 'node:fs'],
    ['fs', 'default', 'node:fs'],
    ['events', 'default', 'node:events'],
    ['stream/promises', 'pipeline', 'node:stream/promises#pipeline'],
    ['./helper.js', 'fill', 'function fill'],
    ['./helper.js', 'make', 'function <anonymous>'],
    ['./helper.js', 'default', 'function main'],
    ['./helper.js', 'Reader', 'class Reader'],
    ['./helper.js', 'sync', 'node:fs#readSync'],
    ['./helper.js', 'everything', 'module other.ts'],
    ['./helper.js', '*', 'module helper.ts'],
    ['./barrel.js', 'fill', 'function fill'],
    ['./barrel.js', 'pour', 'function fill'],
    ['./barrel.js', 'start', 'function main'],
    ['./other.js', 'two', 'function two'],
  ])('%s: %s', (specifier, imported, expected) => {
    expect(resolve(esm, 'main.ts', specifier, imported)).toBe(expected);
  });

  it.each([
    ['fs', 'noSuchFunction'],
    ['left-pad', 'default'],
    ['./helper.js', 'nothing'],
    ['./helper.js', 'OnlyType'],
    ['./missing.js', 'fill'],
    ['./cycle-a.js', 'nothing'],
    // Installed, but not catalogued and without a body.
    ['typescript', 'default'],
  ])('%s: %s is not known', (specifier, imported) => {
    expect(resolve(esm, 'main.ts', specifier, imported)).toBeUndefined();
  });

  it('does not take a relative path for a module of the catalog', () => {
    const own = worldOf({ 'fs.ts': 'export function readSync() {}', 'main.ts': "import { readSync } from './fs.js';" });
    expect(resolve(own, 'main.ts', './fs.js', 'readSync')).toBe('function readSync');
  });

  it('follows CommonJS in both forms', () => {
    const cjs = worldOf(
      {
        'named.js': 'exports.fill = function fill() {}; exports.also = helper; function helper() {}',
        'whole.js': 'class Reader {}\nmodule.exports = Reader;',
        'object.js': 'function one() {}\nfunction three() {}\nmodule.exports = { one, two: function two() {}, other: three };',
        'main.js': "const n = require('./named'); const W = require('./whole'); const { one } = require('./object');",
      },
      { module: 1, moduleResolution: 2, ignoreDeprecations: '6.0' },
    );
    expect(resolve(cjs, 'main.js', './named', '*')).toBe('module named.js');
    expect(resolve(cjs, 'main.js', './named', 'fill')).toBe('function fill');
    expect(resolve(cjs, 'main.js', './named', 'also')).toBe('function helper');
    expect(resolve(cjs, 'main.js', './whole', '*')).toBe('class Reader');
    expect(resolve(cjs, 'main.js', './object', 'one')).toBe('function one');
    expect(resolve(cjs, 'main.js', './object', 'two')).toBe('function two');
    expect(resolve(cjs, 'main.js', './object', 'other')).toBe('function three');
    expect(resolve(cjs, 'main.js', 'fs', '*')).toBe('node:fs');
  });
});

describe('resolveGlobal', () => {
  it("gives the platform's API", () => {
    const world = worldOf({ 'a.ts': 'const b = Buffer.alloc(1); const c = { Buffer };' });
    const at = world.find('a.ts', 'Buffer');
    expect(world.world.resolveGlobal('Buffer', at)).toBe(catalog.global('Buffer'));
    expect(world.world.resolveGlobal('nothing', at)).toBeUndefined();
    expect(world.world.unresolvedGlobals(at.file)).toEqual([]);
  });

  it('finds every global through globalThis', () => {
    const world = worldOf({ 'a.ts': 'globalThis.Buffer.alloc(1)' });
    const api = world.world.resolveGlobal('globalThis', world.find('a.ts', 'globalThis'));
    expect(api?.member('Buffer')).toBe(catalog.global('Buffer'));
  });

  it('is silent where the project declares the name', () => {
    const world = worldOf({
      'globals.d.ts': 'declare const structuredClone: (x: number) => number; declare var Buffer: { alloc(n: number): string };',
      'a.ts': 'Buffer.alloc(1); Uint8Array;',
    }, { types: [] });
    expect(world.world.resolveGlobal('Buffer', world.find('a.ts', 'Buffer'))).toBeUndefined();
    expect(world.world.resolveGlobal('Uint8Array', world.find('a.ts', 'Uint8Array'))).toBe(catalog.global('Uint8Array'));
  });

  it('does not ask for types of what no library declares', () => {
    const world = worldOf({ 'a.js': 'const { TypedArrayPrototypeSlice } = primordials;' });
    const at = world.find('a.js', 'primordials');
    expect(world.world.resolveGlobal('primordials', at)).toBe(catalog.global('primordials'));
    expect(world.world.unresolvedGlobals(at.file)).toEqual([]);
  });

  it('answers by name where the program has no types, and says so', () => {
    const world = worldOf({ 'a.ts': 'Buffer.alloc(1); structuredClone; Uint8Array;', 'b.ts': 'Buffer;' }, { types: [] });
    const a = world.find('a.ts', 'Buffer');
    const b = world.find('b.ts', 'Buffer');
    expect(world.world.resolveGlobal('Buffer', a)).toBe(catalog.global('Buffer'));
    world.world.resolveGlobal('structuredClone', world.find('a.ts', 'structuredClone'));
    world.world.resolveGlobal('Uint8Array', world.find('a.ts', 'Uint8Array'));
    expect(world.world.unresolvedGlobals(a.file)).toEqual(['Buffer', 'structuredClone']);
    expect(world.world.unresolvedGlobals(b.file)).toEqual([]);
    world.world.resolveGlobal('Buffer', b);
    expect(world.world.unresolvedGlobals(b.file)).toEqual(['Buffer']);
  });
});

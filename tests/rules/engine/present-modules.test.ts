import { describe, expect, test } from 'vitest';
import { catalogNamesOf, presentModulesOf } from '../../../rules/engine/present-modules.js';
import { catalogModules } from '../../../rules/catalog/index.js';
import { programOf, virtualPath } from '../fixes/program.js';

/** The modules of the catalog that a program of one file can come by, but for the platform's. */
function presentWith(text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const files = Object.entries({ 'a.ts': text, ...others }).map(([name, content]) => [virtualPath(name), content]);
  return presentModulesOf(programOf(Object.fromEntries(files) as Record<string, string>)).modules.map(({ module }) => module).filter((module) => module !== 'global' && !module.startsWith('node:'));
}

describe('the modules of the catalog that a program can come by', () => {
  test('are the platform alone where nothing else is imported', () => {
    expect(presentWith('export const x = 1;')).toEqual([]);
    const { modules } = presentModulesOf(programOf({ [virtualPath('a.ts')]: 'export {};' }));
    expect(modules.map(({ module }) => module)).toEqual(expect.arrayContaining(['global', 'node:fs', 'node:stream']));
  });

  test('are without a part of the platform that no file names', () => {
    const isPresent = (part: string, text: string): boolean => presentModulesOf(programOf({ [virtualPath('a.ts')]: text })).modules.some(({ exports }) => part in exports);
    expect(isPresent('VideoFrame', 'export const f = (server: { close(): void }) => server.close();')).toBe(false);
    expect(isPresent('VideoFrame', 'new VideoDecoder({ output: (frame) => frame.close(), error() {} });')).toBe(true);
    expect(isPresent('primordials', 'export {};')).toBe(false);
    expect(isPresent('primordials', 'const { ArrayBufferPrototypeSlice } = primordials;')).toBe(true);
  });

  test('are those imported or required, whether or not they are installed', () => {
    expect(presentWith("import { open } from 'lmdb'; export { open };")).toEqual(['lmdb']);
    expect(presentWith("const { open } = require('lmdb'); export { open };")).toEqual(['lmdb']);
  });

  test('are those whose declarations are part of the program', () => {
    expect(presentWith('export {};', { 'node_modules/@types/node-lmdb/index.d.ts': 'export {};' })).toEqual(['node-lmdb']);
    expect(presentWith('export {};', { 'node_modules/not-in-the-catalog/index.d.ts': 'export {};' })).toEqual([]);
  });

  test('are the same object for programs with the same packages', () => {
    const [one, other] = ['export const a = 1;', 'export const b = 2;'].map((text) => presentModulesOf(programOf({ [virtualPath('a.ts')]: text })));
    expect(one).toBe(other);
  });
});

describe('what names say by themselves', () => {
  const names = catalogNamesOf(catalogModules.filter(({ module }) => module === 'global' || module.startsWith('node:')));

  test('a member of a global function is none of a value that nothing is known of', () => {
    expect(names.effects.get('add')?.receiver).toBeDefined();
    expect(names.effects.get('compareExchange')).toBeDefined();
    expect(names.effectsOnAnything.get('compareExchange')).toBeUndefined();
  });

  test('a method is none of what a file exports', () => {
    expect(names.effectsOnAnything.get('encode')?.givesMemory).toBe(true);
    expect(names.effectsAsExport.get('encode')).toBeUndefined();
    expect(names.effectsAsExport.get('randomBytes')?.givesMemory).toBe(true);
    expect(names.effectsAsExport.get('Uint8Array')?.givesMemory).toBe(true);
  });

  test('who calls a method of an object is named, unless it is inherited', () => {
    expect(names.fed.get('_transform')).toEqual({ isLent: false, givers: undefined });
    expect(names.fed.get('transform')?.givers).toEqual(new Set(['Transformer', 'TransformStream']));
    expect(names.fed.get('pull')?.givers).toEqual(new Set(['UnderlyingSource', 'UnderlyingDefaultSource', 'UnderlyingByteSource', 'ReadableStream']));
  });
});

import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { catalogModules } from '../../../../../rules/catalog/index.js';
import { Relevance } from '../../../../../rules/engine/borrow/relevance/index.js';
import { linkCatalog } from '../../../../../rules/engine/contracts/link.js';
import { catalogNamesOf } from '../../../../../rules/engine/present-modules.js';
import type { ModuleIr } from '../../../../../rules/engine/ir/index.js';
import { lowerModule } from '../../../../../rules/engine/lower/index.js';
import { memoryFilesOf } from '../../../../../rules/engine/program-names.js';
import { createWorld } from '../../../../../rules/engine/types/world.js';
import { programOf, virtualPath } from '../../../fixes/program.js';

const names = catalogNamesOf(catalogModules);

/** The names of the functions in which a borrow may break, over the files of a program. */
function relevantIn(sources: Readonly<Record<string, string>>): string[] {
  const program = programOf(Object.fromEntries(Object.entries(sources).map(([name, text]) => [virtualPath(name), text])));
  const modules = new Map<ts.SourceFile, ModuleIr>();
  const moduleOf = (file: ts.SourceFile): ModuleIr => {
    let module = modules.get(file);
    if (module === undefined) modules.set(file, (module = lowerModule(ts, file)));
    return module;
  };
  const world = createWorld({ ts, program, catalog: linkCatalog(catalogModules, []), lowerModule: moduleOf, projectContracts: { of: () => undefined } });
  const relevance = new Relevance(names, memoryFilesOf(program, moduleOf), world);
  return [...modules.values()].flatMap(({ functions }) => functions.filter((fn) => relevance.isRelevant(fn)).map((fn) => fn.name)).sort();
}

describe('a function in which a borrow may break', () => {
  test('hands out memory and overwrites it afterwards', () => {
    expect(relevantIn({ 'a.ts': 'export function* f() { const b = new Uint8Array(4); for (;;) { b.fill(1); yield b.subarray(1); } }' })).toEqual(['f']);
  });

  test('is none when memory is made anew for each turn, or only handed out once it is filled', () => {
    expect(relevantIn({ 'a.ts': 'export function* f() { for (;;) { const b = new Uint8Array(4); b.fill(1); yield b; } }' })).toEqual([]);
    expect(relevantIn({ 'a.ts': 'export function f() { const b = new Uint8Array(4); b[0] = 1; return b; }' })).toEqual([]);
  });

  test('keeps what the last turn made in another variable', () => {
    const source = 'export function* f() { let old = new Uint8Array(4); for (;;) { const b = new Uint8Array(4); yield b; old.fill(0); old = b; } }';
    expect(relevantIn({ 'a.ts': source })).toEqual(['f']);
  });

  test('is part of the one that gives it to forEach: what it fills is handed out afterwards', () => {
    const concat = (body: string): string => `export function concat(parts: Uint8Array[], send: (b: Uint8Array) => void) { const all = new Uint8Array(64); let at = 0; ${body} }`;
    const fill = 'all.set(part, at); at += part.length;';
    expect(relevantIn({ 'a.ts': concat(`parts.forEach((part) => { ${fill} }); return all;`) })).toEqual([]);
    expect(relevantIn({ 'a.ts': concat(`send(all); parts.forEach((part) => { ${fill} });`) })).toEqual(['<anonymous>', 'concat']);
    expect(relevantIn({ 'a.ts': concat(`parts.forEach((part) => { ${fill} send(all); });`) })).toEqual(['<anonymous>', 'concat']);
    expect(relevantIn({ 'a.ts': concat(`setTimeout(() => { const part = parts[0]; if (part) { ${fill} } }); return all;`) })).toEqual(['<anonymous>', 'concat']);
  });

  test('shares a field with a method that overwrites it', () => {
    const source = 'export class C { #b = new Uint8Array(4); give() { return this.#b; } fill(n: number) { this.#b[0] = n; } other() { return 1; } }';
    expect(relevantIn({ 'a.ts': source })).toEqual(['C#fill', 'C#give']);
  });

  test('lets a helper in another file overwrite', () => {
    const sources = {
      'a.ts': "import { refill } from './b.js'; export function* f() { const b = new Uint8Array(4); for (;;) { refill(b); yield b; } }",
      'b.ts': 'export function refill(target: Uint8Array) { target.fill(1); }',
    };
    expect(relevantIn(sources)).toEqual(['f']);
  });

  test('gets its memory from another file that goes on using it', () => {
    const sources = {
      'a.ts': "import { next } from './b.js'; export function* f() { for (;;) yield next(); }",
      'b.ts': 'const shared = new Uint8Array(4); export function next() { shared.fill(1); return shared; }',
    };
    expect(relevantIn(sources)).toEqual(['f', 'next']);
  });

  test('finds the view inside what is handed out', () => {
    expect(relevantIn({ 'a.ts': 'export function* f() { const b = new Uint8Array(4); for (;;) { b.fill(1); yield { body: b }; } }' })).toEqual(['f']);
  });

  test('calls a function that it was given, whatever API is named alike', () => {
    for (const name of ['keep', 'on', 'push', 'read']) {
      expect(relevantIn({ 'a.ts': `export class C { #b = new Uint8Array(4); f(${name}: (b: Uint8Array) => void) { this.#b.fill(1); ${name}(this.#b.subarray(1)); } }` })).toEqual(['C#f']);
    }
    expect(relevantIn({ 'a.ts': 'export class C { onData = (b: Uint8Array) => {}; #b = new Uint8Array(4); f() { this.#b.fill(1); this.onData(this.#b); } }' })).toEqual(['C#f']);
  });

  test('is none where a place of that name holds no bytes, by its type', () => {
    const sources = {
      'a.ts': 'export class A { data = new Uint8Array(4); fill() { this.data.fill(1); } }',
      'b.ts': 'export class B { data = "text"; give() { return this.data; } }',
    };
    expect(relevantIn(sources)).toEqual([]);
  });

  test('has nothing to do with a field of that name in a class that is no relative', () => {
    const sources = {
      'a.ts': 'export class A { data = new Uint8Array(4); fill() { this.data.fill(1); } }',
      'b.ts': 'export class B { data = new Uint8Array(4); give() { return this.data; } }',
    };
    expect(relevantIn(sources)).toEqual([]);
    expect(relevantIn({ ...sources, 'b.ts': "import { A } from './a.js'; export class B extends A { give() { return this.data; } }" })).toEqual(['A#fill', 'B#give']);
  });

  test('shares a field through a parameter of that class, or of none that is known', () => {
    const a = 'export class A { data = new Uint8Array(4); fill() { this.data.fill(1); } }';
    expect(relevantIn({ 'a.ts': a, 'b.ts': "import type { A } from './a.js'; export function give(a: A) { return a.data; }" })).toEqual(['A#fill', 'give']);
    expect(relevantIn({ 'a.ts': a, 'b.ts': 'export function give(a: any) { return a.data; }' })).toEqual(['A#fill', 'give']);
  });
});

import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { catalogModules } from '../../../../../rules/catalog/index.js';
import { Families } from '../../../../../rules/engine/borrow/relevance/families.js';
import { functionsInDemand } from '../../../../../rules/engine/borrow/relevance/in-demand.js';
import { VariableTypes } from '../../../../../rules/engine/borrow/relevance/types.js';
import { linkCatalog } from '../../../../../rules/engine/contracts/link.js';
import type { FunctionIr, ModuleIr, Variable } from '../../../../../rules/engine/ir/index.js';
import { lowerModule } from '../../../../../rules/engine/lower/index.js';
import { catalogNamesOf } from '../../../../../rules/engine/present-modules.js';
import { memoryFilesOf } from '../../../../../rules/engine/program-names.js';
import { createWorld } from '../../../../../rules/engine/types/world.js';
import { programOf, virtualPath } from '../../../fixes/program.js';

const catalog = catalogNamesOf(catalogModules);

/** The names of the functions from which memory comes to where it is overwritten, over the files of a program; `['*']` for any. */
function demandIn(sources: Readonly<Record<string, string>>, count = 1000): readonly string[] {
  const program = programOf(Object.fromEntries(Object.entries(sources).map(([name, text]) => [virtualPath(name), text])));
  const modules = new Map<ts.SourceFile, ModuleIr>();
  const moduleOf = (file: ts.SourceFile): ModuleIr => {
    let module = modules.get(file);
    if (module === undefined) modules.set(file, (module = lowerModule(ts, file)));
    return module;
  };
  const world = createWorld({ ts, program, catalog: linkCatalog(catalogModules, []), lowerModule: moduleOf, projectContracts: { of: () => undefined } });
  const capturersOf = (variable: Variable): readonly FunctionIr[] => [variable.owner, ...variable.owner.module.functions.filter(({ outline }) => outline.captures.has(variable))];
  const found = functionsInDemand({ catalog, files: memoryFilesOf(program, moduleOf), types: new VariableTypes(world, catalog.views), families: new Families(), capturersOf, isLentTo: () => false, sources: count });
  return found === undefined ? ['*'] : [...found].map(({ name }) => name).filter((name) => name !== '<module>').sort();
}

const demand = (text: string): readonly string[] => demandIn({ 'a.ts': text });
const bystander = 'export function other() { const b = new Uint8Array(4); return [b, b.subarray(1)]; }';

describe('memory is followed back from where it is overwritten', () => {
  test('not at all where nothing overwrites any', () => {
    expect(demand(`${bystander} export class Box { #b = Buffer.alloc(4); give() { return this.#b; } }`)).toEqual([]);
  });

  test('to what the caller passed, by whatever name it calls', () => {
    const fill = 'function fill(b: Uint8Array) { b[0] = 1; }';
    expect(demand(`${bystander} ${fill} export function f() { const b = new Uint8Array(4); fill(b); return b; }`)).toEqual(['f', 'fill']);
    expect(demand(`${bystander} ${fill} export function f(all: Uint8Array[]) { all.forEach(fill); }`)).toEqual(['fill']);
    expect(demand(`${bystander} export function f(all: Uint8Array[]) { all.forEach((b) => { b.fill(0); }); }`)).toEqual(['<anonymous>', 'f']);
  });

  test('to whoever stored it in a member, of the same class where that is plain', () => {
    const other = 'class Other { buf = Buffer.alloc(4); }';
    expect(demand(`${other} class Reader { buf: Uint8Array; constructor(b: Uint8Array) { this.buf = b; } fill() { this.buf[0] = 1; } } export function make() { return new Reader(new Uint8Array(4)); }`)).toEqual(['Reader#constructor', 'Reader#fill', 'make']);
    expect(demand(`${other} export function fill(o: { buf: Uint8Array }) { o.buf[0] = 1; } export function f() { const b = new Uint8Array(4); fill({ buf: b }); return b; }`)).toEqual(['Other#<fields>', 'f', 'fill']);
  });

  test('to what an heir gives its base, with a constructor of its own or without', () => {
    const base = 'class Base { constructor(protected buf: Uint8Array) {} fill() { this.buf[0] = 1; } }';
    expect(demand(`${base} ${bystander} export class Heir extends Base { constructor() { super(new Uint8Array(4)); } }`)).toEqual(['Base#<fields>', 'Base#constructor', 'Base#fill', 'Heir#constructor']);
    expect(demand(`${base} ${bystander} class Heir extends Base {} export function f() { return new Heir(new Uint8Array(4)); }`)).toEqual(['Base#<fields>', 'Base#constructor', 'Base#fill', 'f']);
  });

  test('to a variable that functions share', () => {
    expect(demand(`${bystander} const scratch = new Uint8Array(4); export function fill() { scratch[0] = 1; } export function give() { return scratch; }`)).toEqual(['fill', 'give']);
  });

  test('into what a call gives, and on to what that call was given: not what others were', () => {
    const first = 'function first(b: Uint8Array) { return b.subarray(1); }';
    expect(demand(`${first} export function f(b: Uint8Array) { first(b)[0] = 1; } export function g(b: Uint8Array) { return first(b); }`)).toEqual(['f', 'first']);
  });

  test('out of a collection, to whatever is put in', () => {
    const pool = 'class Pool<T> { readonly #free: T[] = []; take() { return this.#free.pop(); } give(one: T) { this.#free.push(one); } }';
    const use = 'export function f(pool: Pool<Uint8Array>) { const b = pool.take(); if (b) b[0] = 1; } export function g(pool: Pool<Uint8Array>) { pool.give(new Uint8Array(4)); } export function h(pool: Pool<string>) { pool.give("a"); }';
    expect(demand(`${pool} ${use}`)).toEqual(['Pool#<fields>', 'Pool#give', 'Pool#take', 'f', 'g']);
    expect(demand('export function f() { const all = [new Uint8Array(4)]; for (const b of all) b.fill(1); }')).toEqual(['f']);
    expect(demand('export function f() { const all = new Map([["a", new Uint8Array(4)]]); const b = all.get("a"); if (b) b.set([1]); }')).toEqual(['f']);
  });

  test('to what a moved list holds', () => {
    expect(demand(`export function moved(b: Uint8Array) { const options = { transfer: [b.buffer] }; return structuredClone(b, options); } export function f() { const b = new Uint8Array(4); return moved(b); } ${bystander}`)).toEqual(['f', 'moved']);
    expect(demand(`export function post(port: MessagePort, job: { bytes: ArrayBuffer }) { port.postMessage(job, [job.bytes]); } export function f(port: MessagePort) { post(port, { bytes: new ArrayBuffer(4) }); } ${bystander}`)).toEqual(['f', 'post']);
  });

  test('to a buffer that a call filled, as its result tells', () => {
    expect(demand(`${bystander} declare function read(b: Uint8Array): Promise<number>; export async function f() { const b = new Uint8Array(4); const n = await read(b); return b.subarray(0, n); }`)).toEqual(['f']);
  });

  test('nowhere from an object that is no memory', () => {
    expect(demand('export function f(options: Record<string, string>, name: string, value: string) { options[name] = value; }')).toEqual([]);
    expect(demand('export function f(options: any, name: string, value: any) { options[name] = value; } export function g() { f({}, "a", new Uint8Array(4)); }')).toEqual([]);
    expect(demand('export function f(seen: Set<string>, one: string) { seen.add(one); } export function g(m: Map<string, string>) { m.set("a", "b"); }')).toEqual([]);
  });

  test('no further than looking on from its sources would cost', () => {
    const chain = Array.from({ length: 40 }, (_, i) => `export function f${i}(b: Uint8Array) { ${i === 0 ? 'b[0] = 1;' : `f${i - 1}(b);`} }`).join(' ');
    expect(demandIn({ 'a.ts': chain })).toHaveLength(40);
    expect(demandIn({ 'a.ts': chain }, 1)).toEqual(['*']);
  });
});

describe('in code that has no types', () => {
  test('it is followed through anything that may be memory', () => {
    const source = 'export function fill(b, i) { b[i] = 1; } function wrap(b) { fill(b, 0); } export function f() { const b = new Uint8Array(4); wrap(b); return b; }';
    expect(demandIn({ 'a.js': `${source} export function other() { return new Uint8Array(4); }` })).toEqual(['f', 'fill', 'wrap']);
  });
});

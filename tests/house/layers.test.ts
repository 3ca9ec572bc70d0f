import { describe, expect, it } from 'vitest';
import { filesBelow, findCycle, importsOf } from './sources.js';
import type { Import } from './sources.js';

const sources = [...filesBelow('rules'), ...filesBelow('lib')].filter((path) => path.endsWith('.ts'));
const importsByFile = new Map(sources.map((path) => [path, importsOf(path)]));

/** A room of the house: which files it holds, and what of the house and from outside they may import. */
interface Layer {
  readonly name: string;
  readonly holds: RegExp;
  readonly imports: RegExp;
  /** Packages and modules of Node; types alone are free unless said otherwise. */
  readonly packages: RegExp;
  /** Whether even the types of TypeScript and ESLint are out of bounds. */
  readonly isPure?: boolean;
}

const NOTHING = /^\b$/;

const LAYERS: readonly Layer[] = [
  { name: 'runtime on Node', holds: /^lib\/node\.ts$/, imports: /^lib\//, packages: /^node:/, isPure: true },
  { name: 'runtime adapter', holds: /^lib\/adapter-piscina\//, imports: /^lib\/(adapter-piscina|blocking)\//, packages: /^piscina$/, isPure: true },
  { name: 'runtime', holds: /^lib\//, imports: /^lib\//, packages: NOTHING, isPure: true },
  { name: 'catalog', holds: /^rules\/catalog\//, imports: /^rules\/(catalog\/|engine\/contracts\/)/, packages: NOTHING, isPure: true },
  { name: 'analysis', holds: /^rules\/engine\/(flow|ir|borrow|channel|blocking)\//, imports: /^rules\/engine\/(flow\/|ir\/|borrow\/|channel\/|blocking\/|contracts\/|[a-z-]+\.ts$)/, packages: NOTHING, isPure: true },
  { name: 'engine', holds: /^rules\/engine\//, imports: /^rules\/(engine|catalog)\//, packages: /^node:(path|url)$/ },
  { name: 'fixes', holds: /^rules\/fixes\//, imports: /^rules\/(fixes|engine)\//, packages: /^node:path$/ },
  { name: 'source', holds: /^rules\/source\//, imports: /^rules\/(source|fixes|engine)\//, packages: NOTHING },
  { name: 'adapter', holds: /^rules\/eslint\//, imports: /^rules\/(eslint|engine|fixes|source)\//, packages: /^(node:|@typescript-eslint\/utils)/ },
  { name: 'report', holds: /^rules\/report\//, imports: /^rules\/(report|engine)\//, packages: /^(node:|picocolors$)/ },
  { name: 'migration', holds: /^rules\/migrate\//, imports: /^rules\/(migrate|fixes|source|engine)\//, packages: /^(node:|ts-morph$)/ },
  { name: 'command', holds: /^rules\/cli\//, imports: /^rules\//, packages: /^(node:|eslint$|@typescript-eslint\/parser$|commander$|cli-progress$|diff$|picocolors$|tinyglobby$)/ },
  { name: 'rule', holds: /^rules\/no-[a-z-]+\.ts$/, imports: /^rules\/eslint\//, packages: NOTHING },
  { name: 'entry', holds: /^rules\/(index|configs)\.ts$/, imports: /^rules\/(no-[a-z-]+|configs)\.ts$/, packages: /^node:module$/ },
];

function layerOf(path: string): Layer | undefined {
  return LAYERS.find((layer) => layer.holds.test(path));
}

/** Why a layer may not import something; undefined when it may. */
function objection(layer: Layer, { specifier, file, isType }: Import): string | undefined {
  if (file !== undefined) {
    // Types of findings, contracts and syntax may be named where they are handed on.
    const isAllowed = layer.imports.test(file) || (layer.name === 'rule' && isType && file.startsWith('rules/engine/'));
    return isAllowed ? undefined : `${layer.name} may not import ${file}`;
  }
  if (isType && layer.isPure !== true) {
    return undefined;
  }
  return layer.packages.test(specifier) ? undefined : `${layer.name} may not import ${specifier}`;
}

describe('layers', () => {
  it('hold every source file', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(sources.filter((path) => layerOf(path) === undefined)).toEqual([]);
  });

  it.each(LAYERS.map((layer) => [layer.name, layer] as const))('%s imports only what it may', (_, layer) => {
    const objections = sources
      .filter((path) => layerOf(path) === layer)
      .flatMap((path) => (importsByFile.get(path) ?? []).map((each) => objection(layer, each)).flatMap((reason) => (reason === undefined ? [] : [`${path}: ${reason}`])));
    expect(objections).toEqual([]);
  });

  it('the engine never loads TypeScript: the instance is given to it', () => {
    const loading = sources.filter(
      (path) => path.startsWith('rules/engine/') && (importsByFile.get(path) ?? []).some(({ specifier, isType }) => specifier === 'typescript' && !isType),
    );
    expect(loading).toEqual([]);
  });

  it('have no cycles among files at run time', () => {
    const edges = new Map(sources.map((path) => [path, (importsByFile.get(path) ?? []).flatMap(({ file, isType }) => (file === undefined || isType ? [] : [file]))]));
    expect(findCycle(edges)).toBeUndefined();
  });

  it('import only files that there are', () => {
    const known = new Set(sources);
    const dangling = sources.flatMap((path) => (importsByFile.get(path) ?? []).flatMap(({ file }) => (file === undefined || known.has(file) ? [] : [`${path}: ${file}`])));
    expect(dangling).toEqual([]);
  });
});

describe('the test of the layers itself', () => {
  it('sees every kind of import', () => {
    const text = `import a from './a.js'; import type { b } from '../b.js'; export * from './c.js'; export type { d } from 'd';
      const e = await import('./e.js'); type F = import('f').F; const g = require('g'); import h, { type i } from 'h';`;
    expect(importsOf('rules/x/y.ts', text).map(({ specifier, file, isType }) => [specifier, file, isType])).toEqual([
      ['./a.js', 'rules/x/a.ts', false],
      ['../b.js', 'rules/b.ts', true],
      ['./c.js', 'rules/x/c.ts', false],
      ['d', undefined, true],
      ['./e.js', 'rules/x/e.ts', false],
      ['f', undefined, true],
      ['g', undefined, false],
      ['h', undefined, false],
    ]);
  });

  it.each([
    ['rules/engine/flow/solver.ts', "import type ts from 'typescript';", 'analysis may not import typescript'],
    ['rules/engine/types/oracle.ts', "import ts from 'typescript';", 'engine may not import typescript'],
    ['rules/engine/types/oracle.ts', "import { report } from '../../eslint/report.js';", 'engine may not import rules/eslint/report.ts'],
    ['rules/no-x.ts', "import { solve } from './engine/flow/solver.js';", 'rule may not import rules/engine/flow/solver.ts'],
    ['rules/report/pretty.ts', "import { check } from '../cli/check.js';", 'report may not import rules/cli/check.ts'],
    ['lib/channel.ts', "import fs from 'node:fs';", 'runtime may not import node:fs'],
  ])('objects: %s with %s', (path, text, reason) => {
    const layer = layerOf(path);
    const [only] = importsOf(path, text);
    expect(layer && only && objection(layer, only)).toBe(reason);
  });

  it('finds a cycle', () => {
    expect(findCycle(new Map([['a', ['b']], ['b', ['c', 'd']], ['c', []], ['d', ['b']]]))).toEqual(['b', 'd', 'b']);
    expect(findCycle(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', []]]))).toBeUndefined();
  });
});

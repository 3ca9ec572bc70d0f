import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { annotationsOf } from '../../../../rules/engine/types/annotations.js';
import { headersOf, worldOf } from './program.js';

function read(text: string): ReturnType<typeof annotationsOf> {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true);
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) found ??= node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  if (found === undefined) throw new Error('no function');
  return annotationsOf(ts, found);
}

describe('annotationsOf', () => {
  it('reads nothing where nothing is written', () => {
    expect(read('/** Reads. @param a - bytes */ function f(a) {}')).toEqual({ contract: undefined, isLending: false, problems: [] });
  });

  it.each(['return', 'settle', 'callback', 'next call', 'first await', 'close', 'forever'])('reads @borrows until %s', (until) => {
    expect(read(`/** @borrows data until ${until} */ function f(x, data) {}`).contract).toEqual({
      origin: 'annotation',
      isCertain: true,
      parameters: [null, { keeps: until }],
    });
  });

  it('reads @writes, and several tags together', () => {
    const { contract } = read('/**\n * @writes target\n * @borrows target until settle\n * @owned\n */\nconst f = (target) => 1;');
    expect(contract).toEqual({
      origin: 'annotation',
      isCertain: true,
      parameters: [{ writes: {}, keeps: 'settle' }],
      result: { from: 'fresh' },
    });
  });

  it('reads @lends on a method', () => {
    const lending = read('class A {\n  /** @lends */\n  next() {}\n}');
    expect(lending.isLending).toBe(true);
    expect(lending.contract?.result).toEqual({ from: 'lent', until: 'next call' });
  });

  it("leaves JSDoc's own tags of these names alone", () => {
    expect(read('/** @lends Foo.prototype\n@owned by everybody\n@borrows that as this */ function f(that) {}')).toEqual({ contract: undefined, isLending: false, problems: [] });
  });

  it.each([
    ['/** @borrows data */ function f(data) {}', '@borrows reads "<param> until'],
    ['/** @borrows data until tomorrow */ function f(data) {}', 'not "data until tomorrow"'],
    ['/** @writes nope */ function f(data) {}', '@writes names "nope", which is not a parameter.'],
    ['/** @writes */ function f(data) {}', '@writes names no parameter.'],
  ])('says what is wrong with %s', (text, problem) => {
    const { contract, problems } = read(text);
    expect(contract).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('declaredContract and isLending', () => {
  const world = worldOf(
    {
      '/app/node_modules/borrowck-runtime/package.json': '{"name":"borrowck-runtime","types":"./index.d.ts"}',
      '/app/node_modules/borrowck-runtime/index.d.ts': `
declare const owned: unique symbol;
declare const borrowed: unique symbol;
export type Borrowed<T> = T & { readonly [borrowed]?: true };
export type Lending<T> = AsyncIterable<Borrowed<T>, void, undefined>;`,
      '/app/a.ts': `
import type { Borrowed, Lending } from 'borrowck-runtime';
type Frames = Lending<Uint8Array>;
async function* typed(): Lending<Uint8Array> {}
async function* aliased(): Frames {}
async function* generator(): AsyncGenerator<Borrowed<Uint8Array>> {}
async function promised(): Promise<Frames> { return null!; }
async function* plain(): AsyncGenerator<Uint8Array> {}
async function* inferred() { yield null! as Borrowed<Uint8Array>; }
/** @lends */ function tagged() {}
/** @writes nope */ function wrong(b: Uint8Array) {}
function declared(b: Uint8Array) {}
`,
    },
    {},
    {
      projectContracts: {
        of: (file, name) => (file === '/app/a.ts' && name === 'declared' ? { origin: 'settings', isCertain: true, result: { from: 'fresh' } } : undefined),
      },
    },
  );
  const headers = headersOf(world.file('/app/a.ts')).functions;
  const fn = (name: string) => {
    const file = world.file('/app/a.ts');
    const node = file.statements.find((statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name);
    const binding = headers.find((each) => each.origin.syntax === node);
    if (binding === undefined) throw new Error(name);
    return binding;
  };

  it.each(['typed', 'aliased', 'generator', 'promised', 'tagged'])('%s lends', (name) => {
    expect(world.world.isLending(fn(name))).toBe(true);
  });

  it.each(['plain', 'inferred', 'declared'])('%s does not lend', (name) => {
    expect(world.world.isLending(fn(name))).toBe(false);
  });

  it('takes contracts from settings and from tags', () => {
    expect(world.world.declaredContract(fn('declared'))?.origin).toBe('settings');
    expect(world.world.declaredContract(fn('tagged'))?.origin).toBe('annotation');
    expect(world.world.declaredContract(fn('plain'))).toBeUndefined();
    expect(world.world.annotationProblems(fn('wrong'))).toHaveLength(1);
    expect(world.world.annotationProblems(fn('tagged'))).toEqual([]);
  });
});

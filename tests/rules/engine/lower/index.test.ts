import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Variable } from '../../../../rules/engine/ir/index.js';
import { originKey } from '../../../../rules/engine/ir/index.js';
import { lowerModule } from '../../../../rules/engine/lower/index.js';
import { functionNamed, lower, problems } from './support.js';

function names(variables: Iterable<Variable>): string[] {
  return [...variables].map((variable) => variable.name);
}

describe('headers', () => {
  it('names functions as a person would', () => {
    const module = lower(`
      const a = () => {}, b = { c: function () {}, d() {}, get e() { return 1; } };
      exports.g = () => {};
      class K { m() {} static s() {} #p() {} h = () => {}; constructor() {} get v() { return 1; } [Symbol.iterator]() {} }
      (function () {})(); function n(x = () => {}) {}
    `);
    expect(module.functions.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'module <module>',
      'arrow a',
      'function c',
      'method d',
      'getter e',
      'arrow g',
      'method K#m',
      'method K.s',
      'method K##p',
      'fields K#<fields>',
      'arrow h',
      'constructor K#constructor',
      'getter K#v',
      'method K#[Symbol.iterator]',
      'function <anonymous>',
      'function n',
      'arrow x',
    ]);
    expect(module.functions.map(({ id }) => id)).toEqual(module.functions.map((_, index) => index));
  });

  it('describes parameters', () => {
    const f = functionNamed(lower('function f(this: X, a, { b }, c = 1, ...rest) {}'), 'f');
    expect(f.parameters.map(({ name, storage }) => `${storage} ${name}`)).toEqual(['parameter a', 'temporary ', 'temporary ', 'parameter rest']);
    expect(f.hasRest).toBe(true);
    expect(f.thisVariable?.storage).toBe('this');
  });

  it('describes classes', () => {
    const module = lower(`
      class A extends B {
        static s = 1; f = 2;
        constructor() { super(); }
        m(): void; m() {}
        protected p() {} private q() {} #r() {} get v() { return 1; } static t() {}
        /** @private */ u() {}
        abstract x(): void;
      }
    `);
    const [a] = module.classes;
    expect(a?.hasSuperClass).toBe(true);
    expect(a?.constructorFunction?.kind).toBe('constructor');
    expect([a?.fields?.kind, a?.statics?.kind]).toEqual(['fields', 'static-block']);
    expect(a?.members.map(({ key, access, isStatic }) => `${isStatic ? 'static ' : ''}${access} ${key.kind === 'name' ? key.name : '[]'}`)).toEqual([
      'public m',
      'protected p',
      'private q',
      'private #r',
      'public v',
      'static public t',
      'private u',
    ]);
    expect(module.top.outline.classes).toEqual([a]);
  });

  it('tells module formats apart', () => {
    expect(lower('export {}').format).toBe('esm');
    expect(lower('let x', '/a.mts').format).toBe('esm');
    expect(lower("const x = require('x')", '/a.js').format).toBe('commonjs');
    expect(lower('function f(module) { return module; }', '/a.js').format).toBe('script');
    expect(lower('let x', '/a.cjs').format).toBe('commonjs');
  });

  it('gives origins without leading comments', () => {
    const code = '/* before */ function f() {}';
    const { origin } = functionNamed(lower(code), 'f');
    expect(code.slice(origin.start, origin.end)).toBe('function f() {}');
    expect(originKey(origin)).toBe('/file.ts:13:28');
  });

  it('lowers a body once, and only when it is read', () => {
    const f = functionNamed(lower('function f() { return 1; }'), 'f');
    expect(f.body).toBe(f.body);
    expect(f.skipped).toBeUndefined();
  });
});

describe('outlines', () => {
  const module = lower(`
    import { open } from 'm';
    let shared = 1;
    async function* f(p) {
      const { first, inner: { second } } = this;
      p.a.b(shared)[0] = new x.Y(open);
      p.q[0] = super.z;
      ({ third: p.u } = p);
      await p; yield this.#own;
      return () => { shared = p; this.fourth(); };
    }
  `);
  const f = functionNamed(module, 'f');

  it('lists members, those of this, and constructed names', () => {
    expect([...f.outline.members].sort()).toEqual(['#own', '0', 'Y', 'a', 'b', 'first', 'inner', 'q', 'second', 'third', 'u', 'z']);
    expect([...f.outline.thisMembers].sort()).toEqual(['#own', 'first', 'inner']);
    expect([...f.outline.constructed]).toEqual(['Y']);
  });

  it('lists what is stored, in objects that it writes out as well', () => {
    expect([...f.outline.stored].sort()).toEqual(['0', 'u']);
    const other = lower('class C { own = 1; constructor(p) { p.set = { first: p, ["second"]: p, p }; [p.item] = p; } }');
    const stored = other.functions.map((fn) => [fn.kind, [...fn.outline.stored].sort()]);
    expect(stored).toContainEqual(['fields', ['own']]);
    expect(stored).toContainEqual(['constructor', ['first', 'item', 'p', 'second', 'set']]);
  });

  it('lists free names and captures of the function itself', () => {
    expect([...f.outline.freeNames].sort()).toEqual(['open', 'shared', 'x']);
    expect(names(f.outline.captures).sort()).toEqual(['open', 'shared']);
    const [arrow] = f.outline.nested;
    expect(names(arrow?.outline.captures ?? []).sort()).toEqual(['p', 'shared', 'this']);
  });

  it('knows awaits, yields, results, calls and element stores', () => {
    const { hasAwait, hasYield, hasReturnValue, hasCall, hasElementStore } = f.outline;
    expect({ hasAwait, hasYield, hasReturnValue, hasCall, hasElementStore }).toEqual({ hasAwait: true, hasYield: true, hasReturnValue: true, hasCall: true, hasElementStore: true });
    const quiet = functionNamed(lower('function q(a) { a.b = 1; a["c"] = 2; return; }'), 'q').outline;
    expect([quiet.hasAwait, quiet.hasYield, quiet.hasReturnValue, quiet.hasCall, quiet.hasElementStore]).toEqual([false, false, false, false, false]);
  });
});

describe('variables', () => {
  function declared(code: string, file?: string): Record<string, string> {
    const found: Record<string, string> = {};
    for (const fn of lower(code, file).functions) {
      for (const { instructions } of fn.body?.blocks ?? []) {
        for (const instruction of instructions) {
          if (!('target' in instruction) || instruction.target.storage === 'temporary') continue;
          const { name, isCaptured, isConstant } = instruction.target;
          found[name] = [isConstant ? 'constant' : 'variable', ...(isCaptured ? ['captured'] : [])].join(' ');
        }
      }
    }
    return found;
  }

  it('knows what is assigned once and what is captured', () => {
    expect(
      declared(`
        const a = 1; let b = 1; b++; let c = 1; let d; d = 1; var e = 1; var e = 2; const g = 1;
        for (const h of a) { var i = h; let j = h; }
        [c.x, k] = a; let k = 1, l = 1; (() => { l = g; })();
        function m() {} let n = 1; for (n of a); let o = 1; ({ p: o } = a);
      `),
    ).toEqual({
      a: 'constant',
      b: 'variable',
      c: 'constant',
      d: 'variable',
      e: 'variable',
      g: 'constant captured',
      h: 'constant',
      i: 'variable',
      j: 'constant',
      k: 'variable',
      l: 'variable captured',
      m: 'constant',
      n: 'variable',
      o: 'variable',
    });
  });

  it('hoists var and, in old scripts, functions in blocks', () => {
    expect(declared('function f() { if (a) { var x = 1; function g() {} } return () => [x, g]; }', '/a.cjs')).toMatchObject({ x: 'constant captured', g: 'constant captured' });
    const strict = functionNamed(lower('"use strict"; function f() { { function g() {} } return g; }', '/a.cjs'), 'f');
    expect([...strict.outline.freeNames]).toEqual(['g']);
  });

  it('knows catch parameters, arguments and class names', () => {
    expect(problems('function f() { try { g(); } catch (e) { return () => [e, arguments, this]; } class A { static m() { return A; } } return A; }')).toEqual([]);
  });
});

describe('robustness', () => {
  const wide = (length: number, item: string, separator: string): string => Array.from({ length }, () => item).join(separator);

  it('lowers chains of any length', () => {
    expect(problems(`function f(a) { return ${wide(20_000, 'a', ' + ')}; }`)).toEqual([]);
    expect(problems(`function f(a) { if (${wide(20_000, 'a', ' || ')}) return ${wide(20_000, 'a', ' && ')}; }`)).toEqual([]);
    expect(problems(`function f(a) { ${wide(20_000, 'a()', ', ')}; }`)).toEqual([]);
  });

  it('gives a reason for what is nested too deeply', () => {
    const code = `function f(a) { return ${'['.repeat(600)}() => a${']'.repeat(600)}; } function g() {}`;
    const module = lower(code);
    expect(module.functions.map(({ name }) => name)).toEqual(['<module>', 'f', 'g', '<anonymous>']);
    expect(functionNamed(module, '<anonymous>').body?.blocks).toHaveLength(1);
    const chain = functionNamed(lower(`function f(a) { return a${'.b()'.repeat(20_000)}; }`), 'f');
    expect(chain.body).toBeUndefined();
    expect(chain.skipped).toBe('nested too deeply');
  });

  it('gives up on finally bodies that copy each other too often', () => {
    const nest = (depth: number): string => (depth === 0 ? 'g();' : `try { g(); } finally { ${nest(depth - 1)} }`);
    expect(problems(`function f() { ${nest(4)} }`)).toEqual([]);
    expect(problems(`function f() { ${nest(7)} }`)).toEqual(['f: finally bodies nested too deeply']);
  });

  it('skips with statements and what is inside them, and nothing else', () => {
    expect(problems('function f(o) { with (o) { h(() => 1); } } function g() {}', '/a.cjs')).toEqual(['f: with statement', '<anonymous>: inside a with statement']);
  });

  it('does not fail on broken code', () => {
    for (const code of ['function f( {', 'class { m( }', 'a?.', 'for (const of', 'x = `${', 'import {', 'break; continue; return 1;', 'let [a = ] = ;', '<<<<<<< x', '({ a: })', 'new', 'switch (', '@']) {
      expect(() => problems(code), code).not.toThrow();
    }
  });

  it('walks a minified megabyte in well under two seconds', () => {
    const unit = 'function a(e,t){var n=e.r(t),o=function(){return n&&n.x?n.x(o):e(t)};for(var i=0;i<t.length;i++)o(t[i],function(r){return n[r]=e})}';
    const code = `!function(e){${wide(Math.ceil(1_048_576 / unit.length), unit, ';')}}(this);`;
    const sourceFile = ts.createSourceFile('/min.js', code, ts.ScriptTarget.Latest);
    const before = process.cpuUsage();
    const module = lowerModule(ts, sourceFile);
    const { user } = process.cpuUsage(before);
    expect(module.functions.length).toBeGreaterThan(20_000);
    expect(user / 1e6).toBeLessThan(2);
  });
});

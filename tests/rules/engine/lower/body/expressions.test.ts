import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Expressions', () => {
  it('gives every sub-expression a temporary', () => {
    const code = 'function f(a, b) { return g(a.b, [a, , ...b], { a, c: 1, [b]: 2, ...a }); }';
    expect(printed(code)).toBe(
      text(`
        (a, b)
        b0:
          %0 = global g
          %1 = a.b
          %2 = [a, hole, ...b]
          %3 = 1
          %4 = 2
          %5 = {a: a, c: %3, [b]: %4, ...a}
          %6 = call %0(%1, %2, %5)
          return %6
      `),
    );
  });

  it('copies a variable that a later operand assigns', () => {
    const code = 'function f(x, a) { g(x, x = 2, x++); return x + (x = a); }';
    expect(printed(code)).toBe(
      text(`
        (x, a)
        b0:
          %0 = global g
          %1 = x
          %2 = 2
          x = %2
          %3 = x
          %4 = 1
          %5 = %3 + %4
          x = %5
          %6 = call %0(%1, %2, %3) unused
          %7 = x
          x = a
          %8 = %7 + a
          return %8
      `),
    );
  });

  it('copies a captured variable that a later call may assign', () => {
    const code = 'function f(g) { let y = 1; cap(() => { y = 2; }); return g(y, g()); }';
    expect(printed(code)).toBe(
      text(`
        (g)
        b0:
          %0 = 1
          y = %0
          %1 = global cap
          %2 = function <anonymous>
          %3 = call %1(%2) unused
          %4 = y
          %5 = call g()
          %6 = call g(%4, %5)
          return %6
      `),
    );
  });

  it('leaves constants alone', () => {
    const code = 'function f(x, g) { const y = x; return g(y, g(x)); }';
    expect(printed(code)).toBe(
      text(`
        (x, g)
        b0:
          y = x
          %0 = call g(x)
          %1 = call g(y, %0)
          return %1
      `),
    );
  });

  it('keeps literals', () => {
    const code = "function f() { return ['s', 1.5, 10n, true, false, null, undefined, /r/, `t`]; }";
    expect(printed(code)).toBe(
      text(`
        b0:
          %0 = "s"
          %1 = 1.5
          %2 = 10n
          %3 = true
          %4 = false
          %5 = null
          %6 = undefined
          %7 = opaque()
          %8 = "t"
          %9 = [%0, %1, %2, %3, %4, %5, %6, %7, %8]
          return %9
      `),
    );
  });

  it('makes template strings opaque', () => {
    const code = 'function f(a, b) { return `${a}-${b}`; }';
    expect(printed(code)).toBe(
      text(`
        (a, b)
        b0:
          %0 = opaque(a, b)
          return %0
      `),
    );
  });

  it('calls the tag of a tagged template with its strings', () => {
    const code = 'function f(t, a) { t`x${a}`; t.m`y`; }';
    expect(printed(code)).toBe(
      text(`
        (t, a)
        b0:
          %0 = opaque()
          %1 = call t(%0, a) unused
          %2 = opaque()
          %3 = call t.m(%2) unused
          return
      `),
    );
  });

  it('knows assertions and parentheses to be nothing', () => {
    const code = 'function f(a: any) { return (a as any).m((<any>a)!, (a satisfies any)); }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          %0 = call a.m(a, a)
          return %0
      `),
    );
  });

  it('walks operators in order', () => {
    const code = 'function f(a, b) { const t = typeof a, n = -a, i = #p in a; return a + b * n; }';
    expect(printed(code)).toBe(
      text(`
        (a, b)
        b0:
          %0 = typeof a
          t = %0
          %1 = - a
          n = %1
          %2 = "#p"
          %3 = %2 in a
          i = %3
          %4 = b * n
          %5 = a + %4
          return %5
      `),
    );
  });

  it('drops the value of void, and of the left of a comma', () => {
    const code = 'function f(a, g) { return void g(), a; }';
    expect(printed(code)).toBe(
      text(`
        (a, g)
        b0:
          %0 = call g() unused
          %1 = undefined
          return a
      `),
    );
  });

  it('deletes through optional chains', () => {
    const code = 'function f(a) { delete a?.b.c; return delete a[0]; }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          if nullish a then b2 else b1
        b1:
          %0 = a.b
          delete %0.c
          goto b2
        b2:
          %1 = true
          delete a.0
          %2 = true
          return %2
      `),
    );
  });

  it('lowers new, import(), new.target and import.meta', () => {
    const code = 'function f(a, x) { new a.C(x, ...x); import(x); return [new.target, import.meta]; }';
    expect(printed(code)).toBe(
      text(`
        (a, x)
        b0:
          %0 = a.C
          %1 = call new %0(x, ...x) unused
          %2 = call import(x) unused
          %3 = opaque()
          %4 = opaque()
          %5 = [%3, %4]
          return %5
      `),
    );
  });

  it('sees awaited and unused calls', () => {
    const code = 'async function f(g) { g(); await g(); await (g() as any); const p = g(); return p; }';
    expect(printed(code)).toBe(
      text(`
        (g)
        b0:
          %0 = call g() unused
          %1 = call g() awaited
          %2 = await %1
          %3 = call g() awaited
          %4 = await %3
          %5 = call g()
          p = %5
          return p
      `),
    );
  });

  it('makes functions of arrows, methods and accessors', () => {
    const code = 'function f(a) { return { m() {}, get x() { return a; }, set x(v) {}, h: () => this, async *g() {} }; }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          %0 = function m
          %1 = function h
          %2 = function g
          %3 = {m: %0, get x: x, set x: x, h: %1, g: %2}
          return %3
      `),
    );
  });

  it('lets a function expression name itself', () => {
    const code = 'function f() { return function self() { return self; }; }';
    expect(printed(code)).toBe(
      text(`
        b0:
          %0 = function self
          self = %0
          return %0
      `),
    );
  });

  it('reads undeclared names as globals and writes them to the global object', () => {
    const code = 'function f() { undeclared = process; }';
    expect(printed(code)).toBe(
      text(`
        b0:
          %0 = global process
          %1 = global globalThis
          %1.undeclared = %0
          return
      `),
    );
  });
});

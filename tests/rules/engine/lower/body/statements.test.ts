import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Statements', () => {
  it('hoists functions', () => {
    const code = 'function f(a) { g(); if (a) { h(); function h() {} } function g() {} }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          %0 = function g
          g = %0
          %1 = call g() unused
          if a then b1 else b2
        b1:
          %2 = function h
          h = %2
          %3 = call h() unused
          goto b2
        b2:
          return
      `),
    );
  });

  it('chains if and else', () => {
    const code = 'function f(a) { if (a) g(); else if (a.b) h(); else return; k(); }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          if a then b1 else b2
        b1:
          %0 = global g
          %1 = call %0() unused
          goto b4
        b2:
          %2 = a.b
          if %2 then b3 else b5
        b3:
          %3 = global h
          %4 = call %3() unused
          goto b4
        b4:
          %5 = global k
          %6 = call %5() unused
          return
        b5:
          return
      `),
    );
  });

  it('falls through switch clauses, default in any place', () => {
    const code = 'function f(x) { switch (x) { case 1: a(); default: b(); break; case 2: { const y = x; return () => y; } } }';
    expect(printed(code)).toBe(
      text(`
        (x)
        b0:
          %0 = 1
          if x === %0 then b1 else b2
        b1:
          %1 = global a
          %2 = call %1() unused
          goto b4
        b2:
          %3 = 2
          if x === %3 then b3 else b4
        b3:
          declare y
          y = x
          %4 = function <anonymous>
          return %4
        b4:
          %5 = global b
          %6 = call %5() unused
          return
      `),
    );
  });

  it('tests typeof in a switch', () => {
    const code = "function f(x) { switch (typeof x) { case 'string': return 1; case 'number': return 2; } }";
    expect(printed(code)).toBe(
      text(`
        (x)
        b0:
          if typeof x === 'string' then b1 else b2
        b1:
          %0 = 1
          return %0
        b2:
          if typeof x === 'number' then b3 else b4
        b3:
          %1 = 2
          return %1
        b4:
          return
      `),
    );
  });

  it('drops dead code', () => {
    const code = 'function f(a) { return a; g(); function g() {} }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          %0 = function g
          g = %0
          return a
      `),
    );
  });

  it('throws', () => {
    const code = 'function f(a) { if (a) throw new Error(a); throw a; }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          if a then b1 else b2
        b1:
          %0 = global Error
          %1 = call new %0(a)
          throw %1
        b2:
          throw a
      `),
    );
  });

  it('resets let in a loop, but not var', () => {
    const code = 'function f(a) { while (a) { let x; var y; g(x, y); x = y = 1; } }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          goto b1
        b1:
          if a then b2 else b3
        b2:
          declare x
          %0 = undefined
          x = %0
          %1 = global g
          %2 = call %1(x, y) unused
          %3 = 1
          y = %3
          x = %3
          goto b1
        b3:
          return
      `),
    );
  });
});

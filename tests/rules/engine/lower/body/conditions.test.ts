import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Conditions', () => {
  it('turns negation and short-circuits into jumps', () => {
    const code = 'function f(a, b, c) { if (!(a && b) || c) return 1; }';
    expect(printed(code)).toBe(
      text(`
        (a, b, c)
        b0:
          if a then b1 else b4
        b1:
          if b then b2 else b4
        b2:
          if c then b4 else b3
        b3:
          return
        b4:
          %0 = 1
          return %0
      `),
    );
  });

  it('knows typeof, nullish, equality, order and instanceof', () => {
    const code = "function f(x, C) { if (typeof x === 'string') a(); if (x != null) b(); if (x === 1) c(); if (x > 1) d(); if (1 <= x) e(); if (x instanceof C) g(); }";
    expect(printed(code)).toBe(
      text(`
        (x, C)
        b0:
          if typeof x === 'string' then b1 else b2
        b1:
          %0 = global a
          %1 = call %0() unused
          goto b2
        b2:
          if nullish x then b4 else b3
        b3:
          %2 = global b
          %3 = call %2() unused
          goto b4
        b4:
          %4 = 1
          if x === %4 then b5 else b6
        b5:
          %5 = global c
          %6 = call %5() unused
          goto b6
        b6:
          %7 = 1
          if %7 < x then b7 else b8
        b7:
          %8 = global d
          %9 = call %8() unused
          goto b8
        b8:
          %10 = 1
          if %10 <= x then b9 else b10
        b9:
          %11 = global e
          %12 = call %11() unused
          goto b10
        b10:
          if x instanceof C then b11 else b12
        b11:
          %13 = global g
          %14 = call %13() unused
          goto b12
        b12:
          return
      `),
    );
  });

  it('takes a stopped chain for false', () => {
    const code = 'function f(a) { if (a?.b) g(); }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          if nullish a then b3 else b1
        b1:
          %0 = a.b
          if %0 then b2 else b3
        b2:
          %1 = global g
          %2 = call %1() unused
          goto b3
        b3:
          return
      `),
    );
  });

  it('chooses between conditions', () => {
    const code = 'function f(a, b, c) { if (a ? b : c) g(); }';
    expect(printed(code)).toBe(
      text(`
        (a, b, c)
        b0:
          if a then b1 else b2
        b1:
          if b then b3 else b4
        b2:
          if c then b3 else b4
        b3:
          %0 = global g
          %1 = call %0() unused
          goto b4
        b4:
          return
      `),
    );
  });

  it('knows constants', () => {
    const code = 'function f() { while (true) { if (0) a(); else b(); } }';
    expect(printed(code)).toBe(
      text(`
        b0:
          goto b1
        b1:
          %0 = global b
          %1 = call %0() unused
          goto b1
      `),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Patterns', () => {
  it('takes parameters apart', () => {
    const code = 'function f({ a, b: [c, , d] = [] }, e = a, ...[g]) { return c; }';
    expect(printed(code)).toBe(
      text(`
        (%0, %1, %2)
        b0:
          %3 = %0.a
          a = %3
          %4 = %0.b
          %5 = undefined
          if %4 === %5 then b1 else b2
        b1:
          %6 = []
          %7 = %6
          goto b3
        b2:
          %7 = %4
          goto b3
        b3:
          %8 = %7.0
          c = %8
          %9 = %7.2
          d = %9
          %10 = undefined
          if %1 === %10 then b4 else b5
        b4:
          %11 = a
          goto b6
        b5:
          %11 = %1
          goto b6
        b6:
          e = %11
          %12 = %2.0
          g = %12
          return c
      `),
    );
  });

  it('takes declarations apart', () => {
    const code = 'function f(a) { const { x = 1, y: [z, ...zs], [a]: w, ...rest } = a; }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          %0 = a.x
          %1 = undefined
          if %0 === %1 then b1 else b2
        b1:
          %2 = 1
          %3 = %2
          goto b3
        b2:
          %3 = %0
          goto b3
        b3:
          x = %3
          %4 = a.y
          %5 = %4.0
          z = %5
          %6 = rest %4 from 1
          zs = %6
          %7 = a[a]
          w = %7
          %8 = rest a without x, y
          rest = %8
          return
      `),
    );
  });

  it('assigns to members and names', () => {
    const code = 'function f(a, q, r) { [a.p, q = 2, ...a.r] = q; ({ a, b: a.b, ...r } = a); }';
    expect(printed(code)).toBe(
      text(`
        (a, q, r)
        b0:
          %0 = q
          %1 = %0.0
          a.p = %1
          %2 = %0.1
          %3 = undefined
          if %2 === %3 then b1 else b2
        b1:
          %4 = 2
          %5 = %4
          goto b3
        b2:
          %5 = %2
          goto b3
        b3:
          q = %5
          %6 = rest %0 from 2
          a.r = %6
          %7 = a
          %8 = %7.a
          a = %8
          %9 = %7.b
          a.b = %9
          %10 = rest %7 without a, b
          r = %10
          return
      `),
    );
  });

  it('takes loop heads and caught errors apart', () => {
    const code = 'function f(o) { for (const [k, { v }] of o) g(k, v); try { g(); } catch ({ message }) { g(message); } }';
    expect(printed(code)).toBe(
      text(`
        (o)
        b0:
          %0 = iterate sync o
          goto b1
        b1:
          %1 = next sync %0 body b2 done b3
        b2:
          declare k
          declare v
          %2 = %1.0
          k = %2
          %3 = %1.1
          %4 = %3.v
          v = %4
          %5 = global g
          %6 = call %5(k, v) unused
          goto b1
        b3 !b4:
          %7 = global g
          %8 = call %7() unused
          goto b5
        b4:
          %9 = caught
          %10 = %9.message
          message = %10
          %11 = global g
          %12 = call %11(message) unused
          goto b5
        b5:
          return
      `),
    );
  });
});

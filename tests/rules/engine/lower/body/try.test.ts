import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Cleanups', () => {
  it('catches where something may throw', () => {
    const code = 'function f(a) { let x = a; try { x = 1; g(); } catch { h(x); } return x; }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0 !b1:
          x = a
          %0 = 1
          x = %0
          %1 = global g
          %2 = call %1() unused
          goto b2
        b1:
          %3 = caught
          %4 = global h
          %5 = call %4(x) unused
          goto b2
        b2:
          return x
      `),
    );
  });

  it('copies finally for each way out', () => {
    const code = 'function f() { for (;;) { try { if (a) break; if (b) continue; if (c) return g(); h(); } catch (e) { k(e); } finally { z(); } } }';
    expect(printed(code)).toBe(
      text(`
        b0:
          goto b1
        b1:
          %0 = global a
          if %0 then b2 else b3
        b2:
          %1 = global z
          %2 = call %1() unused
          return
        b3:
          %3 = global b
          if %3 then b4 else b5
        b4:
          %4 = global z
          %5 = call %4() unused
          goto b1
        b5:
          %6 = global c
          if %6 then b6 else b8
        b6 !b9:
          %7 = global g
          %8 = call %7()
          goto b7
        b7:
          %9 = global z
          %10 = call %9() unused
          return %8
        b8 !b9:
          %11 = global h
          %12 = call %11() unused
          goto b10
        b9 !b11:
          %13 = caught
          declare e
          e = %13
          %14 = global k
          %15 = call %14(e) unused
          goto b10
        b10:
          %16 = global z
          %17 = call %16() unused
          goto b1
        b11:
          %18 = caught
          %19 = global z
          %20 = call %19() unused
          throw %18
      `),
    );
  });

  it('keeps a returned value from what finally assigns', () => {
    const code = 'function f(x) { try { return x; } finally { x = 2; } }';
    expect(printed(code)).toBe(
      text(`
        (x)
        b0:
          %0 = x
          %1 = 2
          x = %1
          return %0
      `),
    );
  });

  it('lets finally override', () => {
    const code = 'function f() { l: try { return 1; } finally { break l; } return 2; }';
    expect(printed(code)).toBe(
      text(`
        b0:
          %0 = 1
          %1 = 2
          return %1
      `),
    );
  });

  it('nests', () => {
    const code = 'function f() { try { try { g(); } finally { h(); } } finally { k(); } }';
    expect(printed(code)).toBe(
      text(`
        b0 !b3:
          %0 = global g
          %1 = call %0() unused
          goto b1
        b1 !b4:
          %2 = global h
          %3 = call %2() unused
          goto b2
        b2:
          %4 = global k
          %5 = call %4() unused
          return
        b3 !b4:
          %6 = caught
          %7 = global h
          %8 = call %7() unused
          throw %6
        b4:
          %9 = caught
          %10 = global k
          %11 = call %10() unused
          throw %9
      `),
    );
  });

  it('abandons a generator through its cleanups', () => {
    const code = 'function* f(xs) { try { for (const x of xs) yield x; } finally { h(); } }';
    expect(printed(code)).toBe(
      text(`
        (xs)
        b0 !b6:
          %0 = iterate sync xs
          goto b1
        b1 !b6:
          %1 = next sync %0 body b2 done b5
        b2 !b6:
          declare x
          x = %1
          %2 = yield x resume b1 abandon b3
        b3 !b6:
          close sync %0
          goto b4
        b4:
          %3 = global h
          %4 = call %3() unused
          return
        b5:
          %5 = global h
          %6 = call %5() unused
          return
        b6:
          %7 = caught
          %8 = global h
          %9 = call %8() unused
          throw %7
      `),
    );
  });

  it('delegates', () => {
    const code = 'function* f(g) { const r = yield* g(); yield; return r; }';
    expect(printed(code)).toBe(
      text(`
        (g)
        b0:
          %0 = call g()
          %1 = yield* %0 resume b1 abandon b3
        b1:
          r = %1
          %2 = yield resume b2 abandon b3
        b2:
          return r
        b3:
          return
      `),
    );
  });

  it('disposes what using declares, the last first', () => {
    const code = 'async function f(g) { await using a = g(); using b = g(a); if (a) return b; g(); }';
    expect(printed(code)).toBe(
      text(`
        (g)
        b0:
          %0 = call g()
          a = %0
          goto b1
        b1 !b8:
          %1 = call g(a)
          b = %1
          if a then b2 else b4
        b2 !b8:
          %2 = b
          dispose %1
          goto b3
        b3:
          dispose async %0
          return %2
        b4 !b7:
          %3 = call g() unused
          goto b5
        b5 !b8:
          dispose %1
          goto b6
        b6:
          dispose async %0
          return
        b7 !b8:
          %4 = caught
          dispose %1
          throw %4
        b8:
          %5 = caught
          dispose async %0
          throw %5
      `),
    );
  });

  it('disposes each turn', () => {
    const code = 'function f(xs) { for (using x of xs) { if (x) break; g(); } }';
    expect(printed(code)).toBe(
      text(`
        (xs)
        b0:
          %0 = iterate sync xs
          goto b1
        b1:
          %1 = next sync %0 body b2 done b7
        b2:
          declare x
          x = %1
          if x then b3 else b4
        b3:
          dispose %1
          close sync %0
          goto b7
        b4 !b6:
          %2 = global g
          %3 = call %2() unused
          goto b5
        b5:
          dispose %1
          goto b1
        b6:
          %4 = caught
          dispose %1
          throw %4
        b7:
          return
      `),
    );
  });
});

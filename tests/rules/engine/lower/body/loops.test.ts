import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Loops', () => {
  it('while and do', () => {
    const code = 'function f(a) { while (a) { if (a.x) break; else continue; } do { g(); } while (a); }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          goto b1
        b1:
          if a then b2 else b3
        b2:
          %0 = a.x
          if %0 then b3 else b1
        b3:
          %1 = global g
          %2 = call %1() unused
          if a then b3 else b4
        b4:
          return
      `),
    );
  });

  it('for, with fresh captured variables each turn', () => {
    const code = 'function f(n) { for (let i = 0; i < n; i++) g(() => i); }';
    expect(printed(code)).toBe(
      text(`
        (n)
        b0:
          declare i
          %0 = 0
          i = %0
          goto b1
        b1:
          if i < n then b2 else b3
        b2:
          %1 = global g
          %2 = function <anonymous>
          %3 = call %1(%2) unused
          %4 = i
          declare i
          i = %4
          %5 = 1
          %6 = i + %5
          i = %6
          goto b1
        b3:
          return
      `),
    );
  });

  it('for without a head', () => {
    const code = 'function f() { for (;;) { if (g()) return; } }';
    expect(printed(code)).toBe(
      text(`
        b0:
          goto b1
        b1:
          %0 = global g
          %1 = call %0()
          if %1 then b2 else b1
        b2:
          return
      `),
    );
  });

  it('for-of closes the iterator when left early', () => {
    const code = 'function f(xs) { for (const x of xs) { if (x) return x; if (x.y) break; if (x.z) continue; g(x); } }';
    expect(printed(code)).toBe(
      text(`
        (xs)
        b0:
          %0 = iterate sync xs
          goto b1
        b1:
          %1 = next sync %0 body b2 done b8
        b2:
          declare x
          x = %1
          if x then b3 else b4
        b3:
          %2 = x
          close sync %0
          return %2
        b4:
          %3 = x.y
          if %3 then b5 else b6
        b5:
          close sync %0
          goto b8
        b6:
          %4 = x.z
          if %4 then b1 else b7
        b7:
          %5 = global g
          %6 = call %5(x) unused
          goto b1
        b8:
          return
      `),
    );
  });

  it('for-await', () => {
    const code = 'async function f(xs) { for await (const x of xs) g(x); }';
    expect(printed(code)).toBe(
      text(`
        (xs)
        b0:
          %0 = iterate async xs
          goto b1
        b1:
          %1 = next async %0 body b2 done b3
        b2:
          declare x
          x = %1
          %2 = global g
          %3 = call %2(x) unused
          goto b1
        b3:
          return
      `),
    );
  });

  it('for-in over keys', () => {
    const code = 'function f(o) { for (const k in o) { if (k) break; } for (o.k in o); }';
    expect(printed(code)).toBe(
      text(`
        (o)
        b0:
          %0 = iterate keys o
          goto b1
        b1:
          %1 = next keys %0 body b2 done b3
        b2:
          declare k
          k = %1
          if k then b3 else b1
        b3:
          %2 = iterate keys o
          goto b4
        b4:
          %3 = next keys %2 body b5 done b6
        b5:
          o.k = %3
          goto b4
        b6:
          return
      `),
    );
  });

  it('labels', () => {
    const code = 'function f(xs) { outer: for (const x of xs) { for (const y of x) { if (y) continue outer; if (x) break outer; } } l: { if (xs) break l; g(); } }';
    expect(printed(code)).toBe(
      text(`
        (xs)
        b0:
          %0 = iterate sync xs
          goto b1
        b1:
          %1 = next sync %0 body b2 done b8
        b2:
          declare x
          x = %1
          %2 = iterate sync x
          goto b3
        b3:
          %3 = next sync %2 body b4 done b1
        b4:
          declare y
          y = %3
          if y then b5 else b6
        b5:
          close sync %2
          goto b1
        b6:
          if x then b7 else b3
        b7:
          close sync %2
          close sync %0
          goto b8
        b8:
          if xs then b10 else b9
        b9:
          %4 = global g
          %5 = call %4() unused
          goto b10
        b10:
          return
      `),
    );
  });
});

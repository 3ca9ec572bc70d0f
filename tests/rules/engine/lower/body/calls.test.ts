import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Optional chains and calls', () => {
  it('stops the whole chain', () => {
    const code = 'function f(a) { return a?.b.c(1)?.d; }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          if nullish a then b2 else b1
        b1:
          %0 = a.b
          %1 = 1
          %2 = call %0.c(%1)
          if nullish %2 then b2 else b3
        b2:
          %3 = undefined
          goto b4
        b3:
          %4 = %2.d
          %3 = %4
          goto b4
        b4:
          return %3
      `),
    );
  });

  it('tests the method of an optional call', () => {
    const code = 'function f(a) { a.b?.(); a?.(); }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          %0 = a.b
          if nullish %0 then b2 else b1
        b1:
          %1 = call a.b() unused
          goto b2
        b2:
          if nullish a then b4 else b3
        b3:
          %2 = call a() unused
          goto b4
        b4:
          return
      `),
    );
  });

  it('goes on after parentheses', () => {
    const code = 'function f(a) { return (a?.b).c; }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          if nullish a then b1 else b2
        b1:
          %0 = undefined
          goto b3
        b2:
          %1 = a.b
          %0 = %1
          goto b3
        b3:
          %2 = %0.c
          return %2
      `),
    );
  });

  it('keeps the assertion inside a chain', () => {
    const code = 'function f(a) { return a?.b!.c; }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          if nullish a then b1 else b2
        b1:
          %0 = undefined
          goto b3
        b2:
          %1 = a.b
          %2 = %1.c
          %0 = %2
          goto b3
        b3:
          return %0
      `),
    );
  });

  it('keeps the object of a method through parentheses', () => {
    const code = 'function f(a, x) { (a.b)(x); (a.b as any)(...x); a[x](); }';
    expect(printed(code)).toBe(
      text(`
        (a, x)
        b0:
          %0 = call a.b(x) unused
          %1 = call a.b(...x) unused
          %2 = call a[x]() unused
          return
      `),
    );
  });

  it('awaits a call at the end of a chain', () => {
    const code = 'async function f(a) { await a?.close(); }';
    expect(printed(code)).toBe(
      text(`
        (a)
        b0:
          if nullish a then b1 else b2
        b1:
          %0 = undefined
          goto b3
        b2:
          %1 = call a.close() awaited
          %0 = %1
          goto b3
        b3:
          %2 = await %0
          return
      `),
    );
  });
});

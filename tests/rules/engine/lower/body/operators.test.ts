import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Assignments and operators', () => {
  it('assigns and gives the value', () => {
    const code = 'function f(a, b) { return a.x = b = g(); }';
    expect(printed(code)).toBe(
      text(`
        (a, b)
        b0:
          %0 = global g
          %1 = call %0()
          b = %1
          a.x = %1
          return %1
      `),
    );
  });

  it('evaluates the object and key of a compound assignment once', () => {
    const code = 'function f(o, k) { o.x += 1; o[k++] -= k; }';
    expect(printed(code)).toBe(
      text(`
        (o, k)
        b0:
          %0 = o.x
          %1 = 1
          %2 = %0 + %1
          o.x = %2
          %3 = k
          %4 = 1
          %5 = %3 + %4
          k = %5
          %6 = o[%3]
          %7 = %6 - k
          o[%3] = %7
          return
      `),
    );
  });

  it('gives the old value of a postfix update only when it is used', () => {
    const code = 'function f(i, o) { i++; --o.n; return i++ + o.n--; }';
    expect(printed(code)).toBe(
      text(`
        (i, o)
        b0:
          %0 = 1
          %1 = i + %0
          i = %1
          %2 = o.n
          %3 = 1
          %4 = %2 - %3
          o.n = %4
          %5 = i
          %6 = 1
          %7 = %5 + %6
          i = %7
          %8 = o.n
          %9 = 1
          %10 = %8 - %9
          o.n = %10
          %11 = %5 + %8
          return %11
      `),
    );
  });

  it('assigns on one way of a logical assignment', () => {
    const code = 'function f(o, i) { const n = o.c ??= g(); i &&= 2; i ||= n; }';
    expect(printed(code)).toBe(
      text(`
        (o, i)
        b0:
          %0 = o.c
          if nullish %0 then b1 else b2
        b1:
          %1 = global g
          %2 = call %1()
          o.c = %2
          %3 = %2
          goto b3
        b2:
          %3 = %0
          goto b3
        b3:
          n = %3
          if i then b4 else b5
        b4:
          %4 = 2
          i = %4
          goto b5
        b5:
          if i then b7 else b6
        b6:
          i = n
          goto b7
        b7:
          return
      `),
    );
  });

  it('short-circuits for a value', () => {
    const code = 'function f(a, b, c) { return [a && b && c, a || b, a ?? b]; }';
    expect(printed(code)).toBe(
      text(`
        (a, b, c)
        b0:
          if a then b1 else b4
        b1:
          if b then b2 else b3
        b2:
          %0 = c
          goto b5
        b3:
          %0 = b
          goto b5
        b4:
          %0 = a
          goto b5
        b5:
          if a then b6 else b7
        b6:
          %1 = a
          goto b8
        b7:
          %1 = b
          goto b8
        b8:
          if nullish a then b9 else b10
        b9:
          %2 = b
          goto b11
        b10:
          %2 = a
          goto b11
        b11:
          %3 = [%0, %1, %2]
          return %3
      `),
    );
  });

  it('short-circuits for effects', () => {
    const code = 'function f(a, b) { a && a.go(); b ?? a(); a ? b() : a(); }';
    expect(printed(code)).toBe(
      text(`
        (a, b)
        b0:
          if a then b1 else b2
        b1:
          %0 = call a.go() unused
          goto b2
        b2:
          if nullish b then b3 else b4
        b3:
          %1 = call a() unused
          goto b4
        b4:
          if a then b5 else b6
        b5:
          %2 = call b() unused
          goto b7
        b6:
          %3 = call a() unused
          goto b7
        b7:
          return
      `),
    );
  });

  it('chooses for a value', () => {
    const code = 'function f(a, b) { return a ? b : 1; }';
    expect(printed(code)).toBe(
      text(`
        (a, b)
        b0:
          if a then b1 else b2
        b1:
          %0 = b
          goto b3
        b2:
          %1 = 1
          %0 = %1
          goto b3
        b3:
          return %0
      `),
    );
  });
});

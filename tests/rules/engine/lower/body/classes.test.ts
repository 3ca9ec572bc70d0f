import { describe, expect, it } from 'vitest';
import { printed, text } from '../support.js';

describe('Classes', () => {
  it('evaluates superclass, keys and decorators', () => {
    const code = 'function f(B, k, d) { @d class A extends B { [k()] = 1; @d() m(@d p) {} static [k.s]() {} } return class extends A {}; }';
    expect(printed(code)).toBe(
      text(`
        (B, k, d)
        b0:
          %0 = call k()
          [k()] = %0
          %1 = call d()
          %2 = k.s
          [k.s] = %2
          %3 = class A extends B
          A = %3
          %4 = class <anonymous> extends A
          return %4
      `),
    );
  });

  it('initialises fields, parameter properties first', () => {
    const code = 'class A { #x = 1; y = () => this.#x; declare z: number; w: string; accessor q = 2; [k] = 3; constructor(public p: number, readonly r = 1) { g(p); } }';
    expect(printed(code, 'A#<fields>')).toBe(
      text(`
        b0:
          this.p = p
          this.r = r
          %0 = 1
          this.#x = %0
          %1 = function y
          this.y = %1
          %2 = 2
          this.q = %2
          %3 = 3
          this[[k]] = %3
          return
      `),
    );
  });

  it('runs static fields and blocks in order', () => {
    const code = 'class A { static a = 1; static { const b = this.a; g(b); } static c = A.a; }';
    expect(printed(code, 'A.<static>')).toBe(
      text(`
        b0:
          %0 = 1
          this.a = %0
          %1 = this.a
          b = %1
          %2 = global g
          %3 = call %2(b) unused
          %4 = A.a
          this.c = %4
          return
      `),
    );
  });

  it('goes through super', () => {
    const code = 'class A extends B { m(q) { super.x = super.y; return super.m(...q); } }';
    expect(printed(code, 'A#m')).toBe(
      text(`
        (q)
        b0:
          %0 = super.y
          super.x = %0
          %1 = call super.m(...q)
          return %1
      `),
    );
  });

  it('constructs its superclass', () => {
    const code = 'class A extends B { constructor(x) { super(x); this.x = x; } }';
    expect(printed(code, 'A#constructor')).toBe(
      text(`
        (x)
        b0:
          %0 = call super(x) unused
          this.x = x
          return
      `),
    );
  });

  it('names itself in an expression', () => {
    const code = 'function f() { return class Self { static s = Self; }; }';
    expect(printed(code)).toBe(
      text(`
        b0:
          declare Self
          %0 = class Self
          Self = %0
          return %0
      `),
    );
  });
});

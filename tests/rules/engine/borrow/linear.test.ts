import { describe, expect, it } from 'vitest';
import { add, areEqual, atLeast, atMost, constant, divide, isAtLeast, multiply, print, roundUp, symbol, zero } from '../../../../rules/engine/borrow/linear.js';

const n = symbol('n');
const m = symbol('m');

describe('sums', () => {
  it('are the same whatever the order', () => {
    expect(areEqual(add(n, m), add(m, n))).toBe(true);
    expect(print(add(add(n, m), constant(3)))).toBe('m+n+3');
  });

  it('lose a symbol that cancels', () => {
    expect(areEqual(add(add(n, m), n, -1), m)).toBe(true);
    expect(areEqual(add(n, n, -1), zero)).toBe(true);
  });
});

describe('comparison', () => {
  it('holds for every value of the symbols, which are not negative', () => {
    expect(isAtLeast(add(n, m), n)).toBe(true);
    expect(isAtLeast(n, zero)).toBe(true);
    expect(isAtLeast(n, n)).toBe(true);
  });

  it('does not hold when some value breaks it', () => {
    expect(isAtLeast(n, m)).toBe(false);
    expect(isAtLeast(n, constant(1))).toBe(false);
    expect(isAtLeast(n, add(n, constant(1)))).toBe(false);
    expect(isAtLeast(zero, n)).toBe(false);
  });
});

describe('bounds', () => {
  it('a maximum is at least its floor, not more', () => {
    const aligned = atLeast('align', n);
    expect(isAtLeast(aligned, n)).toBe(true);
    expect(isAtLeast(aligned, add(n, constant(1)))).toBe(false);
  });

  it('a mask is at most its ceiling', () => {
    const low = atMost('low', constant(15));
    expect(isAtLeast(constant(15), low)).toBe(true);
    expect(isAtLeast(constant(14), low)).toBe(false);
  });

  it('a block count that is rounded up covers what it counts: Math.ceil(n / 8) * 64 >= 8 * n', () => {
    const bytes = multiply(roundUp(divide(n, 8)), 64);
    expect(isAtLeast(bytes, multiply(n, 8))).toBe(true);
    expect(isAtLeast(bytes, multiply(n, 9))).toBe(false);
  });

  it('without rounding up nothing is known of it', () => {
    expect(isAtLeast(multiply(divide(n, 8), 8), n)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { printFunction } from '../../../../rules/engine/ir/printer.js';
import { functionNamed, lower, text } from '../lower/support.js';

describe('printFunction', () => {
  it('is equal for repeated lowerings', () => {
    const code = 'function f(a) { for (const x of a) g(x); }';
    expect(printFunction(functionNamed(lower(code), 'f'))).toBe(printFunction(functionNamed(lower(code), 'f')));
  });

  it('tells variables of one name apart', () => {
    const f = functionNamed(lower('function f(x) { { let x = 1; g(x); } return x; }'), 'f');
    expect(printFunction(f)).toBe(
      text(`
        (x)
        b0:
          %0 = 1
          x.2 = %0
          %1 = global g
          %2 = call %1(x.2) unused
          return x
      `),
    );
  });

  it('gives the reason of a missing body', () => {
    expect(printFunction(functionNamed(lower('function f(o) { with (o) g(); }', '/file.cjs'), 'f'))).toBe('(with statement)');
  });
});

import { expect, test } from 'vitest';
import { page, writtenPage } from '../bench/lib/page.js';
import { recorded } from '../bench/lib/results.js';
import { tables } from '../bench/lib/tables/index.js';

test('the page of benchmarks shows what was recorded', () => {
  expect(page()).toBe(writtenPage());
});

test.each(tables)('$name was recorded with all its contenders side by side, and the page has it', ({ name, parameters, contenders }) => {
  const measured = recorded()[name] ?? {};
  expect(Object.keys(measured).map(Number)).toEqual([...parameters]);
  for (const { samples } of Object.values(measured)) {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(contenders).sort());
    const rounds = Object.values(samples).map(({ length }) => length);
    expect(Math.min(...rounds)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...rounds)).toBe(Math.min(...rounds));
  }
  expect(page()).toContain(`<!-- measured: ${name} -->`);
});

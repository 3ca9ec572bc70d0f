import { expect, test } from 'vitest';
import { isSuspensionHarmless } from '../../../../rules/engine/channel/suspension.js';
import { calls, f } from './support.js';

test.each([
  ['nothing shared is written', 'sink.write(x);', true],
  ['a local is written', 'let n = 0; sink.write(x); n++; use(n);', true],
  ['a field is written that nothing reads', 'sink.write(x); this.last = x;', true],
  ['a field is read before and written after', 'const n = this.count; sink.write(x); this.count = n + 1;', false],
  ['a variable of the module is read and written after', 'sink.write(x); total = total + 1;', false],
  ['the loop comes back to what it wrote', 'for (const y of x) { this.count = this.count + 1; sink.write(y); }', false],
  ['something is written under a computed name', 'sink.write(x); this[x] = 1;', false],
])('%s', (_, statements, isHarmless) => {
  const [site] = calls(f(`let total = 0; async function f(sink, x) { ${statements} } export { total };`), 'write');
  expect(site && isSuspensionHarmless(site)).toBe(isHarmless);
});

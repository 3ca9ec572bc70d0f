import { expect, test } from 'vitest';
import { effectsIn } from '../../../../rules/engine/flow/effects.js';
import { hazardOfSuspension } from '../../../../rules/engine/flow/suspension.js';
import { calls, f } from '../channel/support.js';

const effectsOf = effectsIn({ calleeOf: () => undefined });

function isHarmless(statements: string, isAwaitedByAll = false): boolean | undefined {
  const [site] = calls(f(`let total = 0; const FILE = 'state.json'; async function f(sink, x, e) { ${statements} } export { total };`), 'here');
  return site && hazardOfSuspension(site.fn, site.instruction, { effectsOf, isAwaitedByAll }) === undefined;
}

test.each([
  ['nothing shared is written', 'sink.here(x);', true],
  ['a local is written', 'let n = 0; sink.here(x); n++; use(n);', true],
  ['a field is written that nothing reads, and the caller has gone on', 'await x; sink.here(x); this.last = x;', true],
  ['a field is written that the caller could look at', 'sink.here(x); this.last = x;', false],
  ['a collection of the object is changed that the caller could look at', 'sink.here(x); this.done.push(x);', false],
  ['a field is read before and written after', 'await x; const n = this.count; sink.here(x); this.count = n + 1;', false],
  ['a variable of the module is read and written after', 'await x; sink.here(x); total = total + 1;', true],
  ['a variable of the module is read before and written after', 'await x; const n = total; sink.here(x); total = n + 1;', false],
  ['the loop comes back to what it wrote', 'for await (const y of x) { this.count = this.count + 1; sink.here(y); }', false],
  ['something is written under a computed name', 'sink.here(x); this[x] = 1;', false],
])('%s', (_, statements, expected) => {
  expect(isHarmless(statements)).toBe(expected);
});

test.each([
  ['a file is read before and written after', "const a = readFileSync(x); sink.here(x); writeFileSync(x, a + 1);", false],
  ['a file is read before and another one written after', "const a = readFileSync(x); sink.here(x); writeFileSync(e, a + 1);", true],
  ['a file is read before and written after, by paths of their own', "const from = join(x, 'a'); const a = readFileSync(from); sink.here(x); const to = join(x, 'a'); writeFileSync(to, a);", false],
  ['a file is read and written after', 'sink.here(x); writeFileSync(x, readFileSync(x) + 1);', true],
  ['it is looked up before and made after', 'if (existsSync(x)) return; sink.here(x); mkdirSync(x);', false],
])('%s', (_, statements, expected) => {
  expect(isHarmless(statements)).toBe(expected);
  expect(isHarmless(statements, true)).toBe(expected);
});

test.each([
  ['the event is told after', 'sink.here(x); e.preventDefault();', false],
  ['a part of what was given is told after', "sink.here(x); e.dataTransfer.setData('text', x);", false],
  ['the event is told before', 'e.preventDefault(); sink.here(x);', true],
  ['the event is gone already', 'await x; sink.here(x); e.preventDefault();', true],
  ['another object has a method of that name', 'const own = make(); sink.here(x); own.setData(x);', true],
])('%s', (_, statements, expected) => {
  expect(isHarmless(statements)).toBe(expected);
  // Who dispatches an event waits for nobody.
  expect(isHarmless(statements, true)).toBe(expected);
});

test.each([
  ['a file that is the same each time is written', 'writeFileSync(FILE, x)', false],
  ['a file of the object is written', 'writeFileSync(this.path, x)', false],
  ['a file that is given is written', 'writeFileSync(x, e)', true],
  ['a file in a folder that is given is written', "writeFileSync(join(x, 'a.json'), e)", true],
  ['a file with a name of its own is written', 'writeFileSync(join(FILE, randomUUID()), e)', true],
  ['a file is read that is the same each time', 'readFileSync(FILE)', true],
  ['a file is written that was read before', 'writeFileSync(x, e + readFileSync(x))', false],
])('waiting where %s', (_, call, expected) => {
  const [site] = calls(f(`const FILE = 'state.json'; async function f(x, e) { ${call}; }`), call.slice(0, call.indexOf('(')));
  expect(site && hazardOfSuspension(site.fn, site.instruction, { effectsOf }) === undefined).toBe(expected);
});

test.each([
  ['a helper reads the file, and another one writes it', 'const n = load(x); here(x); store(x, n + 1);', false],
  ['they are given files of their own', 'const n = load(x); here(x); store(e, n + 1);', true],
  ['one of them is given the file through a third', 'const n = load(x); here(x); forward(x);', false],
  ['one of them finds its file by itself', 'const n = load(x); here(x); elsewhere();', false],
  ['both know the same file', 'const n = state(); here(x); save(n + 1);', false],
  ['each knows a file', 'const n = load(x); here(x); save(n + 1);', true],
  ['a helper tells the event', 'here(x); cancel(e);', false],
])('%s', (_, statements, expected) => {
  const code = `
    const FILE = 'state.json';
    function load(path) { return readFileSync(path); }
    function store(path, text) { writeFileSync(path, text); }
    function forward(path) { store(path, ''); }
    function elsewhere() { for (const path of find()) writeFileSync(path, ''); }
    function state() { return readFileSync(FILE); }
    function save(text) { writeFileSync(FILE, text); }
    function cancel(event) { event.preventDefault(); }
    async function f(x, e) { ${statements} }`;
  const fn = f(code);
  const effects = effectsIn({
    calleeOf: ({ start, end }) => {
      const [name] = code.slice(start, end).split('(');
      const called = fn.module.functions.find((one) => one.name === name);
      return called && { function: called };
    },
  });
  const [site] = calls(fn, 'here');
  expect(site && hazardOfSuspension(fn, site.instruction, { effectsOf: effects }) === undefined).toBe(expected);
});

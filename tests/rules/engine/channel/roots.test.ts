import { expect, test } from 'vitest';
import { holds, isSameRoot, nameOfRoot, rootOf } from '../../../../rules/engine/channel/roots.js';
import { calls, f } from './support.js';

/** How the objects are reached that `write` is called on. */
const rootsIn = (code: string) => calls(f(code), 'write').map(({ instruction: { callee } }) => rootOf(callee.kind === 'method' ? callee.object : instructionless()));

function instructionless(): never {
  throw new Error('write is a method here');
}

test.each([
  ['a parameter', 'function f(out) { out.write(1); }', 'out'],
  ['a member', 'function f(client) { client.socket.write(1); }', 'client.socket'],
  ['another name of it', 'function f(client) { const { socket } = client; socket.write(1); }', 'client.socket'],
  ['what a call made', 'function f() { const out = open(); out.write(1); }', 'out'],
  ['what stands for what a call made', 'function f() { const out = open(); const sink = out; sink.write(1); }', 'out'],
  ['a variable that is assigned again', 'function f(a, b) { let sink = a; sink = b; sink.write(1); }', 'sink'],
])('%s', (_, code, name) => {
  expect(rootsIn(code).map(nameOfRoot)).toEqual([name]);
});

test('two ways to one object are the same, and what holds it is told apart', () => {
  const [one, other, holder, stranger] = rootsIn('function f(a, b) { const s = a.socket; s.write(1); a.socket.write(2); a.write(3); b.write(4); }');
  if (one === undefined || other === undefined || holder === undefined || stranger === undefined) throw new Error('four calls');
  expect(isSameRoot(one, other)).toBe(true);
  expect(holds(holder, one)).toBe(true);
  expect(holds(one, holder)).toBe(false);
  expect(isSameRoot(one, stranger) || holds(stranger, one)).toBe(false);
});

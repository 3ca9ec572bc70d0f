import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../../rules/engine/flow/graph.js';
import type { Graph } from '../../../../rules/engine/flow/graph.js';
import { functionNamed, lower } from '../lower/support.js';

function graph(code: string): Graph {
  const { body } = functionNamed(lower(code), 'f');
  if (body === undefined) throw new Error('f has no body');
  return graphOf(body);
}

const names = (variables: ReadonlySet<{ readonly name: string }> | undefined): string[] => [...(variables ?? [])].map(({ name }) => name).filter((name) => name !== '').sort();

describe('order', () => {
  it('starts at the entry and has each block once', () => {
    const { sequence, order } = graph('function f(a) { if (a) g(); else h(); return a; }');
    expect(sequence[0]).toBe(0);
    expect(new Set(sequence).size).toBe(sequence.length);
    sequence.forEach((id, position) => expect(order[id]).toBe(position));
  });

  it('is built once a body', () => {
    const { body } = functionNamed(lower('function f() {}'), 'f');
    expect(body && graphOf(body)).toBe(body && graphOf(body));
  });
});

describe('loops', () => {
  it('there are none in a straight line', () => {
    expect(graph('function f(a) { return a ? 1 : 2; }').loops.size).toBe(0);
  });

  it('know what a turn assigns, and not what is assigned around them', () => {
    const [loop, ...others] = graph('function f(a) { let before = 0, i = 0; before = 1; while (i < a) { i = i + 1; } before = 2; }').loops.values();
    expect(others).toEqual([]);
    expect(names(loop?.assigned)).toEqual(['i']);
    expect(loop?.hasEffects).toBe(false);
  });

  it('have effects when a turn calls or stores', () => {
    expect([...graph('function f(a) { while (a) g(); }').loops.values()].map((loop) => loop.hasEffects)).toEqual([true]);
    expect([...graph('function f(a) { for (const b of a) b.x = 1; }').loops.values()].map((loop) => loop.hasEffects)).toEqual([true]);
  });
});

describe('liveness', () => {
  it('a variable lives until its last read', () => {
    const { liveAtEntry, sequence } = graph('function f(a, b) { if (a) return 1; return b; }');
    expect(names(liveAtEntry[0])).toEqual(['a', 'b']);
    expect(sequence.slice(1).map((id) => names(liveAtEntry[id]))).not.toContainEqual(['a', 'b']);
  });

  it('captured variables are left out: they live as long as anyone can call', () => {
    expect(names(graph('function f(a, b) { g(() => a); return b; }').liveAtEntry[0])).toEqual(['b']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Block, Body } from '../../../../rules/engine/ir/index.js';
import { successorsOf } from '../../../../rules/engine/ir/operands.js';
import { solve } from '../../../../rules/engine/flow/solver.js';
import type { Domain } from '../../../../rules/engine/flow/solver.js';
import { functionNamed, lower } from '../lower/support.js';

/** Counts turns up to a ceiling; states with different labels are kept apart. */
interface Counter {
  label: string;
  count: number;
}

const CEILING = 5;

function takeIn(state: Counter, other: Counter): boolean {
  const isMore = other.count > state.count;
  state.count = Math.max(state.count, other.count);
  return isMore;
}

const counters: Domain<Counter> = {
  clone: (state) => ({ ...state }),
  key: ({ label }) => label,
  merge: takeIn,
  join: (state, other) => {
    const hasChanged = state.label !== '*' || takeIn(state, other);
    state.label = '*';
    return hasChanged;
  },
};

function run(code: string, step: (block: Block, state: Counter) => readonly Counter[], limit = 4, steps = 1000): number {
  const { body } = functionNamed(lower(code), 'f');
  let left = steps;
  let visits = 0;
  solve(counters, body as Body, { label: 'a', count: 0 }, {
    tag: 't',
    limit: () => limit,
    budget: { spend: (amount) => (left -= amount) >= 0 },
    normalise: () => undefined,
    step: (block, state) => {
      visits++;
      return successorsOf(block.terminal).flatMap((target) => step(block, state).map((next) => ({ target, state: { ...next } })));
    },
  });
  return visits;
}

describe('the solver', () => {
  it('goes round a loop until nothing changes', () => {
    const counts: number[] = [];
    run('function f(a) { while (a) g(); }', (_, state) => {
      counts.push(state.count);
      return [{ ...state, count: Math.min(CEILING, state.count + 1) }];
    });
    expect(Math.max(...counts)).toBe(CEILING);
  });

  it('runs each block of a straight line once', () => {
    const { body } = functionNamed(lower('function f(a) { if (a) g(); else h(); }'), 'f');
    const isReached = (body?.blocks ?? []).length;
    expect(run('function f(a) { if (a) g(); else h(); }', (_, state) => [state])).toBeLessThanOrEqual(isReached);
  });

  it('keeps states of different keys apart up to the limit, then joins them', () => {
    const labels = (limit: number): Set<string> => {
      const seen = new Set<string>();
      run('function f(a) { if (a) g(); else h(); k(); }', (_, state) => {
        seen.add(state.label);
        return [{ ...state, label: 'b' }, { ...state, label: 'c' }];
      }, limit);
      return seen;
    };
    expect([...labels(4)].sort()).toEqual(['a', 'b', 'c']);
    expect([...labels(1)]).toContain('*');
  });

  it('stops when the budget is spent', () => {
    let count = 0;
    const visits = run('function f(a) { while (a) g(); }', (_, state) => [{ ...state, count: state.count + ++count }], 4, 20);
    expect(visits).toBeLessThanOrEqual(20);
  });
});

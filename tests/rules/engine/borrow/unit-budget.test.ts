import { describe, expect, it } from 'vitest';
import { UnitBudget, type MemorySeen } from '../../../../rules/engine/borrow/unit-budget.js';

const seen = (what: Partial<MemorySeen> = {}): { -readonly [K in keyof MemorySeen]: MemorySeen[K] } => ({ hasOwnMemory: false, isWorthSteps: false, ...what });

describe('the budget of a unit', () => {
  it('leaves a group in which no memory comes up, and says why', () => {
    const budget = new UnitBudget(10_000, 30_000, seen());
    expect(budget.spend(1_000)).toBe(true);
    expect(budget.spend(1)).toBe(false);
    expect(budget.abandoned).toMatchObject({ 'steps without memory': 1, 'own steps': 0 });
    expect(budget.coarsen()).toBe(false);
  });

  it('gives the next group as many steps for finding some', () => {
    const budget = new UnitBudget(10_000, 30_000, seen());
    budget.spend(1_001);
    budget.openGroup();
    expect(budget.spend(1_000)).toBe(true);
    expect(budget.spend(1)).toBe(false);
    expect(budget.abandoned['steps without memory']).toBe(2);
  });

  it('gives all its steps to a group that comes by memory in time', () => {
    const memory = seen();
    const budget = new UnitBudget(10_000, 30_000, memory);
    budget.spend(999);
    memory.isWorthSteps = true;
    expect(budget.spend(9_000)).toBe(true);
    expect(budget.spend(2)).toBe(false);
    expect(budget.abandoned).toMatchObject({ 'steps without memory': 0, 'own steps': 1 });
  });

  it('does not go on after the call in which it ended', () => {
    const budget = new UnitBudget(10_000, 30_000, seen());
    budget.openSlice();
    budget.spend(1_001);
    budget.closeSlice();
    expect(budget.isExhausted).toBe(true);
  });
});

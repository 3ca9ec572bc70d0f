import { describe, expect, test } from 'vitest';
import { Worklist } from '../../../../../rules/engine/borrow/relevance/worklist.js';
import type { FunctionIr } from '../../../../../rules/engine/ir/index.js';
import { functionNamed, lower } from '../../lower/support.js';

const module = lower('function maker() {} function caller() {} function user() {}');
const maker = functionNamed(module, 'maker');
const caller = functionNamed(module, 'caller');
const user = functionNamed(module, 'user');

/** Each goes by what the one before it gives. */
const callersOf = (fn: FunctionIr): readonly FunctionIr[] => (fn === maker ? [caller] : fn === caller ? [user] : []);

describe('the functions to look at', () => {
  test('are looked at once where nobody learns anything', () => {
    const worklist = new Worklist();
    for (const fn of [user, caller, user]) worklist.add(fn);
    const seen: string[] = [];
    worklist.run((fn) => seen.push(fn.name), callersOf);
    expect(seen).toEqual(['user', 'caller']);
    expect(worklist.hasSeen(user)).toBe(true);
    expect(worklist.hasSeen(maker)).toBe(false);
  });

  test('are looked at before those that call them, in whatever order they were added', () => {
    const worklist = new Worklist();
    for (const fn of [user, caller, maker]) worklist.add(fn);
    const seen: string[] = [];
    worklist.run((fn) => {
      seen.push(fn.name);
      // The last of the first turn: everything has to be looked at once more.
      if (seen.length === 3) for (const one of [user, caller, maker]) worklist.add(one);
    }, callersOf);
    expect(seen).toEqual(['user', 'caller', 'maker', 'maker', 'caller', 'user']);
  });

  test('are left when they learn from each other without an end', () => {
    const worklist = new Worklist();
    worklist.add(maker);
    let looks = 0;
    worklist.run((fn) => {
      looks++;
      worklist.add(fn === maker ? caller : maker);
    }, callersOf);
    expect(looks).toBe(24);
  });
});

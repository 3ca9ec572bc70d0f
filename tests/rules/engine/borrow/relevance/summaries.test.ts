import { describe, expect, test } from 'vitest';
import { Summaries } from '../../../../../rules/engine/borrow/relevance/summaries.js';
import { functionNamed, lower } from '../../lower/support.js';

const module = lower('function fill(bytes, size) {} function giver() {} function passer() {} function asker() {}');
const fill = functionNamed(module, 'fill');
const giver = functionNamed(module, 'giver');
const passer = functionNamed(module, 'passer');
const asker = functionNamed(module, 'asker');

describe('what is known of functions', () => {
  test('is of interest to those that went by less', () => {
    const summaries = new Summaries();
    summaries.resultOf(fill, giver);
    summaries.parameterOf(fill, 0, passer);
    expect(summaries.grow(fill, () => undefined)).toBeUndefined();
    expect([...(summaries.grow(fill, (summary) => { summary.parameter(0).isWritten = true; }) ?? [])]).toEqual([passer]);
    expect([...(summaries.grow(fill, (summary) => { summary.parameter(1).isWritten = true; }) ?? [])]).toEqual([]);
    expect([...(summaries.grow(fill, (summary) => { summary.givesMemory = true; }) ?? [])]).toEqual([giver]);
  });

  test('is told once to those that want to know whether there is anything', () => {
    const summaries = new Summaries();
    expect(summaries.gives(fill, asker)).toBe(false);
    expect([...(summaries.grow(fill, (summary) => { summary.givesMemory = true; }) ?? [])]).toEqual([asker]);
    expect(summaries.gives(fill, asker)).toBe(true);
    expect([...(summaries.grow(fill, (summary) => { summary.isInside = true; }) ?? [])]).toEqual([]);
  });
});

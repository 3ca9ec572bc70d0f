import { describe, expect, test } from 'vitest';
import { CowMap, HashedMap } from '../../../../rules/engine/borrow/cow-map.js';
import { hashOf, type Hash } from '../../../../rules/engine/borrow/hash.js';

/** Small numbers do not count. */
const hashOfEntry = (key: string, value: number): Hash | undefined => (value < 10 ? undefined : hashOf(`${key}=${value}`));

function mapOf(entries: Readonly<Record<string, number>>): HashedMap<string, number> {
  const map = new HashedMap<string, number>(hashOfEntry);
  for (const [key, value] of Object.entries(entries)) map.set(key, value);
  return map;
}

describe('a map that is copied on write', () => {
  test('keeps what its clones write to themselves', () => {
    const map = new CowMap(new Map([['a', 1]]));
    const clone = map.clone();
    expect(clone.isSameAs(map)).toBe(true);
    clone.set('a', 2);
    expect(map.get('a')).toBe(1);
    expect(clone.isSameAs(map)).toBe(false);
  });

  test('has a revision of its own after each write', () => {
    const map = new CowMap<string, number>();
    map.set('a', 1);
    const clone = map.clone();
    expect(clone.revision).toBe(map.revision);
    clone.set('b', 1);
    map.set('b', 1);
    expect(clone.revision).not.toBe(map.revision);
  });
});

describe('a map that knows the sum of its hashes', () => {
  test('gives equal sums for equal contents, in whatever order they came about', () => {
    const map = mapOf({ b: 20, a: 10 });
    expect(map.hash().toString()).toBe(mapOf({ a: 10, b: 20 }).hash().toString());
    map.set('c', 30).hash();
    map.set('a', 11);
    map.set('a', 10);
    map.delete('c');
    expect(map.hash().toString()).toBe(mapOf({ a: 10, b: 20 }).hash().toString());
  });

  test('leaves out what does not count', () => {
    expect(mapOf({ a: 10, small: 1 }).hash().toString()).toBe(mapOf({ a: 10 }).hash().toString());
    const map = mapOf({ a: 10 });
    map.hash();
    expect(map.set('a', 2).hash().toString()).toBe(mapOf({}).hash().toString());
  });

  test('tells contents apart, a clone from the map it comes from among them', () => {
    const map = mapOf({ a: 10 });
    const clone = map.clone().set('a', 12);
    expect(clone.hash().toString()).not.toBe(map.hash().toString());
    expect(clone.hash().toString()).toBe(mapOf({ a: 12 }).hash().toString());
    expect(map.hash().toString()).toBe(mapOf({ a: 10 }).hash().toString());
  });
});

import { releaseHolder } from './effects.js';
import { mapLike } from './copies.js';
import { formOf, type HeapObject, type State } from './state.js';
import { areEqual, isConstant, symbol } from './linear.js';
import { baseRegion } from './region-names.js';
import type { ObjectId, Value } from './value.js';

/** Container methods that give an element away, or all of them. */
const taking: ReadonlySet<string> = new Set(['shift', 'pop', 'splice', 'clear', 'delete']);

/** A method of that name takes elements out of a container. */
export function takesOut(name: string | undefined): boolean {
  return name !== undefined && taking.has(name);
}

/**
 * A container gave elements away: whoever holds the views in it now is not known, and what is known to have left it is not in it any
 * more: a free list does not lend a buffer twice.
 *
 * @param name the method that was called
 * @param result what it gave
 */
export function takeOut(state: State, container: Value, name: string | undefined, args: readonly Value[], result: Value): void {
  for (const one of container.kind === 'any' ? container.of : [container]) if (one.kind === 'object') releaseHolder(state, one.id);
  // One of several containers: the others still have what they had.
  if (container.kind !== 'object' || container.id.endsWith('~')) return;
  const object = state.object(container.id);
  if (object === undefined || object.shape === 'object') return;
  if (name === 'clear' || (name === 'splice' && isAll(container.id, args))) empty(state, container.id, object);
  else if (name !== 'splice') remove(state, container.id, object, name === 'delete' ? args[0] : result);
}

/** `list.splice(0)`, `list.splice(0, list.length)` */
function isAll(id: ObjectId, [from, count, ...added]: readonly Value[]): boolean {
  const [start, length] = [from, count].map((value) => (value === undefined ? undefined : formOf(value)));
  if (start === undefined || !isConstant(start) || start.constant !== 0 || added.length > 0) return false;
  return count === undefined || (length !== undefined && areEqual(length, symbol(`len:${id}`)));
}

function empty(state: State, id: ObjectId, object: HeapObject): void {
  state.setObject(id, { ...object, fields: new Map(), elements: undefined });
}

/** Takes one value out. What stands for several is there still. */
function remove(state: State, id: ObjectId, object: HeapObject, value: Value | undefined): void {
  const name = nameOf(value);
  if (name === undefined || baseRegion(name) !== name) return;
  const kept = (one: Value): boolean => nameOf(one) !== name;
  const fields = mapLike(object.fields);
  for (const [field, one] of object.fields) if (!kept(one)) fields.delete(field);
  const { elements } = object;
  const left = elements?.kind === 'any' ? elements.of.filter(kept) : elements !== undefined && kept(elements) ? [elements] : [];
  const [only, ...others] = left;
  state.setObject(id, { ...object, fields, elements: only === undefined || others.length === 0 ? only : { kind: 'any', of: left } });
}

/** What tells one buffer, or one thing of an API's, from others. */
function nameOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'view') return value.region;
  return value?.kind === 'instance' ? value.id : undefined;
}

import { classObject, closureObject, type HeapObject, type Scheduled } from './state.js';
import type { ObjectId, RegionId, Value } from './value.js';

/** The objects and the memory that something refers to itself, not through other objects. */
export interface References {
  readonly objects: readonly ObjectId[];
  readonly regions: readonly RegionId[];
}

const none: References = { objects: [], regions: [] };
const ofObjects = new WeakMap<HeapObject, References>();

/** What an object refers to; worked out once, as objects never change. */
export function referencesOf(object: HeapObject): References {
  let references = ofObjects.get(object);
  if (references === undefined) {
    const found: Found = { objects: [], regions: [] };
    for (const field of object.fields.values()) collect(field, found);
    if (object.elements !== undefined) collect(object.elements, found);
    if (object.prototype?.kind === 'object') found.objects.push(object.prototype.id);
    ofObjects.set(object, (references = settled(found)));
  }
  return references;
}

/** What functions that may be called from outside keep alive. */
export function referencesOfScheduled(scheduled: ReadonlyMap<string, Scheduled>): References {
  const found: Found = { objects: [], regions: [] };
  for (const one of scheduled.values()) {
    collect(one.closure, found);
    for (const value of one.arguments) collect(value, found);
    for (const value of one.refills) collect(value, found);
  }
  return { objects: [...new Set(found.objects)], regions: [...new Set(found.regions)] };
}

export interface Found {
  readonly objects: ObjectId[];
  readonly regions: RegionId[];
}

function settled(found: Found): References {
  return found.objects.length === 0 && found.regions.length === 0 ? none : found;
}

/** Adds what a value refers to. */
export function collect(value: Value, into: Found): void {
  switch (value.kind) {
    case 'view':
      into.regions.push(value.region);
      break;
    case 'object':
      into.objects.push(value.id);
      break;
    case 'closure':
      if (value.self !== undefined) collect(value.self, into);
      into.objects.push(closureObject(value));
      break;
    case 'class':
      into.objects.push(classObject(value.class));
      break;
    case 'method':
      collect(value.receiver, into);
      break;
    case 'promise':
    case 'iterator':
      collect(value.of, into);
      break;
    case 'any':
      for (const one of value.of) collect(one, into);
      break;
    default:
  }
}

import type { Certainty } from '../findings.js';
import type { Prototype, State } from './state.js';

import type { ObjectId, Value, View } from './value.js';
import { baseRegion } from './region-names.js';

/** How deep a view may be hidden in what is handed out: `{ a: [{ b: view }] }`. */
const hidingDepth = 4;

interface Held {
  readonly view: View;
  readonly certainty: Certainty;
  /** The names of the fields that lead to it: none where the value is the view itself, undefined where other things than fields do. */
  readonly path: readonly string[] | undefined;
}

/** Every view that a value is or holds. */
export function viewsIn(state: State, value: Value): readonly Held[] {
  const found: Held[] = [];
  const seen = new Set<ObjectId>();
  const visit = (one: Value, certainty: Certainty, path: Held['path'], depth: number): void => {
    switch (one.kind) {
      case 'view':
        found.push({ view: one, certainty: baseRegion(one.region) === one.region ? certainty : 'potential', path });
        break;
      case 'promise':
        visit(one.of, certainty, path?.length === 0 ? path : undefined, depth);
        break;
      case 'iterator':
        visit(one.of, 'potential', undefined, depth);
        break;
      case 'any':
        for (const alternative of one.of) visit(alternative, 'potential', path, depth);
        break;
      case 'object': {
        const object = state.object(one.id);
        if (object === undefined || depth === 0 || seen.has(one.id)) break;
        seen.add(one.id);
        if (object.prototype !== undefined && !isRecord(state, object.prototype)) {
          // What an instance with methods keeps in its fields is its own business: handing it out hands out the methods.
          break;
        }
        for (const [name, field] of object.fields) visit(field, certainty, path && [...path, name], depth - 1);
        if (object.elements !== undefined) visit(object.elements, certainty, undefined, depth - 1);
        break;
      }
      default:
    }
  };
  visit(value, 'certain', [], hidingDepth);
  return found;
}

/** A class that only holds data: a constructor, fields and accessors. */
function isRecord(state: State, prototype: Prototype): boolean {
  if (prototype.kind === 'class') return prototype.class.members.every((member) => member.isStatic || member.function.kind !== 'method');
  return prototype.kind === 'object' && ![...(state.object(prototype.id)?.fields.values() ?? [])].some((value) => value.kind === 'closure');
}

import type { StaticType } from '../../world.js';
import type { MemoryShape } from './sources.js';

/** What a type leaves open of whether a value is memory. */
export function shapeOfType(type: StaticType): MemoryShape {
  switch (type.kind) {
    case 'unknown':
      return type.excludesBytes === true ? 'holder' : 'memory';
    case 'branded':
      return 'memory';
    case 'instance':
      return type.type.view === undefined ? 'holder' : 'memory';
    case 'promise':
      return shapeOfType(type.of);
    case 'array':
      return shapeOfType(type.of) === 'none' ? 'none' : 'holder';
    case 'class':
    case 'other':
      return 'holder';
    case 'primitive':
    case 'function':
      return 'none';
  }
}

/**
 * Whether a value of a type may have memory for an element, or for an element of one.
 *
 * @param type - of the value
 * @param depth - how far in
 */
export function mayHold(type: StaticType, depth: 1 | 2): boolean {
  switch (type.kind) {
    case 'promise':
      return mayHold(type.of, depth);
    case 'array':
      return depth === 1 ? shapeOfType(type.of) === 'memory' : mayHold(type.of, 1);
    case 'primitive':
    case 'function':
    case 'class':
    // What an object of the program holds is found under its members' names.
    case 'other':
      return false;
    case 'instance':
      // Bytes have numbers.
      return type.type.view === undefined;
    default:
      return true;
  }
}

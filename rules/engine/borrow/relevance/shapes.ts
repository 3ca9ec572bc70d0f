import type { StaticType } from '../../world.js';
import type { MemoryShape } from './sources.js';

/** What a type leaves open of whether a value is memory. */
export function shapeOfType(type: StaticType): MemoryShape {
  switch (type.kind) {
    case 'unknown':
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

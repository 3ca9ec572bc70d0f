import type { Variable } from '../ir/index.js';
import { calledAs } from './names.js';
import { madeBy, rootOf } from './roots.js';

/** What a path is worked out from: the place of the program's own files; what the code writes out; or something that comes from elsewhere. */
export type PathSource = 'program' | 'literal' | 'elsewhere';

/** Functions that make a path of the paths that they are given. */
const joining: ReadonlySet<string> = new Set(['join', 'resolve', 'normalize', 'dirname', 'fileURLToPath', 'URL', 'concat']);

/**
 * What a path is worked out from. A file beside the program's own is there as long as the program is.
 *
 * @param path - the path, or a part of one
 * @returns `program` where it starts from where the code itself lies
 */
export function pathSourceOf(path: Variable, depth = 0): PathSource {
  if (depth > 6) return 'elsewhere';
  const made = madeBy(path);
  const { base, path: members } = rootOf(path);
  if (members.length > 0) return isOfModule(base) ? 'program' : 'elsewhere';
  const instruction = made?.instruction;
  switch (instruction?.op) {
    case 'literal':
      return 'literal';
    case 'global':
      return instruction.name === '__dirname' || instruction.name === '__filename' ? 'program' : 'elsewhere';
    case 'binary':
      return instruction.operator === '+' ? joined([instruction.left, instruction.right], depth) : 'elsewhere';
    case 'opaque':
      return instruction.operands.length === 0 ? 'elsewhere' : joined(instruction.operands, depth);
    case 'call':
      return made !== undefined && joining.has(calledAs({ ...made, instruction })) && instruction.arguments.length > 0 ? joined(instruction.arguments.map(({ value }) => value), depth) : 'elsewhere';
    default:
      return 'elsewhere';
  }
}

function joined(parts: readonly Variable[], depth: number): PathSource {
  const sources = parts.map((part) => pathSourceOf(part, depth + 1));
  if (sources.includes('elsewhere')) return 'elsewhere';
  return sources.includes('program') ? 'program' : 'literal';
}

/** `import.meta` */
function isOfModule(base: Variable): boolean {
  const made = madeBy(base)?.instruction;
  return made?.op === 'opaque' && made.operands.length === 0;
}

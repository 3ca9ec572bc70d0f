import type { MoveFinding } from '../findings.js';
import type { Origin } from '../ir/index.js';
import type { Duty } from './duties.js';
import type { Invalidation } from './loan.js';

/** What happens to the memory, as a step of a finding's trace. */
export function describeInvalidation(invalidation: Invalidation): string {
  switch (invalidation.how) {
    case 'overwrite':
      return `overwritten by ${invalidation.by}`;
    case 'transfer':
      return `moved away by ${invalidation.by}`;
    case 'growth':
      return `detached when memory grows in ${invalidation.by}`;
    case 'release':
      return `released by ${invalidation.by}`;
    case 'next call':
      return `reused by ${invalidation.by}`;
    case 'callback return':
      return 'taken back when the function that was lent it returns';
    case 'suspension':
      return 'taken back when this code waits';
  }
}

/** What is told of something that a path does not hand back. */
export function leakOf({ at, by, certainty }: Duty, name: string, end: Origin): MoveFinding {
  const it = name === '' ? 'it' : `\`${name}\``;
  return {
    kind: 'unreleased-ref',
    certainty,
    at,
    form: 'leak',
    what: { name, at, isReceived: false },
    move: { how: 'release', at: end, by },
    remedy: undefined,
    advice: `release ${it} on every path, in a \`finally\` or with \`using\``,
    trace: [{ at, label: 'it is taken here' }, { at: end, label: 'and not released on the way here' }],
  };
}

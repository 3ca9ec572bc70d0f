import type { Construct } from './constructs.js';
import type { ByteType } from './scope.js';

export type HelperKind = 'head' | 'deepHead' | 'copyOf' | 'same' | 'sliceOf' | 'wrap' | 'refill' | 'deepRefill' | 'give' | 'orItself' | 'choose' | 'later' | 'passLater' | 'moveAway' | 'inspectAll';

interface HelperText {
  readonly parameters: string;
  readonly body: string;
  readonly needs?: HelperKind;
  readonly isAsync?: boolean;
  readonly constructs: readonly Construct[];
}

/**
 * The text of a helper function.
 * @param kind which
 * @param type of the bytes it takes
 * @returns parameters and body, with TypeScript's parts marked
 */
export function helperText(kind: HelperKind, type: ByteType): HelperText {
  const one = `b‹: ${type}›`;
  switch (kind) {
    case 'head':
      return { parameters: one, body: 'return b.subarray(0, 4);', constructs: ['helper that views'] };
    case 'deepHead':
      return { parameters: one, body: `return head${type}(b);`, needs: 'head', constructs: ['helper that views', 'helper of a helper'] };
    case 'copyOf':
      return { parameters: one, body: type === 'Buffer' ? 'return Buffer.from(b);' : 'return new Uint8Array(b);', constructs: ['helper that copies'] };
    case 'same':
      return { parameters: one, body: 'return b;', constructs: ['helper that returns its argument'] };
    case 'sliceOf':
      return { parameters: one, body: 'return b.slice(0, 4);', constructs: ['slice helper'] };
    case 'wrap':
      return { parameters: one, body: 'return { v: b };', constructs: ['helper that wraps'] };
    case 'refill':
      return { parameters: one, body: 'b.fill(byte());', constructs: ['helper that writes'] };
    case 'deepRefill':
      return { parameters: one, body: `refill${type}(b);`, needs: 'refill', constructs: ['helper that writes', 'helper of a helper'] };
    case 'give':
      return { parameters: `to‹: unknown[]›, ${one}`, body: 'to.push(b);', constructs: ['helper that hands over'] };
    case 'orItself':
      return { parameters: `${one}, other‹: ${type}› = b`, body: 'return other.subarray(0, 4);', constructs: ['helper that views', 'default value'] };
    case 'later':
      return { parameters: one, body: 'await slow(); look(b);', isAsync: true, constructs: ['spawned work'] };
    case 'moveAway':
      return { parameters: one, body: 'structuredClone(b, { transfer: [b.buffer‹ as ArrayBuffer›] });', constructs: ['transfer', 'structuredClone', 'helper that moves'] };
    case 'inspectAll':
      return { parameters: one, body: 'look(b);', constructs: [] };
    case 'passLater':
      return { parameters: one, body: `return later${type}(b);`, needs: 'later', constructs: ['spawned work', 'helper of a helper'] };
    case 'choose':
      return { parameters: `${one}, other‹: ${type}›`, body: 'return c(0) ? b : other;', constructs: ['helper that returns its argument', 'conditional expression'] };
  }
}

import type ts from 'typescript';
import type { Contract, ParameterEffect, Until } from '../contracts/contract.js';

/** What the tags of one function say. */
export interface Annotations {
  readonly contract: Contract | undefined;
  readonly isLending: boolean;
  /** Tags that could not be read, in sentences. */
  readonly problems: readonly string[];
}

const NOTHING: Annotations = { contract: undefined, isLending: false, problems: [] };
const UNTILS: ReadonlySet<string> = new Set<Until>(['return', 'settle', 'callback', 'next call', 'first await', 'close', 'forever']);

/**
 * Reads the JSDoc tags that declare a contract:
 *
 * - `@borrows <param> until <until>`: the function goes on referring to the argument that long; `return` says it does not
 * - `@writes <param>`: it overwrites the bytes of the argument
 * - `@lends`: what it returns or yields is overwritten later; its callers carry the duty
 * - `@owned`: what it returns is memory nobody else refers to
 * - `@blocks`: the event loop stands still until it returns
 * - `@acquires`: what it returns has to be handed back
 * - `@releases <param>`: the argument is handed back, and not used any more
 *
 * @param t - the TypeScript instance
 * @param node - the function-like node
 * @returns what the tags say, and which of them say nothing
 */
export function annotationsOf(t: typeof ts, node: ts.Node): Annotations {
  if (!t.isFunctionLike(node)) return NOTHING;
  const effects = new Map<number, ParameterEffect>();
  const problems: string[] = [];
  let isLending = false;
  let isOwned = false;
  let isBlocking = false;
  let isAcquiring = false;
  for (const tag of t.getJSDocTags(node)) {
    const text = (t.getTextOfJSDocComment(tag.comment) ?? '').trim();
    const [param = '', ...words] = text.split(/\s+/);
    const add = (effect: ParameterEffect): void => {
      const position = node.parameters.findIndex((parameter) => t.isIdentifier(parameter.name) && parameter.name.text === param);
      // `@writes to the log` is prose of someone who does not mean us.
      if (position < 0 && (words.length === 0 || words[0] === 'until')) problems.push(`@${tag.tagName.text} names ${param === '' ? 'no parameter' : `"${param}", which is not a parameter`}.`);
      else if (position >= 0) effects.set(position, { ...effects.get(position), ...effect });
    };
    switch (tag.tagName.text) {
      case 'borrows': {
        const until = words.slice(1).join(' ');
        // JSDoc's own tag of that name reads `@borrows that as this`.
        if (words[0] === 'as') break;
        if (words[0] !== 'until' || !UNTILS.has(until)) problems.push(`@borrows reads "<param> until ${[...UNTILS].join(' | ')}", not "${text}".`);
        else add({ keeps: until as Until });
        break;
      }
      case 'writes':
        add({ writes: {} });
        break;
      case 'releases':
        add({ ends: 'once' });
        break;
      case 'acquires':
        isAcquiring = true;
        break;
      case 'lends':
        // JSDoc's own tag of that name has the name of an object after it.
        isLending ||= text === '';
        break;
      case 'owned':
        isOwned ||= text === '';
        break;
      case 'blocks':
        isBlocking = true;
        break;
    }
  }
  const isSilent = effects.size === 0 && !isLending && !isOwned && !isBlocking && !isAcquiring;
  const contract = isSilent ? undefined : contractOf(effects, { isLending, isOwned, isBlocking, isAcquiring });
  return { contract, isLending, problems };
}

function contractOf(effects: ReadonlyMap<number, ParameterEffect>, says: { readonly isLending: boolean; readonly isOwned: boolean; readonly isBlocking: boolean; readonly isAcquiring: boolean }): Contract {
  const { isLending, isOwned, isBlocking, isAcquiring } = says;
  const count = Math.max(-1, ...effects.keys()) + 1;
  return {
    origin: 'annotation',
    isCertain: true,
    ...(count > 0 && { parameters: Array.from({ length: count }, (_, position) => effects.get(position) ?? null) }),
    ...(isLending && { result: { from: 'lent', until: 'next call' } }),
    ...(isOwned && { result: { from: 'fresh' } }),
    ...(isAcquiring && { acquires: true }),
    ...(isBlocking && { blocks: { on: 'computation' } }),
  };
}

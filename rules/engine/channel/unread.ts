import type { ApiType } from '../contracts/api.js';
import type { World } from '../world.js';
import { calledApi } from './apis.js';
import { factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { calledAs } from './names.js';
import { madeBy, type Root, rootOf } from './roots.js';

/** What a writer does with the stream that it writes to: none of this takes out what went in. */
const writing: ReadonlySet<string> = new Set(['write', 'end', 'destroy', 'cork', 'uncork', 'setEncoding', 'setDefaultEncoding', 'once', 'on', 'getWriter', 'close', 'abort']);

/** The events that somebody takes chunks by. */
const reading: ReadonlySet<string> = new Set(['data', 'readable']);

/**
 * Whether a stream gives out what it is written, and nobody has begun to take that: `const gzip = createGzip()`, which the function
 * hands out when all is written. Whoever waits for it to have room waits for ever.
 *
 * @param site - a call that writes
 * @param root - how its function reaches the sink
 * @param world - resolves imports and globals
 * @returns false where the stream comes from elsewhere, only swallows, or is handed to somebody before or while it is written
 */
export function isUnread(site: Site<Call>, root: Root, world: World): boolean {
  const stream = streamBehind(root);
  const maker = madeBy(stream.base);
  if (maker === undefined || maker.fn !== site.fn || maker.instruction.op !== 'call' || !givesOut(maker.instruction, site, world)) return false;
  const facts = factsOf(site.fn);
  const users = functionIndexOf(site.fn.module).using(stream.base);
  return !users.some((user) => user !== site.fn) && !facts.sites.some((use) => facts.reachableFrom(use.block).has(site.block) && isHandedOn(use, stream));
}

/** A writer stands for the stream that it was got from. */
function streamBehind(root: Root): Root {
  const made = madeBy(root.base)?.instruction;
  if (root.path.length > 0 || made?.op !== 'call' || made.callee.kind !== 'method' || made.callee.key.kind !== 'name' || made.callee.key.name !== 'getWriter') return root;
  const { base } = rootOf(made.callee.object);
  return { base, path: [] };
}

/** It has two ends: what is written comes out again. */
function givesOut(made: Call, site: Site, world: World): boolean {
  const type = world.typeOf(made.origin);
  const instance = calledApi(made, site.fn, world)?.instance ?? (type.kind === 'instance' ? type.type : undefined);
  if (instance?.path === 'global#TransformStream') return true;
  for (let at: ApiType | undefined = instance; at !== undefined; at = at.base) if (at.path === 'node:stream#Transform') return true;
  return false;
}

/** Somebody else gets hold of the stream, or of the end that is read. */
function isHandedOn(use: Site, stream: Root): boolean {
  const { instruction } = use;
  const isIt = (variable: Call['target']): boolean => rootOf(variable).base === stream.base;
  switch (instruction.op) {
    case 'call': {
      const { callee, arguments: args } = instruction;
      if (args.some(({ value }) => isIt(value))) return true;
      if (callee.kind !== 'method' || !isIt(callee.object)) return false;
      if (!writing.has(calledAs({ ...use, instruction }))) return true;
      const event = args[0] && madeBy(args[0].value)?.instruction;
      return event?.op === 'literal' && reading.has(String(event.value));
    }
    case 'store':
      return isIt(instruction.value);
    case 'iterate':
      return isIt(instruction.iterable);
    default:
      return false;
  }
}

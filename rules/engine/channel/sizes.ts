import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import { asksForSome } from './asked-for.js';
import { factsOf, type Call, type Site } from './facts.js';
import type { World } from '../world.js';
import { functionIndexOf } from './functions.js';
import { isShort, type Callees } from './short-lists.js';

/** Methods whose result has no more elements than what they are called on. */
const keeping: ReadonlySet<string> = new Set(['filter', 'sort', 'reverse', 'concat', 'values', 'entries', 'keys', 'toSorted', 'toReversed', 'map', 'flat']);

/** What `Object` says of the members of an object. */
const listing: ReadonlySet<string> = new Set(['keys', 'values', 'entries']);

/** What gives a list of results for a list of promises. */
const combining: ReadonlySet<string> = new Set(['all', 'allSettled']);

/** Says how many members objects can have, and what calls see to. */
type Types = Pick<World, 'extentOf'> & Callees;

/** How many elements a list can have: what the code writes out; what comes from outside; or what this file does not tell. */
export type Size = 'bounded' | 'input' | 'unknown';

/**
 * How many elements a list can have.
 *
 * @param list - the list, a variable of `fn` or captured by it
 * @param fn - where it is read
 * @param types - tell how many members objects can have
 * @param depth - how many functions and lists were gone through already
 * @returns what this file tells of its size
 */
export function sizeOf(list: Variable, fn: FunctionIr, types: Types, depth = 0): Size {
  if (depth > 6) return 'unknown';
  const facts = factsOf(fn);
  const source = facts.sourceOf(list);
  const maker = facts.definitionOf(source);
  if (isShort(source, fn, types) || (source.owner !== fn && source.storage !== 'temporary' && isShort(source, source.owner, types))) return 'bounded';
  if (source.storage === 'parameter') return isHidden(source.owner) ? sizeAtCalls(source, types, depth) : sizeOfParameter(source, types, depth);
  if (maker !== undefined) return sizeOfMade(maker, fn, types, depth);
  if (source.storage !== 'local' || source.owner === fn) return 'unknown';
  const definitions = functionIndexOf(fn.module).definitionsOf(source);
  const [only] = definitions;
  return definitions.length === 1 && only !== undefined ? sizeOf(source, only.fn, types, depth + 1) : 'unknown';
}

function sizeOfMade(maker: Instruction, fn: FunctionIr, types: Types, depth: number): Size {
  switch (maker.op) {
    case 'array':
      return maker.elements.reduce<Size>((size, element) => (element.kind === 'spread' && size === 'bounded' ? sizeOf(element.value, fn, types, depth + 1) : size), 'bounded');
    case 'copy':
      return sizeOf(maker.source, fn, types, depth + 1);
    case 'await':
      return sizeOfAwaited(maker.value, fn, types, depth);
    case 'call':
      return sizeOfCall(maker, fn, types, depth);
    default:
      return 'unknown';
  }
}

/** What an asynchronous call found: rows, files, pages. Not what the program's own function writes out, nor the results of a list's tasks. */
function sizeOfAwaited(value: Variable, fn: FunctionIr, types: Types, depth: number): Size {
  const call = factsOf(fn).makerOf(value);
  if (call?.op !== 'call') return 'input';
  const { callee, arguments: [tasks] } = call;
  if (callee.kind === 'method' && callee.key.kind === 'name' && combining.has(callee.key.name)) {
    const object = factsOf(fn).makerOf(callee.object);
    if (object?.op === 'global' && object.name === 'Promise' && tasks !== undefined) return boundedOr('input', [sizeOf(tasks.value, fn, types, depth + 1)]);
  }
  const own = functionIndexOf(fn.module).calleeOf(call);
  // Whoever says how many gets no more of them, unless the number means something else.
  const unless = asksForSome(call, fn) ? 'unknown' : 'input';
  return own === undefined ? unless : boundedOr(unless, factsOf(own).returned.map((returned) => sizeOf(returned, own, types, depth + 1)));
}

function boundedOr(otherwise: Size, sizes: readonly Size[]): Size {
  return sizes.length > 0 && sizes.every((size) => size === 'bounded') ? 'bounded' : otherwise;
}

function sizeOfCall({ callee, arguments: args }: Call, fn: FunctionIr, types: Types, depth: number): Size {
  if (callee.kind === 'construct') return sizeOfDistinct(callee.value, args, fn, types, depth);
  if (callee.kind !== 'method' || callee.key.kind !== 'name') return 'unknown';
  const { name } = callee.key;
  if (name === 'split' || name === 'matchAll') return 'input';
  if (name === 'slice' || name === 'splice') return args.length >= 2 ? 'bounded' : sizeOf(callee.object, fn, types, depth + 1);
  if (keeping.has(name)) {
    const object = factsOf(fn).makerOf(callee.object);
    if (object?.op === 'global' && object.name === 'Object' && args[0] !== undefined) return sizeOfKeys(args[0], fn, types, depth);
    const size = sizeOf(callee.object, fn, types, depth + 1);
    // Of what has keys, and is no list as far as anybody knows, they are as many as somebody thought of.
    return size === 'input' && listing.has(name) && types.extentOf(callee.objectOrigin) !== 'open' ? 'unknown' : size;
  }
  const object = factsOf(fn).makerOf(callee.object);
  // `Array.from(files)`; `Array.from({ length: workers })` says how many.
  if (object?.op === 'global' && object.name === 'Array' && name === 'from' && args[0] !== undefined) {
    return factsOf(fn).makerOf(args[0].value)?.op === 'object' ? 'bounded' : sizeOf(args[0].value, fn, types, depth + 1);
  }
  return object?.op === 'global' && object.name === 'JSON' ? 'input' : 'unknown';
}

/** `new Set([first, second])` has no more than it is made of; what is added to it later is not followed. */
function sizeOfDistinct(made: Variable, [given]: Call['arguments'], fn: FunctionIr, types: Types, depth: number): Size {
  const maker = factsOf(fn).makerOf(made);
  if (maker?.op !== 'global' || maker.name !== 'Set' || given === undefined || fn.outline.members.has('add')) return 'unknown';
  return sizeOf(given.value, fn, types, depth + 1);
}

/**
 * How many members an object can have: `Object.entries(options)`, `for (const name in options)`. It has no more members than somebody wrote down, unless its type says that it can have any number of them.
 *
 * @param object - the object, and the expression that it is named by
 * @param fn - where that is read
 * @param types - tell how many members objects can have
 * @param depth - how many functions and lists were gone through already
 * @returns what this file tells of the number
 */
export function sizeOfKeys({ value, origin }: Pick<Call['arguments'][number], 'value' | 'origin'>, fn: FunctionIr, types: Types, depth = 0): Size {
  if (isWrittenOut(value, fn)) return 'bounded';
  const size = sizeOf(value, fn, types, depth + 1);
  return size === 'input' && types.extentOf(origin) !== 'open' ? 'unknown' : size;
}

/** An object literal that no code adds to under a name that it works out, and that stays in its file: it has the members that are written there. */
function isWrittenOut(object: Variable, fn: FunctionIr): boolean {
  const source = factsOf(fn).sourceOf(object);
  const index = functionIndexOf(fn.module);
  const [definition, ...others] = index.definitionsOf(source);
  if (definition === undefined || others.length > 0) return false;
  const { instruction } = definition;
  const maker = instruction.op === 'copy' ? factsOf(definition.fn).makerOf(instruction.source) : instruction;
  if (maker?.op !== 'object' || maker.properties.some(({ kind }) => kind === 'spread')) return false;
  return isLeftAlone(source, fn);
}

function isLeftAlone(object: Variable, fn: FunctionIr): boolean {
  return functionIndexOf(fn.module).using(object).every((user) => !factsOf(user).isTerminalOperand(object) && factsOf(user).usesOf(object).every((use) => addsNothing(use, object)));
}

function addsNothing({ instruction, fn }: Site, object: Variable): boolean {
  switch (instruction.op) {
    case 'load':
      return true;
    case 'copy':
      return (instruction.target.storage === 'temporary' || instruction.target.isConstant) && isLeftAlone(instruction.target, fn);
    case 'store':
      return instruction.object === object && instruction.value !== object && instruction.key.kind === 'name';
    case 'call':
      return isListed(instruction, object, fn);
    default:
      return false;
  }
}

/** `Object.keys(table)` */
function isListed({ callee }: Call, object: Variable, fn: FunctionIr): boolean {
  if (callee.kind !== 'method' || callee.object === object || callee.key.kind !== 'name') return false;
  const maker = factsOf(fn).makerOf(callee.object);
  return maker?.op === 'global' && maker.name === 'Object' && listing.has(callee.key.name);
}

/** Not what a function that is handed to a call is given: a part of something of the caller's. */
function sizeOfParameter(parameter: Variable, types: Types, depth: number): Size {
  const { owner } = parameter;
  // Arguments are written out, unless a call spreads a list.
  if (owner.hasRest && parameter === owner.parameters.at(-1)) return 'unknown';
  if (functionIndexOf(owner.module).referencesOf(owner).some(({ kind }) => kind === 'argument')) return 'unknown';
  const size = sizeAtCalls(parameter, types, depth);
  return size === 'unknown' && types.extentOf(parameter.origin) !== 'written out' ? 'input' : size;
}

function sizeAtCalls(parameter: Variable, types: Types, depth: number): Size {
  const { owner } = parameter;
  const position = owner.parameters.indexOf(parameter);
  const calls = functionIndexOf(owner.module).referencesOf(owner).filter((reference) => reference.kind === 'call');
  const sizes = calls.map(({ site }) => {
    const argument = site.instruction.arguments[position];
    return argument === undefined ? 'unknown' : sizeOf(argument.value, site.fn, types, depth + 1);
  });
  return sizes.includes('input') ? 'input' : boundedOr('unknown', sizes);
}

/** By the customs of plain JavaScript, `_name` is the file's own business: its callers are all there. */
function isHidden({ name }: FunctionIr): boolean {
  return /(?:^|[#.])[_#][^#.]*$/.test(name);
}

import type { BlockId, FunctionIr, Origin, Test, Variable } from '../ir/index.js';
import { calledApi, contractOf } from './apis.js';
import { assertedIn, leadsBy } from './asserted.js';
import { factsOf, isCall, type Call, type Facts } from './facts.js';
import type { World } from '../world.js';
import { functionIndexOf } from './functions.js';
import { isEmptiness, lengthsFrom, lengthTestsOf, type LengthTest } from './length-tests.js';
import type { Producer } from './producers.js';
import { nameOf } from './roles.js';
import { isSameRoot, rootOf } from './roots.js';
import type { QueueUses } from './uses.js';

/** What keeps a queue from growing. */
export type Bound =
  | { readonly kind: 'limit'; readonly at: Origin }
  /** There is a comparison, but the limit is missing unless somebody sets it. */
  | { readonly kind: 'optional'; readonly at: Origin }
  /** Too long a queue leads to code that is not followed. */
  | { readonly kind: 'unknown'; readonly at: Origin };

/** Methods that stop, slow or shed what comes in: where nothing but its name tells what a method does, that much is believed. */
const stopping: ReadonlySet<string> = new Set([
  'pause', 'stop', 'close', 'destroy', 'abort', 'end', 'disconnect', 'terminate', 'cancel', 'reject', 'kill', 'unsubscribe',
  'shift', 'pop', 'splice', 'clear', 'delete', 'dequeue', 'drop', 'removeListener', 'off', 'suspend', 'return', 'throw', 'unref', 'cork',
]);

/** Methods of loggers and meters: what is told in words changes nothing. */
const telling: ReadonlySet<string> = new Set(['log', 'warn', 'error', 'info', 'debug', 'trace', 'increment', 'inc', 'gauge', 'histogram', 'observe', 'record']);

/**
 * What bounds a queue: a comparison of its length whose over-limit side stops the producer, drops, rejects or throws.
 *
 * @param uses - what is done with the queue
 * @param producers - what fills it
 * @param world - answers questions about types
 * @returns the best bound there is; undefined where nothing bounds it
 */
export function boundOf(uses: QueueUses, producers: readonly Producer[], world: World): Bound | undefined {
  const functions = new Set([...uses.puts.map(({ site }) => site.fn), ...producers.flatMap(({ path }) => path), ...uses.functions]);
  const bounds: Bound[] = [...functions].flatMap((fn) => pausedBy(fn, producers, world));
  bounds.push(...lengthTestsOf(uses).flatMap((test) => boundBy(test, uses, world) ?? []));
  bounds.push(...assertedBounds(uses, world), ...ringBounds(uses));
  bounds.push(...uses.puts.flatMap(({ site }) => (isGuardedByCount(site.fn, site.block) ? [{ kind: 'limit', at: site.instruction.origin } as const] : [])));
  return bounds.find(({ kind }) => kind === 'limit') ?? bounds.find(({ kind }) => kind === 'unknown') ?? bounds[0];
}

/** `assert(this.queue.length < most)`, before every value that is put in. */
function assertedBounds({ puts, sizes, rooms }: QueueUses, world: World): Bound[] {
  const lengths = lengthsFrom(sizes, rooms);
  const guards = [...lengths.functions].flatMap((fn) => assertedIn(fn, lengths, world));
  const isGuarded = puts.every(({ site }) => guards.some((guard) => guard.fn === site.fn && leadsBy(guard, site, factsOf(site.fn))));
  return isGuarded ? guards.map(({ instruction }) => ({ kind: 'limit', at: instruction.origin })) : [];
}

/** `this.queue = this.queue.slice(-99)`, where values are put in: the last ones are kept. */
function ringBounds({ puts, takes }: QueueUses): Bound[] {
  return takes.flatMap(({ site: { fn, instruction } }): Bound[] => {
    if (instruction.op !== 'store' && instruction.op !== 'copy') return [];
    const facts = factsOf(fn);
    const made = facts.makerOf(instruction.op === 'store' ? instruction.value : instruction.source);
    const [start, ...others] = made?.op === 'call' && nameOf(made, fn) === 'slice' ? made.arguments : [];
    const from = start && facts.makerOf(start.value);
    const isRing = from?.op === 'unary' && from.operator === '-' && others.length === 0;
    return isRing && puts.every(({ site }) => site.fn === fn) ? [{ kind: 'limit', at: instruction.origin }] : [];
  });
}

/** What a function stops and restarts, whatever the test is. */
function pausedBy(fn: FunctionIr, producers: readonly Producer[], world: World): Bound[] {
  if (!fn.outline.members.has('pause') && !fn.outline.members.has('resume')) return [];
  return factsOf(fn).sites.flatMap(({ instruction }): Bound[] => {
    if (instruction.op !== 'call' || instruction.callee.kind !== 'method') return [];
    const name = nameOf(instruction, fn);
    if (name !== 'pause' && name !== 'resume') return [];
    const { object, objectOrigin } = instruction.callee;
    const root = rootOf(object);
    if (producers.some(({ by }) => by?.instruction.callee.kind === 'method' && isSameRoot(rootOf(by.instruction.callee.object), root))) return [{ kind: 'limit', at: instruction.origin }];
    const type = world.typeOf(objectOrigin);
    switch (type.kind) {
      case 'instance':
        return type.type.method(name) === undefined ? [] : [{ kind: 'limit', at: instruction.origin }];
      case 'class':
      case 'unknown':
        return [{ kind: 'limit', at: instruction.origin }];
      case 'other':
        // Something can be paused: whether it is what fills the queue, its type does not tell.
        return [{ kind: 'unknown', at: instruction.origin }];
      default:
        return [];
    }
  });
}

function boundBy(test: LengthTest, uses: QueueUses, world: World): Bound | undefined {
  const isStopped = actsOn(test, uses, world);
  if (isStopped === 'no') return undefined;
  if (isStopped === 'unknown') return { kind: 'unknown', at: test.at };
  return isMissing(test) ? { kind: 'optional', at: test.at } : { kind: 'limit', at: test.at };
}

/** Whether the side on which there are too many keeps the queue from growing. */
function actsOn({ fn, block, over, under }: LengthTest, uses: QueueUses, world: World): 'yes' | 'no' | 'unknown' {
  const facts = factsOf(fn);
  const ways = facts.reachableFrom(over, block);
  const others = facts.reachableFrom(under, block);
  const puts = uses.puts.filter(({ site }) => site.fn === fn).map(({ site }) => site.block);
  // What is too much is not put in.
  if (puts.length > 0 && puts.every((put) => others.has(put) && !ways.has(put))) return 'yes';
  if (isWithheld(facts, over, under, block)) return 'yes';
  let isUnknown = false;
  for (const id of ways) {
    if (others.has(id)) continue;
    const target = facts.blocks[id];
    if (target === undefined) continue;
    if (target.terminal.kind === 'throw' || target.terminal.kind === 'yield') return 'yes';
    for (const instruction of target.instructions) {
      if (instruction.op === 'await' || uses.takes.some(({ site }) => site.instruction === instruction)) return 'yes';
      if (instruction.op === 'store' && instruction.key.kind === 'name' && instruction.key.name === 'length') return 'yes';
      if (instruction.op !== 'call') continue;
      const effect = effectOf(instruction, fn, uses, world);
      if (effect === 'yes') return 'yes';
      if (effect === 'unknown') isUnknown = true;
    }
    if (target.terminal.kind === 'return' && target.terminal.value !== undefined && puts.length > 0) return 'yes';
  }
  return isUnknown ? 'unknown' : 'no';
}

/** Where there is room, a caller's function is called; where there is none, it is not, but put by or left alone: whoever calls waits for it. */
function isWithheld(facts: Facts, over: BlockId, under: BlockId, block: BlockId): boolean {
  const ways = facts.reachableFrom(over, block);
  const others = facts.reachableFrom(under, block);
  const callbacksIn = (ids: ReadonlySet<BlockId>): ReadonlySet<Variable> =>
    new Set([...ids].flatMap((id) => (facts.blocks[id]?.instructions ?? []).flatMap((instruction) => (instruction.op === 'call' && instruction.callee.kind === 'value' ? [facts.sourceOf(instruction.callee.value)] : []))));
  const called = callbacksIn(ways);
  return [...callbacksIn(others)].some((callback) => callback.storage === 'parameter' && callback.owner === facts.fn && !called.has(callback));
}

function effectOf(call: Call, fn: FunctionIr, uses: QueueUses, world: World): 'yes' | 'no' | 'unknown' {
  const name = nameOf(call, fn);
  const declared = functionIndexOf(fn.module).calleeOf(call) ?? bodyOf(call, world);
  if (declared !== undefined) return stops(declared, uses, world) ? 'yes' : 'no';
  if (name !== undefined && stopping.has(name)) return 'yes';
  // `callback(new Error('full'))`
  if (call.callee.kind === 'value' && call.callee.value.storage === 'parameter') return 'yes';
  const contract = contractOf(call, fn, world);
  // Whoever listens may stop what fills it.
  if (contract?.endsProcess === true) return 'yes';
  if (contract !== undefined) return contract.rest?.escapes === 'emit' ? 'unknown' : 'no';
  return name === undefined || (telling.has(name) && saysWords(call, fn)) ? 'no' : 'unknown';
}

function bodyOf(call: Call, world: World): FunctionIr | undefined {
  const callee = world.calleeOf(call.origin);
  return callee !== undefined && 'function' in callee ? callee.function : undefined;
}

/** It is given a text that is written out, or put together. */
function saysWords({ arguments: args }: Call, fn: FunctionIr): boolean {
  return args.some(({ value }) => {
    const maker = factsOf(fn).makerOf(value);
    return (maker?.op === 'literal' && typeof maker.value === 'string') || maker?.op === 'opaque' || maker?.op === 'binary';
  });
}

/** A function of the file that takes from the queue, throws, ends the process, or stops what fills it. */
function stops(fn: FunctionIr, uses: QueueUses, world: World): boolean {
  if (uses.takes.some(({ site }) => site.fn === fn)) return true;
  const facts = factsOf(fn);
  return facts.blocks.some(({ terminal }) => terminal.kind === 'throw') || [...fn.outline.members].some((name) => stopping.has(name)) || facts.sites.some((site) => isCall(site) && calledApi(site.instruction, fn, world)?.call?.endsProcess === true);
}

/** The limit is Infinity, or an option that the same condition asks for first: without it there is no limit. */
function isMissing({ fn, limit, limitIn, block }: LengthTest): boolean {
  const facts = factsOf(fn);
  if (isEndless(limitIn, limit, 0)) return true;
  const path = pathOf(limitIn, limit);
  if (path === '') return false;
  return facts.blocks.some(({ id, terminal }) => {
    if (id === block || terminal.kind !== 'branch') return false;
    const { test } = terminal;
    const asked = askedBy(fn, test);
    if (asked === undefined || pathOf(fn, asked) !== path) return false;
    return facts.reachableFrom(terminal.then).has(block) !== facts.reachableFrom(terminal.otherwise).has(block) || terminal.then === block || terminal.otherwise === block;
  });
}

/** What a test looks at to tell whether it is there: `x`, `x != null`, `x !== undefined`, `x > 0`. */
function askedBy(fn: FunctionIr, test: Test): Variable | undefined {
  switch (test.kind) {
    case 'truthy':
    case 'nullish':
    case 'typeof':
      return test.value;
    case 'less':
      return isZero(fn, test.left) ? test.right : undefined;
    case 'equal': {
      const isNothing = (side: Variable): boolean => {
        const maker = factsOf(fn).makerOf(side);
        return (maker?.op === 'literal' && (maker.value == null || maker.value === 0)) || (maker?.op === 'global' && maker.name === 'undefined');
      };
      if (isNothing(test.right)) return test.left;
      return isNothing(test.left) ? test.right : undefined;
    }
    default:
      return undefined;
  }
}

function isZero(fn: FunctionIr, variable: Variable): boolean {
  const maker = factsOf(fn).makerOf(variable);
  return maker?.op === 'literal' && maker.value === 0;
}

/** `Infinity`, `Number.MAX_SAFE_INTEGER`, or a field or default that is one of these where nobody sets it. */
export function isEndless(fn: FunctionIr, variable: Variable, depth: number): boolean {
  if (depth > 4) return false;
  const owner = variable.storage === 'temporary' ? fn : variable.owner;
  return factsOf(owner).definitionsOf(variable).some(({ instruction }) => {
    switch (instruction.op) {
      case 'literal':
        return instruction.value === Infinity;
      case 'copy':
        return isEndless(owner, instruction.source, depth + 1);
      case 'load':
        if (instruction.key.kind !== 'name') return false;
        if (/^(?:POSITIVE_INFINITY|MAX_SAFE_INTEGER|MAX_VALUE)$/.test(instruction.key.name)) return true;
        return isEndlessField(instruction.object, instruction.key.name, owner, depth);
      default:
        return false;
    }
  });
}

/** `this.limit = options.limit ?? Infinity` */
function isEndlessField(object: Variable, name: string, fn: FunctionIr, depth: number): boolean {
  if (object.storage !== 'this') return false;
  return functionIndexOf(fn.module).touching(name).some((user) =>
    factsOf(user).sites.some(({ instruction }) => instruction.op === 'store' && instruction.key.kind === 'name' && instruction.key.name === name && instruction.object.storage === 'this' && isEndless(user, instruction.value, depth + 1)),
  );
}

/** How a value is written, where it is a variable or members of one: `this.options.limit`. */
function pathOf(fn: FunctionIr, variable: Variable): string {
  const facts = factsOf(fn);
  const source = facts.sourceOf(variable);
  const maker = facts.definitionOf(source);
  if (maker?.op === 'load' && maker.key.kind === 'name') return `${pathOf(fn, maker.object)}.${maker.key.name}`;
  return source.storage === 'temporary' ? '' : `${source.name}:${source.id}`;
}

/** Something else is counted, and with too many of it nothing is put in: `if (this.pending >= this.max) throw`. */
function isGuardedByCount(fn: FunctionIr, put: BlockId): boolean {
  const facts = factsOf(fn);
  return facts.blocks.some(({ id, terminal }) => {
    if (terminal.kind !== 'branch' || terminal.test.kind !== 'less') return false;
    const { left, right } = terminal.test;
    if (isEmptiness(fn, left) || isEmptiness(fn, right)) return false;
    const then = facts.reachableFrom(terminal.then, id).has(put);
    const otherwise = facts.reachableFrom(terminal.otherwise, id).has(put);
    // `then`: left is the smaller one. A count that is kept is on the left of the side that puts.
    if (then && !otherwise) return isCount(fn, left);
    return otherwise && !then && isCount(fn, right);
  });
}

/** A field or variable, as opposed to a literal or a limit that is never changed. */
function isCount(fn: FunctionIr, variable: Variable): boolean {
  const source = factsOf(fn).sourceOf(variable);
  const maker = factsOf(fn).definitionOf(source);
  if (maker?.op === 'load' && maker.key.kind === 'name') {
    const { name } = maker.key;
    return functionIndexOf(fn.module).touching(name).some((user) => factsOf(user).sites.some(({ instruction }) => instruction.op === 'store' && instruction.key.kind === 'name' && instruction.key.name === name && factsOf(user).makerOf(instruction.value)?.op === 'binary'));
  }
  return source.storage === 'local' && !source.isConstant;
}

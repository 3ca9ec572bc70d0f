import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import type { Consumer } from './consumers.js';
import { closuresOf, factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { isInStreamLoop, rolesOf, type Role } from './roles.js';
import { isSameMember, isSameRoot, rootOf } from './roots.js';
import { mayBeStep, stepOf } from './streams.js';
import { derivedFrom } from './taint.js';
import type { Put, QueueUses } from './uses.js';

/** Code that fills a queue at a pace of its own. */
export interface Producer {
  readonly put: Put;
  readonly how:
    | 'event'
    | 'timer'
    /** By a function that returns before the value is taken. */
    | 'call'
    /** By a loop over a stream. */
    | 'stream';
  /** The event, where the code names it. */
  readonly event: string | undefined;
  /** The function that is called from outside. */
  readonly fn: FunctionIr;
  readonly path: readonly FunctionIr[];
  /** The call that registers that function. */
  readonly by: Site<Call> | undefined;
  /** It may be that whoever calls it waits. */
  readonly isDoubtful: boolean;
}

/**
 * The producers of a queue: what puts values in, whether or not there is room.
 *
 * @param uses - what is done with the queue
 * @param consumers - what empties it
 * @param world - knows what callees do with callbacks
 * @returns the ones that nothing in sight makes wait
 */
export function producersOf(uses: QueueUses, consumers: readonly Consumer[], world: World): readonly Producer[] {
  return uses.puts.flatMap((put) => {
    const { fn } = put.site;
    if (isMark(put) || isReplay(put, consumers) || isTurned(put, consumers) || isOfOneSend(put, consumers, world) || consumers.some(({ take }) => reportsEmpty(take.site.fn)) || (consumers.length > 0 && consumers.every(asksForMore))) return [];
    const roles = rolesOf(fn, world);
    const isAnswered = roles.some(({ kind }) => kind === 'executor') || isAnsweredBy(put, consumers, world);
    if (isAnswered) return [];
    return roles.flatMap((role) => producerOf(put, role, consumers, world)).map((producer) => (isMoved(put) ? { ...producer, isDoubtful: true } : producer));
  });
}

/** What is taken from one list that is kept and put into another is no more than the first one held: connections of a pool that are to be closed. */
function isMoved({ value, site: { fn } }: Put): boolean {
  const facts = factsOf(fn);
  const made = value === undefined ? undefined : facts.makerOf(value);
  const isPeek = made?.op === 'load' && (made.key.kind === 'computed' || /^\d+$/.test(made.key.name));
  const list = isPeek ? made.object : takenFrom(made);
  if (list === undefined || rootOf(list).path.length === 0) return false;
  return !isPeek || facts.sites.some(({ instruction }) => isSameList(takenFrom(instruction), list));
}

/** `list.shift()`, `list.pop()` */
function takenFrom(instruction: Instruction | undefined): Variable | undefined {
  if (instruction?.op !== 'call' || instruction.callee.kind !== 'method' || instruction.callee.key.kind !== 'name') return undefined;
  return /^(?:shift|pop)$/.test(instruction.callee.key.name) ? instruction.callee.object : undefined;
}

function isSameList(one: Variable | undefined, other: Variable): boolean {
  return one !== undefined && isSameRoot(rootOf(one), rootOf(other));
}

function producerOf(put: Put, role: Role, consumers: readonly Consumer[], world: World): Producer[] {
  const { site } = put;
  const { kind, fn, path, event, isRepeated, by, isGuess } = role;
  const producer = (how: Producer['how'], isDoubtful = isGuess): Producer[] => [{ put, how, event, fn, path, by, isDoubtful }];
  const isConsumer = (one: FunctionIr): boolean => consumers.some(({ take }) => take.site.fn === one);
  // What the consumer puts back has been in the queue already.
  if (path.slice(1).some(isConsumer)) return [];
  if (isInStreamLoop(site.fn, site.block)) return waits(site.fn, site.block) ? [] : producer('stream');
  switch (kind) {
    case 'event':
    case 'timer':
      return producer(kind);
    case 'public':
      if (isPulled(fn) || isSignalling(fn) || keepsCallersFunction(fn, world)) return [];
      // What a stream's own step acknowledges, it is told of as a sink.
      if (mayBeStep(fn) && stepOf(fn, world) !== undefined) return [];
      if (givesAnswerOf(fn, consumers)) return [];
      if (isConsumer(fn) || isCallersJob(put, consumers)) return producer('call', true);
      return path.some((one) => one.isAsync && one.outline.hasAwait) ? [] : producer('call');
    case 'once':
      return isRepeated ? producer('stream', true) : [];
    case 'executor':
      return [];
  }
}

/** A value that is the same every time, and tells of a state or an end: `queue.push(null)`, `this.actions.push(this.greet)`. */
function isMark({ value, site }: Put): boolean {
  const maker = value === undefined ? undefined : factsOf(site.fn).makerOf(value);
  if (maker?.op === 'load' && maker.key.kind === 'name') return functionIndexOf(site.fn.module).methodOf(maker.object, maker.key.name) !== undefined;
  return maker?.op === 'literal';
}

/**
 * Where there is nothing left, the consumer calls a function that a caller left for it: whoever brings values is told to go on only
 * then, as by a `_write` that withholds its callback.
 */
function reportsEmpty(fn: FunctionIr): boolean {
  const index = functionIndexOf(fn.module);
  return factsOf(fn).sites.some(({ instruction }) => {
    if (instruction.op !== 'call' || instruction.callee.kind !== 'value') return false;
    const root = index.rootOf(instruction.callee.value);
    if (root.storage !== 'local' || root.owner === fn) return false;
    return index.definitionsOf(root).some(({ instruction: definition, fn: setter }) => definition.op === 'copy' && (isCallersOwn(definition.source, setter) || callsOwnOf(definition.source, setter)));
  });
}

/** `settle = resolve` */
function isCallersOwn(variable: Variable, setter: FunctionIr): boolean {
  return variable.storage === 'parameter' && variable.owner === setter;
}

/** `settle = () => { settle = ignore; resolve(); }` */
function callsOwnOf(variable: Variable, setter: FunctionIr): boolean {
  const made = factsOf(setter).makerOf(variable);
  return made?.op === 'function' && factsOf(made.function).sites.some(({ instruction }) => instruction.op === 'call' && instruction.callee.kind === 'value' && isCallersOwn(instruction.callee.value, setter));
}

/** Methods by which a source is told to bring one more: where nothing but its name tells what a method does, that much is believed. */
const asking: ReadonlySet<string> = new Set(['pull', 'next', 'resume', 'request', 'read', 'ack', 'acknowledge', 'continue', 'more']);

/**
 * A value comes with what it is from, and that is asked for the next one only when this one is dealt with: each source has one value in
 * the queue, `const [source, value] = queue.shift(); yield value; source.pull();`.
 */
function asksForMore({ take }: Consumer): boolean {
  const { fn } = take.site;
  const derived = derivedFrom(fn, take.results);
  return factsOf(fn).sites.some(({ instruction }) => {
    if (instruction.op !== 'call' || instruction.isResultUsed) return false;
    const { callee } = instruction;
    return callee.kind === 'method' && callee.key.kind === 'name' && asking.has(callee.key.name) && derived.has(callee.object) && !take.results.includes(factsOf(fn).sourceOf(callee.object));
  });
}

/**
 * What is noted for each send, and taken out when the sender has room again, is no longer than what the sender holds: `if
 * (transport.writable) { sent.push(callback); transport.send(packet); }`.
 */
function isOfOneSend({ site: { fn, block } }: Put, consumers: readonly Consumer[], world: World): boolean {
  const facts = factsOf(fn);
  if (!consumers.every(({ take }) => rolesOf(take.site.fn, world).some(({ event }) => event === 'drain'))) return false;
  return facts.blocks.some(({ id, terminal }) => {
    if (terminal.kind !== 'branch' || terminal.test.kind !== 'truthy') return false;
    const flag = facts.makerOf(terminal.test.value);
    const ready = facts.reachableFrom(terminal.then, id);
    if (flag?.op !== 'load' || !ready.has(block) || facts.reachableFrom(terminal.otherwise, id).has(block)) return false;
    const sender = rootOf(flag.object);
    return facts.sites.some(({ block: at, instruction }) => ready.has(at) && instruction.op === 'call' && instruction.callee.kind === 'method' && isSameRoot(rootOf(instruction.callee.object), sender));
  });
}

/** A consumer's loop that puts in what it has just found works through a list. */
function isReplay({ site }: Put, consumers: readonly Consumer[]): boolean {
  const facts = factsOf(site.fn);
  return consumers.some(({ take }) => take.site.fn === site.fn && facts.loopsAround(take.site.block).some(({ blocks }) => blocks.has(site.block)));
}

/** What a function has just taken out goes to the end of the same list: all have their turn. */
function isTurned({ value, site: { fn } }: Put, consumers: readonly Consumer[]): boolean {
  if (value === undefined) return false;
  const facts = factsOf(fn);
  const derived = derivedFrom(fn, consumers.flatMap(({ take }) => (take.site.fn === fn ? take.results : [])));
  if (derived.has(value)) return true;
  const { base, path } = rootOf(value);
  // `this.current = list.shift(); list.push(this.current);`
  return facts.sites.some(({ instruction }) => {
    if (instruction.op !== 'store' || instruction.key.kind !== 'name' || !derived.has(instruction.value)) return false;
    const kept = rootOf(instruction.object);
    return isSameRoot({ base, path }, { base: kept.base, path: [...kept.path, instruction.key.name] });
  });
}

/** Whoever puts a value in is told when it was dealt with: it carries a callback of theirs, or they get a promise of it. */
function isAnsweredBy({ value, site }: Put, consumers: readonly Consumer[], world: World): boolean {
  if (value === undefined) return false;
  const { fn } = site;
  const facts = factsOf(fn);
  const parts = new Map([...partsOf(value, fn, 0), ...storedIn(value, fn)]);
  const seeds = [...parts.keys(), facts.sourceOf(value), ...[...parts.keys()].flatMap((part) => localsOf(part, fn))];
  const shared = derivedFrom(fn, seeds.filter((part) => part.storage !== 'this'));
  // What `push` gives back, the new length, answers nobody.
  const hasResult = facts.returned.some((returned) => shared.has(returned) && facts.makerOf(returned)?.op !== 'await' && facts.makerOf(returned) !== site.instruction);
  if (hasResult) return true;
  return [...parts].some(([part, name]) => part !== facts.sourceOf(value) && (isCallersFunction(part, name, consumers, world) || wrapsCallersFunction(part, fn)));
}

/** Calls by which a promise that is kept somewhere is settled. */
const settling: ReadonlySet<string> = new Set(['resolve', 'reject', 'settle', 'fulfill']);

/**
 * What is put in is a function of the caller's, which the consumer calls with one to call when it is done: a limiter's. Whoever brought it
 * can tell by its being called that its turn has come.
 */
function isCallersJob({ value, site: { fn } }: Put, consumers: readonly Consumer[]): boolean {
  if (value === undefined || factsOf(fn).sourceOf(value).storage !== 'parameter') return false;
  return consumers.every(({ take: { site, results } }) => {
    const facts = factsOf(site.fn);
    return facts.sites.some(({ instruction }) => {
      if (instruction.op !== 'call' || instruction.callee.kind !== 'value' || !results.includes(facts.sourceOf(instruction.callee.value))) return false;
      return instruction.arguments.some(({ value: argument }) => functionIndexOf(site.fn.module).functionOf(argument) !== undefined);
    });
  });
}

/** Callers get a promise that is kept beside the queue, and that the consumer settles when it has dealt with what was there: `return this.sent.promise`. */
function givesAnswerOf(fn: FunctionIr, consumers: readonly Consumer[]): boolean {
  const answers = factsOf(fn).returned.map((value) => rootOf(value)).filter(({ path }) => path.length > 0);
  if (answers.length === 0) return false;
  return consumers.some(({ take }) =>
    [take.site.fn, ...closuresOf(take.site.fn)].some((one) =>
      factsOf(one).sites.some(({ instruction }) => {
        if (instruction.op !== 'call' || instruction.callee.kind !== 'method' || instruction.callee.key.kind !== 'name' || !settling.has(instruction.callee.key.name)) return false;
        const { base, path } = rootOf(instruction.callee.object);
        return answers.some((answer) => isSameMember({ base, path }, { base: answer.base, path: answer.path.slice(0, path.length) }));
      }),
    ),
  );
}

/** `job.callback = (error, result) => …` */
function storedIn(value: Variable, fn: FunctionIr): Map<Variable, string> {
  const facts = factsOf(fn);
  const source = facts.sourceOf(value);
  return new Map(
    facts.sites.flatMap(({ instruction }): [Variable, string][] => {
      if (instruction.op !== 'store' || instruction.key.kind !== 'name' || facts.sourceOf(instruction.object) !== source) return [];
      return facts.makerOf(instruction.value)?.op === 'function' ? [[facts.sourceOf(instruction.value), instruction.key.name]] : [];
    }),
  );
}

/** The variables of a function that a closure in it uses: `let settle; new Promise((resolve) => { settle = resolve; })`. */
function localsOf(part: Variable, fn: FunctionIr): readonly Variable[] {
  const maker = factsOf(fn).makerOf(part);
  return maker?.op === 'function' ? [...maker.function.outline.captures].filter(({ owner, storage }) => owner === fn && storage === 'local') : [];
}

/** `{ callback: (error) => { count--; callback(error); } }` */
function wrapsCallersFunction(part: Variable, fn: FunctionIr): boolean {
  const maker = factsOf(fn).makerOf(part);
  if (maker?.op !== 'function') return false;
  const { function: closure } = maker;
  return [...closure.outline.captures].some((variable) => variable.storage === 'parameter' && [closure, ...closuresOf(closure)].some((one) => factsOf(one).sites.some(({ instruction }) => instruction.op === 'call' && instruction.callee.kind === 'value' && instruction.callee.value === variable)));
}

/** The values that a new object, array or instance is made of, with the names of their properties. */
function partsOf(value: Variable, fn: FunctionIr, depth: number): Map<Variable, string> {
  const facts = factsOf(fn);
  const parts = new Map<Variable, string>();
  const maker = facts.makerOf(value);
  const add = (part: Variable, name: string): void => {
    // `{ callback: done ?? ignore }`
    for (const source of facts.sourcesOf(part)) parts.set(source, name);
    if (depth < 2) for (const [inner, innerName] of partsOf(part, fn, depth + 1)) parts.set(inner, innerName);
  };
  if (maker?.op === 'object') for (const property of maker.properties) if (property.kind === 'value') add(property.value, property.key.kind === 'name' ? property.key.name : '');
  if (maker?.op === 'array') for (const element of maker.elements) if (element.kind === 'value') add(element.value, '');
  if (maker?.op === 'call' && maker.callee.kind === 'construct') for (const argument of maker.arguments) add(argument.value, '');
  return parts;
}

function isCallersFunction(part: Variable, name: string, consumers: readonly Consumer[], world: World): boolean {
  if (part.storage !== 'parameter') return false;
  const type = world.typeOf(part.origin);
  if (type.kind === 'function') return true;
  // JavaScript may say no more of it than that it is a `Function`.
  return (type.kind === 'unknown' || type.kind === 'other') && name !== '' && consumers.some(({ take }) => [take.site.fn, ...closuresOf(take.site.fn)].some((one) => callsMember(one, name)));
}

function callsMember(fn: FunctionIr, name: string): boolean {
  return factsOf(fn).sites.some(({ instruction }) => {
    if (instruction.op !== 'call') return false;
    const { callee } = instruction;
    if (callee.kind === 'method') return callee.key.kind === 'name' && callee.key.name === name;
    return callee.kind === 'value' && callee.value.name === name;
  });
}

/** The loop over the stream waits for something else before it goes on. */
function waits(fn: FunctionIr, block: number): boolean {
  const facts = factsOf(fn);
  const [innermost] = facts.loopsAround(block);
  return innermost !== undefined && [...innermost.blocks].some((id) => facts.blocks[id]?.instructions.some(({ op }) => op === 'await') === true);
}

/** A function of the caller's is put by, and called some other time: the caller waits until then. */
function keepsCallersFunction(fn: FunctionIr, world: World): boolean {
  const callback = fn.parameters.at(-1);
  if (callback === undefined || fn.parameters.length < 2) return false;
  const uses = factsOf(fn).usesOf(callback);
  const isCalled = uses.some(({ instruction }) => instruction.op === 'call' && instruction.callee.kind === 'value' && factsOf(fn).sourceOf(instruction.callee.value) === callback);
  const isKept = uses.some(({ instruction }) => instruction.op === 'store') || closuresOf(fn).some(({ outline }) => outline.captures.has(callback));
  return isKept && !isCalled && world.typeOf(callback.origin).kind === 'function';
}

/** The consumer asks for the value: `_read`, `pull`. */
function isPulled({ name }: FunctionIr): boolean {
  return /(?:^|[#.])(?:_?read|pull|next)$/.test(name);
}

/** It says whether there is room: `return this.queue.length < this.limit`. */
function isSignalling(fn: FunctionIr): boolean {
  const facts = factsOf(fn);
  return facts.returned.some((value) => {
    const maker = facts.makerOf(value);
    return maker?.op === 'binary' || (maker?.op === 'load' && maker.key.kind === 'name' && /^(?:length|size|needDrain|writableNeedDrain)$/.test(maker.key.name));
  });
}

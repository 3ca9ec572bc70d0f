import type { ApiType } from '../contracts/api.js';
import type { ClassIr, FunctionIr, Instruction, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { apiOf } from './apis.js';
import { factsOf, type Call } from './facts.js';
import { functionIndexOf } from './functions.js';
import { calleeBehind, importedBy } from './function-behind.js';
import { derivedFrom } from './taint.js';

/** A collection that can serve as a queue: the language's own, one of a catalogued package, or a class of the program. */
export type Container =
  | { readonly kind: 'array' | 'set' | 'map' }
  /** Nodes that lead to one another. */
  | { readonly kind: 'chain' }
  | { readonly kind: 'package'; readonly type: ApiType }
  | { readonly kind: 'class'; readonly class: ClassIr }
  /** What a function of the program makes: an object whose methods keep values and give them out. */
  | { readonly kind: 'object'; readonly methods: ReadonlyMap<string, FunctionIr> };

/** What a method does to the collection that it is called on. */
export type Does = 'put' | 'take' | 'clear' | 'peek';

const ofArrays: ReadonlyMap<string, Does> = new Map<string, Does>([
  ['push', 'put'],
  ['unshift', 'put'],
  ['shift', 'take'],
  ['pop', 'take'],
  ['splice', 'take'],
  ['at', 'peek'],
]);
const ofSets: ReadonlyMap<string, Does> = new Map<string, Does>([['add', 'put'], ['delete', 'take'], ['clear', 'clear']]);
const ofMaps: ReadonlyMap<string, Does> = new Map<string, Does>([['set', 'put'], ['delete', 'take'], ['clear', 'clear']]);

/** Methods by which a class of the program that keeps values in order is told: it has one of each line. */
const ofClasses: ReadonlyMap<string, Does> = new Map<string, Does>([
  ...['push', 'enqueue', 'add', 'append', 'offer', 'put', 'insert', 'addLast', 'pushBack'].map((name) => [name, 'put'] as const),
  ...['shift', 'dequeue', 'pop', 'poll', 'take', 'removeFirst', 'popFront', 'remove'].map((name) => [name, 'take'] as const),
  ['clear', 'clear'],
  ['peek', 'peek'],
]);

/** Every name that puts a value into some collection: code that has none of them fills no queue. */
export const puttingNames: ReadonlySet<string> = namesThat('put');

/** Every name that takes a value out of some collection. */
export const takingNames: ReadonlySet<string> = namesThat('take', 'clear');

/** What a method of a collection does to it. */
export function doesOf(container: Container, method: string): Does | undefined {
  switch (container.kind) {
    case 'array':
      return ofArrays.get(method);
    case 'set':
      return ofSets.get(method);
    case 'map':
      return ofMaps.get(method);
    case 'class':
      return ofClasses.get(method);
    case 'object':
      return container.methods.has(method) ? ofClasses.get(method) : undefined;
    case 'chain':
      return undefined;
    case 'package': {
      const does = container.type.method(method)?.queue?.does;
      return does === 'open' ? undefined : does;
    }
  }
}

function namesThat(...wanted: readonly Does[]): ReadonlySet<string> {
  return new Set([ofArrays, ofSets, ofMaps, ofClasses].flatMap((methods) => [...methods].flatMap(([name, does]) => (wanted.includes(does) ? [name] : []))));
}

const languageTypes: ReadonlyMap<string, Container> = new Map<string, Container>([
  ['global#Array', { kind: 'array' }],
  ['global#Set', { kind: 'set' }],
  ['global#Map', { kind: 'map' }],
]);

/**
 * The collection that an instruction makes.
 *
 * @param instruction - what gives a value
 * @param fn - where it is
 * @param world - resolves what is constructed
 * @returns the collection; undefined for other values
 */
export function madeBy(instruction: Instruction | undefined, fn: FunctionIr, world: World): Container | undefined {
  if (instruction?.op === 'array') return instruction.elements.length === 0 ? { kind: 'array' } : undefined;
  if (instruction?.op !== 'call') return undefined;
  if (instruction.callee.kind === 'value') return madeByFunction(instruction, fn, world);
  if (instruction.callee.kind !== 'construct') return undefined;
  const { value } = instruction.callee;
  const api = apiOf(value, fn, world);
  const type = api?.instance;
  if (type !== undefined) return languageTypes.get(type.path) ?? (hasQueue(type) ? { kind: 'package', type } : undefined);
  const class_ = classOf(value, fn, world);
  return class_ !== undefined && isCollection(methodsOf(class_)) ? { kind: 'class', class: class_ } : undefined;
}

/**
 * The collection of a package, or of a class of the program, that somebody hands over.
 *
 * @param given - a parameter
 * @param world - says of which type it is
 * @returns the collection; undefined for other values
 */
export function givenBy(given: Variable, world: World): Container | undefined {
  const type = world.typeOf(given.origin);
  if (type.kind === 'class') return isCollection(methodsOf(type.class)) ? { kind: 'class', class: type.class } : undefined;
  return type.kind === 'instance' && hasQueue(type.type) ? { kind: 'package', type: type.type } : undefined;
}

/** `createQueue()`: a function that returns an object with methods around a collection of its own. */
function madeByFunction(call: Call, fn: FunctionIr, world: World): Container | undefined {
  const factory = calleeBehind(call, fn, world);
  if (factory === undefined || factory.isAsync || factory.isGenerator) return undefined;
  const index = functionIndexOf(factory.module);
  const objects = factsOf(factory).returned.map((value) => factsOf(factory).makerOf(value));
  const [object] = objects;
  if (objects.length !== 1 || object?.op !== 'object') return undefined;
  const methods = new Map(
    object.properties.flatMap((property): [string, FunctionIr][] => {
      const method = property.kind === 'value' ? index.functionOf(property.value) : undefined;
      return method !== undefined && property.kind === 'value' && property.key.kind === 'name' ? [[property.key.name, method]] : [];
    }),
  );
  return isCollection([...methods].map(([name, method]) => ({ name, method }))) ? { kind: 'object', methods } : undefined;
}

function hasQueue(type: ApiType): boolean {
  return [...ofClasses.keys()].some((name) => type.method(name)?.queue?.does === 'put');
}

/** The class of the program that a variable stands for, its own file's or an imported one. */
export function classOf(variable: Variable, fn: FunctionIr, world: World): ClassIr | undefined {
  const owner = variable.storage === 'temporary' ? fn : variable.owner;
  const definitions = functionIndexOf(owner.module).definitionsOf(variable);
  const definition = definitions.length === 1 ? definitions[0]?.instruction : undefined;
  if (definition?.op === 'copy') return classOf(definition.source, owner, world);
  if (definition?.op === 'class') return definition.class;
  const binding = importedBy(variable, world);
  return binding?.kind === 'class' ? binding.class : undefined;
}

interface Method {
  readonly name: string;
  readonly method: FunctionIr;
}

function methodsOf({ members }: ClassIr): readonly Method[] {
  return members.flatMap(({ key, function: method }) => (key.kind === 'name' ? [{ name: key.name, method }] : []));
}

/** One method keeps what it is given and one gives out what was kept, both at once; one that waits is a channel, whose bound is its own business. */
function isCollection(methods: readonly Method[]): boolean {
  const does = new Set(methods.flatMap(({ name, method }) => (method.isAsync ? [] : (doneBy(name, method) ?? []))));
  return does.has('put') && does.has('take') && !methods.some(isRefusing);
}

/** What a method says by its name that it does, where its body does so. */
function doneBy(name: string, fn: FunctionIr): Does | undefined {
  const does = ofClasses.get(name);
  if (does === 'put') return keepsArgument(fn) ? does : undefined;
  return does === 'take' ? (givesOut(fn) ? does : undefined) : does;
}

/** An argument, or something made of it, is put where it outlives the call. */
function keepsArgument(fn: FunctionIr): boolean {
  const kept = derivedFrom(fn, fn.parameters);
  return factsOf(fn).sites.some(({ instruction }) => {
    if (instruction.op === 'store') return kept.has(instruction.value);
    if (isRebinding(instruction, fn)) return kept.has(instruction.source);
    return instruction.op === 'call' && instruction.callee.kind === 'method' && instruction.callee.object.storage !== 'parameter' && instruction.arguments.some(({ value }) => kept.has(value));
  });
}

/** It gives a value back, and what it is taken from is changed. */
function givesOut(fn: FunctionIr): boolean {
  const { returned, sites } = factsOf(fn);
  return returned.length > 0 && sites.some(({ instruction }) => instruction.op === 'store' || instruction.op === 'delete' || isRebinding(instruction, fn) || (instruction.op === 'call' && instruction.callee.kind === 'method'));
}

/** A variable of the functions around it is given another value: `head = head.next`. */
function isRebinding(instruction: Instruction, fn: FunctionIr): instruction is Extract<Instruction, { readonly op: 'copy' }> {
  return instruction.op === 'copy' && instruction.target.owner !== fn;
}

/** A method that throws, or compares a length with a limit: the collection bounds itself. */
function isRefusing({ name, method }: Method): boolean {
  if (ofClasses.get(name) !== 'put') return false;
  return factsOf(method).blocks.some(({ terminal }) => terminal.kind === 'throw' || (terminal.kind === 'branch' && terminal.test.kind === 'less'));
}

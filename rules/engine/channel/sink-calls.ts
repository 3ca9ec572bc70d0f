import type { SinkSignal } from '../contracts/contract.js';
import type { FunctionIr, Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { contractOf } from './apis.js';
import type { Callers } from './callers.js';
import { factsOf, type Call, type Site } from './facts.js';
import { fateOf } from './fate.js';
import { functionIndexOf } from './functions.js';
import { GivenSinks } from './given-sinks.js';
import { calledAs } from './names.js';
import { madeBy, type Root, rootOf } from './roots.js';
import { baseTypeOf, streamOfThis } from './streams.js';

/** A call by which a sink may be given something, and of which nothing that comes back is looked at. */
export interface Candidate {
  readonly site: Site<Call>;
  readonly root: Root;
  /** The method: `write`, also where it goes by another name. */
  readonly name: string;
  readonly chunk: Variable;
  /** How the sink says that it is full; undefined where the call is not one on a sink. Asks for the callee's type. */
  readonly signal: () => SinkSignal | undefined;
}

/** How sinks say that they are full, asked once for all the calls of one method on one object. */
class Signals {
  readonly #known = new Map<Variable, Map<string, SinkSignal | undefined>>();

  of({ site, root, name }: Omit<Candidate, 'signal'>, signal: () => SinkSignal | undefined): SinkSignal | undefined {
    const { base, path } = root;
    // What is assigned again, or looked at, may have another type elsewhere.
    if ((!base.isConstant && base.storage !== 'this') || isNarrowed(base, site.fn)) return signal();
    const known = this.#known.get(base) ?? new Map<string, SinkSignal | undefined>();
    this.#known.set(base, known);
    const key = [...path, name].join('.');
    if (!known.has(key)) known.set(key, signal());
    return known.get(key);
  }
}

function isNarrowed(base: Variable, fn: FunctionIr): boolean {
  return factsOf(fn).blocks.some(({ terminal }) => terminal.kind === 'branch' && (terminal.test.kind === 'instanceof' || terminal.test.kind === 'typeof') && rootOf(terminal.test.value).base === base);
}

/** Finds the calls that give sinks something. */
export class SinkCalls {
  readonly #world: World;
  readonly #given: GivenSinks;
  readonly #signals = new Signals();

  constructor(world: World, callers: Callers) {
    this.#world = world;
    this.#given = new GivenSinks(world, callers);
  }

  /**
   * What a call gives to a sink, as far as its form tells.
   *
   * @param site - the call
   * @param isWorthwhile - the names of methods to look at; all, where there is none
   * @returns undefined for other calls, and where the answer is looked at
   */
  at(site: Site, isWorthwhile: (name: string) => boolean = () => true): Candidate | undefined {
    if (!isCall(site)) return undefined;
    const { callee, arguments: [first] } = site.instruction;
    const bound = boundBy(site);
    const name = bound?.name ?? calledAs(site);
    const chunk = bound === undefined ? first?.value : bound.chunk;
    if (!isWorthwhile(name) || chunk === undefined || isEnd(chunk) || fateOf(site) === 'used') return undefined;
    if (callee.kind === 'super-method') return this.#ofSuper(site, name, chunk);
    const object = bound?.object ?? (callee.kind === 'method' ? { value: callee.object, origin: callee.objectOrigin } : undefined);
    if (object === undefined) return undefined;
    const candidate = { site, name, chunk, root: rootOf(object.value) };
    if (isOwnCollection(candidate.root) || isConsole(candidate.root)) return undefined;
    return { ...candidate, signal: () => this.#signals.of(candidate, () => this.#signalOf(candidate, object.origin, bound !== undefined)) };
  }

  #signalOf({ site, root, name }: Omit<Candidate, 'signal'>, object: Origin, isBound: boolean): SinkSignal | undefined {
    if (isOrdinary(object, this.#world)) return undefined;
    const declared = isBound ? undefined : (contractOf(site.instruction, site.fn, this.#world)?.sink ?? inheritedSink(root, site, this.#world));
    // Every list has a `push`.
    return declared ?? (name === 'push' ? undefined : this.#given.signalOf(object, root, name));
  }

  /** `super.push(chunk)` in an override of `push` is not a producer of its own. */
  #ofSuper(site: Site<Call>, name: string, chunk: Variable): Candidate | undefined {
    const { ownerClass, thisVariable } = site.fn;
    if (ownerClass === undefined || thisVariable === undefined || ownerClass.members.some((member) => member.function === site.fn && member.key.kind === 'name' && member.key.name === name)) return undefined;
    return { site, name, chunk, root: { base: thisVariable, path: [] }, signal: () => baseTypeOf(ownerClass, this.#world)?.method(name)?.sink };
  }
}

/** A method under a name of its own: `const write = sink.write.bind(sink)`, `write.call(sink, chunk)`. */
interface Bound {
  readonly name: string;
  readonly object: { readonly value: Variable; readonly origin: Origin };
  readonly chunk: Variable | undefined;
}

function boundBy({ instruction: { callee, arguments: args } }: Site<Call>): Bound | undefined {
  if (callee.kind === 'method' && callee.key.kind === 'name' && callee.key.name === 'call') return boundTo(callee.object, args[0], args[1]?.value);
  const binding = callee.kind === 'value' ? madeBy(callee.value)?.instruction : undefined;
  if (binding?.op !== 'call' || binding.arguments.length !== 1 || binding.callee.kind !== 'method' || binding.callee.key.kind !== 'name' || binding.callee.key.name !== 'bind') return undefined;
  return boundTo(binding.callee.object, binding.arguments[0], args[0]?.value);
}

function boundTo(method: Variable, object: Call['arguments'][number] | undefined, chunk: Variable | undefined): Bound | undefined {
  const loaded = madeBy(method)?.instruction;
  return loaded?.op === 'load' && loaded.key.kind === 'name' && object !== undefined ? { name: loaded.key.name, object, chunk } : undefined;
}

function isCall(site: Site): site is Site<Call> {
  return site.instruction.op === 'call';
}

/**
 * By its type no sink, but a list, a text or an instance of a class of the program's own. Asked of the object, which every call on it
 * has in common: to find out what a call calls, the checker looks at all its arguments.
 */
function isOrdinary(object: Origin, world: World): boolean {
  const type = world.typeOf(object);
  return type.kind === 'array' || type.kind === 'primitive' || (type.kind === 'class' && type.class.superNames.length === 0);
}

/** What a constructor inherits by `util.inherits`, no type tells. */
function inheritedSink({ base, path }: Root, site: Site<Call>, world: World): SinkSignal | undefined {
  if (path.length > 0 || base.storage !== 'this' || base.owner.ownerClass !== undefined) return undefined;
  return streamOfThis(base.owner, world)?.method(calledAs(site))?.sink;
}

/** `push(null)` ends the stream. */
function isEnd(chunk: Call['target']): boolean {
  const made = madeBy(chunk)?.instruction;
  return made?.op === 'literal' && (made.value === null || made.value === undefined);
}

/** An array, a Set or a string builder that is made right here. */
function isOwnCollection({ base, path }: Root): boolean {
  return path.length === 0 && madeBy(base)?.instruction.op === 'array';
}

/** What is written to the process's own output is written at once, except to a pipe on some systems. */
function isConsole(root: Root): boolean {
  return isOwnOutput(root) || holdsOwnOutput(root) || (root.path.length === 0 && defaultsToOwnOutput(root.base, 0));
}

/** `const out = options.output ?? process.stdout` */
function defaultsToOwnOutput(variable: Variable, depth: number): boolean {
  if (depth > 3) return false;
  return functionIndexOf(variable.owner.module).definitionsOf(variable).some(({ instruction }) => {
    if (instruction.op === 'copy') return isOwnOutput(rootOf(instruction.source)) || defaultsToOwnOutput(instruction.source, depth + 1);
    return instruction.op === 'load' && isOwnOutput(rootOf(instruction.target));
  });
}

/** `this.out = process.stdout`, and nothing else is ever put there. */
function holdsOwnOutput({ base, path }: Root): boolean {
  const name = path.at(-1);
  if (name === undefined) return false;
  const stored = functionIndexOf(base.owner.module).touching(name).flatMap((user) => factsOf(user).sites).flatMap(({ instruction }) => (instruction.op === 'store' && instruction.key.kind === 'name' && instruction.key.name === name ? [instruction.value] : []));
  // A field that is only declared holds nothing yet.
  const given = stored.filter((value) => !isEnd(value));
  return given.length > 0 && given.every((value) => isOwnOutput(rootOf(value)));
}

function isOwnOutput({ base, path }: Root): boolean {
  const made = madeBy(base)?.instruction;
  const isProcess = (made?.op === 'global' && made.name === 'process') || (made?.op === 'import' && /^(?:node:)?process$/.test(made.specifier));
  return (isProcess && (path[0] === 'stdout' || path[0] === 'stderr')) || (made?.op === 'import' && isProcess && /^std(?:out|err)$/.test(made.imported));
}


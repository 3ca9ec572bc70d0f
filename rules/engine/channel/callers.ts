import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { classOf } from './containers.js';
import { factsOf, type Call, type Site } from './facts.js';
import { calleeBehind } from './function-behind.js';
import { functionIndexOf, type Reference } from './functions.js';
import type { ChannelOptions } from './options.js';

/** Finds what calls call, and who calls a function, in all files of the program. */
export class Callers {
  readonly #world: World;
  readonly #names: ChannelOptions['names'];
  readonly #calls = new Map<FunctionIr, readonly Site<Call>[]>();

  constructor({ world, names }: Pick<ChannelOptions, 'world' | 'names'>) {
    this.#world = world;
    this.#names = names;
  }

  /** The function or constructor of the program that a call calls. */
  calleeOf(call: Call, fn: FunctionIr): FunctionIr | undefined {
    return this.#named(call, fn) ?? this.#typed(call);
  }

  #named(call: Call, fn: FunctionIr): FunctionIr | undefined {
    return call.callee.kind === 'construct' ? classOf(call.callee.value, fn, this.#world)?.constructorFunction : calleeBehind(call, fn, this.#world);
  }

  #typed({ callee, origin }: Call): FunctionIr | undefined {
    const known = callee.kind === 'method' ? this.#world.calleeOf(origin) : undefined;
    return known !== undefined && 'function' in known ? known.function : undefined;
  }

  /** The calls of a function or constructor. */
  callsOf(fn: FunctionIr): readonly Site<Call>[] {
    let calls = this.#calls.get(fn);
    if (calls === undefined) this.#calls.set(fn, (calls = this.#find(fn)));
    return calls;
  }

  #find(fn: FunctionIr): readonly Site<Call>[] {
    const { ownerClass, module } = fn;
    const name = fn.kind === 'constructor' && ownerClass !== undefined ? ownerClass.name : fn.name.replace(/^.*[#.]/, '');
    if (name === '' || name.startsWith('<')) return [];
    const users = new Set([...this.#names.touching(name), ...usersIn(fn, name, functionIndexOf(module).referencesOf(fn))]);
    return [...users].flatMap((user) =>
      factsOf(user).sites.filter((site): site is Site<Call> => site.instruction.op === 'call' && mayCall(site.instruction, fn) && (this.#named(site.instruction, user) ?? (isDeclaredMember(fn) ? this.#typed(site.instruction) : undefined)) === fn),
    );
  }
}

/** A constructor, and where the fields that its parameters declare are set. */
export function settersOf(fn: FunctionIr): readonly FunctionIr[] {
  const fields = fn.kind === 'constructor' ? fn.ownerClass?.fields : undefined;
  return fields === undefined ? [fn] : [fn, fields];
}

/** What a function is given: an argument, or a property of one. */
export interface Given {
  readonly parameter: Variable;
  readonly property: string | undefined;
}

/** What a function is given that a variable of it holds: `queue` of `({ queue }) => …`, too. */
export function givenIn(variable: Variable, fn: FunctionIr): Given | undefined {
  const facts = factsOf(fn);
  const source = facts.sourceOf(variable);
  if (fn.parameters.includes(source)) return { parameter: source, property: undefined };
  const made = facts.definitionOf(source);
  if (made?.op !== 'load' || made.key.kind !== 'name') return undefined;
  const parameter = facts.sourceOf(made.object);
  return fn.parameters.includes(parameter) ? { parameter, property: made.key.name } : undefined;
}

/** Whether a variable of a function holds what that was given. */
export function isGiven(variable: Variable, { parameter, property }: Given, fn: FunctionIr): boolean {
  const facts = factsOf(fn);
  const source = facts.sourceOf(variable);
  if (property === undefined) return source === parameter;
  const made = facts.definitionOf(source);
  return made?.op === 'load' && made.key.kind === 'name' && made.key.name === property && facts.sourceOf(made.object) === parameter;
}

/** What a constructor is given and puts into a field. */
export function givenToField(setter: FunctionIr, field: string): Given | undefined {
  if (setter.parameters.length === 0) return undefined;
  const given = settersOf(setter).flatMap((fn) => {
    if (!fn.outline.members.has(field)) return [];
    return factsOf(fn).sites.flatMap(({ instruction }) =>
      instruction.op === 'store' && instruction.object.storage === 'this' && instruction.key.kind === 'name' && instruction.key.name === field ? [givenOf(instruction.value, fn, setter)] : [],
    );
  });
  return given.find((one) => one !== undefined);
}

/** In a constructor, or where the fields that its parameters declare are set. */
function givenOf(value: Variable, fn: FunctionIr, setter: FunctionIr): Given | undefined {
  const source = factsOf(fn).sourceOf(value);
  return fn === setter ? givenIn(source, setter) : setter.parameters.includes(source) ? { parameter: source, property: undefined } : undefined;
}

/** The parameter that an argument becomes; undefined where they are not written one by one. */
export function parameterAt(call: Call, callee: FunctionIr, position: number): Variable | undefined {
  const parameter = callee.parameters[position];
  const isCounted = !call.arguments.slice(0, position + 1).some(({ isSpread }) => isSpread);
  return isCounted && !(callee.hasRest && position === callee.parameters.length - 1) ? parameter : undefined;
}

/** What an object literal has under a name. */
export function propertyOf(object: Instruction | undefined, name: string): Variable | undefined {
  const property = object?.op === 'object' ? object.properties.find((each) => each.kind === 'value' && each.key.kind === 'name' && each.key.name === name) : undefined;
  return property?.kind === 'value' ? property.value : undefined;
}

/** By its form: what it calls is asked for only then. */
function mayCall({ callee }: Call, { kind, name }: FunctionIr): boolean {
  if (kind === 'constructor') return callee.kind === 'construct';
  return callee.kind === 'value' || (callee.kind === 'method' && callee.key.kind === 'name' && name.endsWith(callee.key.name));
}

/** Types lead to a class's members: a function that is put into an object's property is not what the property's type declares. */
function isDeclaredMember({ kind, ownerClass }: FunctionIr): boolean {
  return kind === 'method' || ownerClass !== undefined;
}

/** The functions of its own file that call a function, or may make an instance of its class. */
function usersIn({ kind, ownerClass, module }: FunctionIr, name: string, references: readonly Reference[]): readonly FunctionIr[] {
  if (kind !== 'constructor' || ownerClass === undefined) return references.flatMap((reference) => (reference.kind === 'call' ? [reference.site.fn] : []));
  const declared = factsOf(ownerClass.parent).sites.flatMap(({ instruction }) => (instruction.op === 'copy' && instruction.target.name === name ? [instruction.target] : []));
  return declared.flatMap((variable) => functionIndexOf(module).using(variable));
}

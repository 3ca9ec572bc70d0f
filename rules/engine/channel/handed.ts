import type { ClassIr, FunctionIr, Instruction, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { classOf } from './containers.js';
import { factsOf, type Call, type Site } from './facts.js';
import { calleeBehind } from './function-behind.js';
import { functionIndexOf } from './functions.js';
import type { ChannelOptions } from './options.js';
import { below, touchersOf, type Place, type Places } from './places.js';
import type { Holders, Uses } from './uses.js';

/** Objects that more places hold are not followed. */
const most = 16;
/** A function that is called from more places is given many different objects. */
const mostCalls = 3;

/** Follows objects that are handed on: as arguments to functions and constructors, and from there to fields. */
export class Handed {
  readonly #world: World;
  readonly #names: ChannelOptions['names'];
  readonly #places: Places;
  readonly #uses: Uses;

  constructor({ world, names }: Pick<ChannelOptions, 'world' | 'names'>, places: Places, uses: Uses) {
    this.#world = world;
    this.#names = names;
    this.#places = places;
    this.#uses = uses;
  }

  /**
   * Whether a place may hold what it was handed, or what it holds may be handed on: asks for no type, and looks at no other file.
   *
   * @param place - a variable, a field or a member of one
   * @returns false where nothing of the kind is in sight
   */
  isHanded(place: Place): boolean {
    return outwards(place).some((at) => at.variable?.storage === 'parameter' || this.#parameterIn(at) !== undefined || this.#passing(at).length > 0);
  }

  /**
   * Everything that holds what a place holds.
   *
   * @param place - a variable, a field or a member of one
   * @returns the places, the given one first
   */
  holdersOf(place: Place): Holders {
    const places = new Map([[place.key, place]]);
    const handing = new Set<Instruction>();
    for (const holder of places.values()) {
      if (places.size > most) break;
      for (const at of outwards(holder)) {
        for (const { place: other, by } of [...this.#givenFrom(at), ...this.#givenTo(at)]) {
          for (const instruction of by) handing.add(instruction);
          const same = below(holder, at, other);
          places.set(same.key, same);
        }
      }
    }
    return { places: [...places.values()], handing };
  }

  /** What functions and constructors put it in that are given it. */
  #givenTo(place: Place): readonly Handing[] {
    return this.#passing(place).flatMap(({ fn, instruction }): readonly Handing[] => {
      const callee = this.#calleeOf(instruction, fn);
      if (callee === undefined) return [];
      return instruction.arguments.flatMap(({ value }, position) => {
        const parameter = this.#places.placeOf(value, fn)?.key === place.key ? parameterAt(instruction, callee, position) : undefined;
        return parameter === undefined ? [] : [{ place: this.#placeOfParameter(parameter), by: [instruction] }, ...this.#fieldsOf(parameter, [instruction])];
      });
    });
  }

  /** The calls that are given what is in a place. */
  #passing(place: Place): readonly Site<Call>[] {
    return touchersOf(place).flatMap((fn) => (this.#uses.in(fn).get(place.key) ?? []).flatMap(({ kind, site }) => (kind === 'shared' && isCall(site) ? [site] : [])));
  }

  /** What it was handed over from: by the callers of the function whose parameter it is, or of the constructor that sets the field. */
  #givenFrom(place: Place): readonly Handing[] {
    const parameter = place.variable?.storage === 'parameter' ? place.variable : this.#parameterIn(place);
    if (parameter === undefined) return [];
    const calls = this.#callsOf(parameter.owner);
    if (calls.length > mostCalls) return [];
    const position = parameter.owner.parameters.indexOf(parameter);
    const given = calls.flatMap(({ fn, instruction }): readonly Handing[] => {
      const argument = instruction.arguments[position];
      const from = argument && parameterAt(instruction, parameter.owner, position) ? this.#places.placeOf(argument.value, fn) : undefined;
      return from === undefined ? [] : [{ place: from, by: [instruction] }];
    });
    return [{ place: this.#placeOfParameter(parameter), by: [] }, ...this.#fieldsOf(parameter, []), ...given];
  }

  #placeOfParameter(parameter: Variable): Place {
    // A parameter is always a place.
    return this.#places.placeOf(parameter, parameter.owner)!;
  }

  /** `constructor(queue) { this.queue = queue; }` */
  #fieldsOf(parameter: Variable, by: readonly Instruction[]): readonly Handing[] {
    return settersOf(parameter.owner).flatMap((fn) =>
      factsOf(fn).sites.flatMap(({ instruction }): readonly Handing[] => {
        if (instruction.op !== 'store' || instruction.key.kind !== 'name' || factsOf(fn).sourceOf(instruction.value) !== parameter) return [];
        const field = this.#places.memberOf(instruction.object, instruction.key.name, fn);
        return field === undefined ? [] : [{ place: field, by: [...by, instruction] }];
      }),
    );
  }

  /** The parameter of a constructor that a field is given, and nothing else. */
  #parameterIn({ base, name }: Place): Variable | undefined {
    const setter = base?.class?.constructorFunction;
    if (base?.class === undefined || setter === undefined || setter.parameters.length === 0) return undefined;
    const key = `${base.key}.${name}`;
    const given = settersOf(setter).flatMap((fn) => (this.#uses.in(fn).get(key) ?? []).flatMap((raw) => (raw.kind === 'assign' ? [factsOf(fn).sourceOf(raw.value)] : [])));
    return given.find(({ storage, owner }) => storage === 'parameter' && owner === setter);
  }

  #calleeOf(call: Call, fn: FunctionIr): FunctionIr | undefined {
    if (call.callee.kind === 'construct') return classOf(call.callee.value, fn, this.#world)?.constructorFunction;
    const named = calleeBehind(call, fn, this.#world);
    if (named !== undefined || call.callee.kind !== 'method') return named;
    const callee = this.#world.calleeOf(call.origin);
    return callee !== undefined && 'function' in callee ? callee.function : undefined;
  }

  /** The calls of a function anywhere in the program. */
  #callsOf(fn: FunctionIr): readonly Site<Call>[] {
    const { ownerClass, module } = fn;
    const name = fn.kind === 'constructor' && ownerClass !== undefined ? ownerClass.name : fn.name.replace(/^.*[#.]/, '');
    if (name === '' || name.startsWith('<')) return [];
    const users = new Set([...this.#names.touching(name), ...usersIn(module.top, ownerClass, name)]);
    return [...users].flatMap((user) =>
      factsOf(user).sites.filter((site): site is Site<Call> => site.instruction.op === 'call' && mayCall(site.instruction, fn) && this.#calleeOf(site.instruction, user) === fn),
    );
  }
}

/** A place and what it is a member of: `run(lane)` hands `lane.jobs` on. */
function outwards(place: Place): readonly Place[] {
  const isObject = place.base === undefined && place.variable === undefined;
  return isObject ? [] : [place, ...(place.base === undefined ? [] : outwards(place.base))];
}

function isCall(site: Site): site is Site<Call> {
  return site.instruction.op === 'call';
}

interface Handing {
  readonly place: Place;
  readonly by: readonly Instruction[];
}

/** A constructor, and where the fields that its parameters declare are set. */
function settersOf(fn: FunctionIr): readonly FunctionIr[] {
  const fields = fn.kind === 'constructor' ? fn.ownerClass?.fields : undefined;
  return fields === undefined ? [fn] : [fn, fields];
}

function parameterAt(call: Call, callee: FunctionIr, position: number): Variable | undefined {
  const parameter = callee.parameters[position];
  const isCounted = !call.arguments.slice(0, position + 1).some(({ isSpread }) => isSpread);
  return isCounted && parameter?.storage === 'parameter' && !(callee.hasRest && position === callee.parameters.length - 1) ? parameter : undefined;
}

/** By its form: what it calls is asked for only then. */
function mayCall({ callee }: Call, { kind, name }: FunctionIr): boolean {
  if (kind === 'constructor') return callee.kind === 'construct';
  return callee.kind === 'value' || (callee.kind === 'method' && callee.key.kind === 'name' && name.endsWith(callee.key.name));
}

/** The functions of the file that name a class or function of its top level. */
function usersIn(top: FunctionIr, ownerClass: ClassIr | undefined, name: string): readonly FunctionIr[] {
  const index = functionIndexOf(top.module);
  const declared = factsOf(top).sites.flatMap(({ instruction }) => (instruction.op === 'copy' && instruction.target.name === name ? [instruction.target] : []));
  return [...declared.flatMap((variable) => index.using(variable)), ...(ownerClass === undefined ? [] : index.touching(name))];
}

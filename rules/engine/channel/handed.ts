import type { Instruction, Variable } from '../ir/index.js';
import { parameterAt, parameterOfField, settersOf, type Callers } from './callers.js';
import { factsOf, type Call, type Site } from './facts.js';
import { below, touchersOf, type Place, type Places } from './places.js';
import type { Holders, Uses } from './uses.js';

/** Objects that more places hold are not followed. */
const most = 16;
/** A function that is called from more places is given many different objects. */
const mostCalls = 3;

/** Follows objects that are handed on: as arguments to functions and constructors, and from there to fields. */
export class Handed {
  readonly #callers: Callers;
  readonly #places: Places;
  readonly #uses: Uses;

  /**
   * @param callers - knows what calls call
   * @param places - finds the places of values
   * @param uses - what functions do with places
   */
  constructor(callers: Callers, places: Places, uses: Uses) {
    this.#callers = callers;
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
      const callee = this.#callers.calleeOf(instruction, fn);
      if (callee === undefined) return [];
      return instruction.arguments.flatMap(({ value }, position) => {
        const parameter = this.#places.placeOf(value, fn)?.key === place.key ? parameterAt(instruction, callee, position) : undefined;
        return parameter === undefined ? [] : this.#heldBy(parameter, [instruction]);
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
    const calls = this.#callers.callsOf(parameter.owner);
    if (calls.length > mostCalls) return [];
    const position = parameter.owner.parameters.indexOf(parameter);
    const given = calls.flatMap(({ fn, instruction }): readonly Handing[] => {
      const argument = instruction.arguments[position];
      const from = argument && parameterAt(instruction, parameter.owner, position) ? this.#places.placeOf(argument.value, fn) : undefined;
      return from === undefined ? [] : [{ place: from, by: [instruction] }];
    });
    return [...this.#heldBy(parameter, []), ...given];
  }

  /** What the object is in from then on: the parameter, and the fields that it is put into. */
  #heldBy(parameter: Variable, by: readonly Instruction[]): readonly Handing[] {
    const place = this.#places.placeOf(parameter, parameter.owner);
    return [...(place === undefined ? [] : [{ place, by }]), ...this.#fieldsOf(parameter, by)];
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

  #parameterIn({ base, name }: Place): Variable | undefined {
    const setter = base?.class?.constructorFunction;
    return setter && parameterOfField(setter, name);
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

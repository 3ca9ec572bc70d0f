import type { FunctionIr, Instruction } from '../ir/index.js';
import { givenIn, givenToField, isGiven, parameterAt, propertyOf, settersOf, type Callers, type Given } from './callers.js';
import { factsOf, isCall, type Call, type Site } from './facts.js';
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
   * @returns `itself`, and by any name from there on; `within` an object that is handed on, where it keeps its name; undefined where
   *   nothing of the kind is in sight
   */
  howHanded(place: Place): 'itself' | 'within' | undefined {
    const [itself, ...around] = outwards(place);
    if (itself !== undefined && this.#isHandedAt(itself)) return 'itself';
    return around.some((at) => this.#isHandedAt(at)) ? 'within' : undefined;
  }

  #isHandedAt(place: Place): boolean {
    return this.#givenAs(place) !== undefined || this.#passing(place).length > 0;
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
    return this.#passing(place).flatMap(({ site: { fn, instruction: call }, property, by }): readonly Handing[] => {
      const callee = this.#callers.calleeOf(call, fn);
      if (callee === undefined) return [];
      return call.arguments.flatMap(({ value }, position) => {
        const isIt = property === undefined ? this.#places.placeOf(value, fn)?.key === place.key : factsOf(fn).makerOf(value) === by;
        const parameter = isIt ? parameterAt(call, callee, position) : undefined;
        return parameter === undefined ? [] : this.#heldBy({ parameter, property }, property === undefined ? [call] : [by]);
      });
    });
  }

  /** The calls that are given what is in a place, by itself or as a property of an object: `new Receiver({ queue })`. */
  #passing(place: Place): readonly Passing[] {
    return touchersOf(place).flatMap((fn) =>
      (this.#uses.in(fn).get(place.key) ?? []).flatMap(({ kind, site }): readonly Passing[] => {
        if (kind !== 'shared') return [];
        if (isCall(site)) return [{ site, property: undefined, by: site.instruction }];
        const { instruction } = site;
        if (instruction.op !== 'object') return [];
        const names = instruction.properties.flatMap((each) => (each.kind === 'value' && each.key.kind === 'name' && this.#places.placeOf(each.value, fn)?.key === place.key ? [each.key.name] : []));
        const calls = factsOf(fn).usesOf(instruction.target).filter(isCall);
        return calls.flatMap((call) => names.map((property) => ({ site: call, property, by: instruction })));
      }),
    );
  }

  /** What it was handed over from: by the callers of the function whose parameter it is, or of the constructor that sets the field. */
  #givenFrom(place: Place): readonly Handing[] {
    const given = this.#givenAs(place);
    if (given === undefined) return [];
    const { parameter, property } = given;
    const calls = this.#callers.callsOf(parameter.owner);
    if (calls.length > mostCalls) return [];
    const position = parameter.owner.parameters.indexOf(parameter);
    const from = calls.flatMap(({ fn, instruction }): readonly Handing[] => {
      const argument = parameterAt(instruction, parameter.owner, position) && instruction.arguments[position];
      if (argument === undefined) return [];
      const object = property === undefined ? undefined : factsOf(fn).makerOf(argument.value);
      const value = property === undefined ? argument.value : propertyOf(object, property);
      const source = value && this.#places.placeOf(value, fn);
      return source === undefined ? [] : [{ place: source, by: [object ?? instruction] }];
    });
    return [...this.#heldBy(given, []), ...from];
  }

  /** What the object is in from then on: the parameter, and the variables and fields that it is put into. */
  #heldBy({ parameter, property }: Given, by: readonly Instruction[]): readonly Handing[] {
    const fn = parameter.owner;
    const itself = property === undefined ? this.#places.placeOf(parameter, fn) : this.#places.memberOf(parameter, property, fn);
    const held: readonly Handing[] = itself === undefined ? [] : [{ place: itself, by }];
    const kept = settersOf(fn).flatMap((setter) =>
      factsOf(setter).sites.flatMap(({ instruction }): readonly Handing[] => {
        const place = this.#keptBy(instruction, { parameter, property }, setter);
        return place === undefined ? [] : [{ place, by: [...by, instruction] }];
      }),
    );
    return [...held, ...kept];
  }

  /** `constructor({ queue }) { this.queue = queue; }`: the field; and the variable that a destructured parameter gives its value. */
  #keptBy(instruction: Instruction, given: Given, fn: FunctionIr): Place | undefined {
    if (instruction.op === 'store' && instruction.key.kind === 'name' && isGiven(instruction.value, given, fn)) return this.#places.memberOf(instruction.object, instruction.key.name, fn);
    const isNamed = instruction.op === 'copy' && given.property !== undefined && instruction.target.storage === 'local' && isGiven(instruction.source, given, fn);
    return isNamed ? this.#places.placeOf(instruction.target, fn) : undefined;
  }

  /** The parameter that a variable is, or is a property of; or that a constructor gives a field. */
  #givenAs({ base, name, variable }: Place): Given | undefined {
    if (variable?.storage === 'parameter') return { parameter: variable, property: undefined };
    if (variable !== undefined) return givenIn(variable, variable.owner);
    if (base?.variable?.storage === 'parameter') return { parameter: base.variable, property: name };
    const setter = base?.class?.constructorFunction;
    return setter && givenToField(setter, name);
  }
}

/** A call that is given something, as a property of an object or by itself. */
interface Passing {
  readonly site: Site<Call>;
  readonly property: string | undefined;
  /** What hands it on: the call, or the object. */
  readonly by: Instruction;
}

/** A place and what it is a member of: `run(lane)` hands `lane.jobs` on. */
function outwards(place: Place): readonly Place[] {
  const isObject = place.base === undefined && place.variable === undefined;
  return isObject ? [] : [place, ...(place.base === undefined ? [] : outwards(place.base))];
}

interface Handing {
  readonly place: Place;
  readonly by: readonly Instruction[];
}

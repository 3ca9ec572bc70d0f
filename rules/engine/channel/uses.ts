import type { FunctionIr, Instruction, Key, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { doesOf, givenBy, madeBy, puttingNames, type Container } from './containers.js';
import { factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { renewedBy } from './renewed.js';
import { elementKeyOf, isElement, touchersOf, type Place, type Places } from './places.js';

/** A value goes into a queue. */
export interface Put {
  readonly site: Site;
  /** The value; undefined where it is not a single one. */
  readonly value: Variable | undefined;
}

/** A value leaves a queue. */
export interface Take {
  readonly site: Site;
  /** `some`: a number that the code names. */
  readonly amount: 'one' | 'some' | 'all';
  /** What holds the value, or values. */
  readonly results: readonly Variable[];
  /** The one put in last leaves first: a stack, or a pool. */
  readonly isLast: boolean;
}

/** Everything that a program does with one queue. */
export interface QueueUses {
  readonly place: Place;
  readonly container: Container;
  readonly puts: readonly Put[];
  readonly takes: readonly Take[];
  /** Reads of its length. */
  readonly sizes: readonly { readonly fn: FunctionIr; readonly value: Variable }[];
  /** Reads of how much more there may be. */
  readonly rooms: QueueUses['sizes'];
  /** Functions that touch it. */
  readonly functions: readonly FunctionIr[];
  /** Code that is not followed gets hold of it. */
  readonly isShared: boolean;
}

/** What one instruction does with a place. */
export type Raw = { readonly site: Site } & (
  | { readonly kind: 'method'; readonly name: string; readonly call: Call }
  | { readonly kind: 'assign'; readonly value: Variable }
  | { readonly kind: 'property'; readonly name: string; readonly target: Variable }
  | { readonly kind: 'element'; readonly target: Variable }
  | { readonly kind: 'store'; readonly key: Key; readonly value: Variable }
  | { readonly kind: 'iterate'; readonly target: Variable }
  | { readonly kind: 'load'; readonly target: Variable }
  | { readonly kind: 'shared' }
);

/** The places that one object is in, because it is handed from one to the next. */
export interface Holders {
  /** The one that was asked about first. */
  readonly places: readonly Place[];
  /** What hands it on: nobody else gets it by that. */
  readonly handing: ReadonlySet<Instruction>;
}

/** An object that is in one place only, as far as anybody looked. */
export function inOnePlace(place: Place): Holders {
  return { places: [place], handing: new Set() };
}

/** Members of a collection that say how many it holds. */
const sizeNames: ReadonlySet<string> = new Set(['length', 'size']);

/** Finds the queues of functions, and what is done with each. */
export class Uses {
  readonly #world: World;
  readonly #places: Places;
  readonly #scanned = new WeakMap<FunctionIr, ReadonlyMap<string, readonly Raw[]>>();

  constructor(world: World, places: Places) {
    this.#world = world;
    this.#places = places;
  }

  /** The places that a function puts values into. */
  filledBy(fn: FunctionIr): readonly Place[] {
    const places = new Map<string, Place>();
    for (const site of factsOf(fn).sites) {
      const filled = filledAt(site);
      const place = filled === undefined ? this.#renewedAt(site) : this.#places.placeOf(filled, fn);
      if (place !== undefined && outlivesACall(place)) places.set(place.key, place);
    }
    return [...places.values()];
  }

  /** `queue = [...queue, value]`: a place that is given another list, made of the one that it has. */
  #renewedAt({ fn, instruction }: Site): Place | undefined {
    if (instruction.op !== 'store' && instruction.op !== 'copy') return undefined;
    if (instruction.op === 'copy' && instruction.target.storage === 'temporary') return undefined;
    const renewed = renewedBy(instruction.op === 'store' ? instruction.value : instruction.source, fn);
    const place = renewed?.does === 'put' ? this.#places.placeOf(renewed.of, fn) : undefined;
    if (place === undefined) return undefined;
    if (instruction.op === 'copy') return place.variable === instruction.target ? place : undefined;
    const base = this.#places.placeOf(instruction.object, fn);
    return base !== undefined && instruction.key.kind === 'name' && this.#places.within(base, instruction.key.name).key === place.key ? place : undefined;
  }

  /**
   * What is done with a queue.
   *
   * @param holders - the places that it is kept in
   * @param others - functions to look at, besides those of the places' own files
   * @returns all of it; undefined where no queue is kept there
   */
  of({ places, handing }: Holders, others: readonly FunctionIr[]): QueueUses | undefined {
    const [place] = places;
    const rawsOf = places.map((holder) => ({ holder, raws: [...new Set([...touchersOf(holder), ...others])].flatMap((fn) => this.in(fn).get(holder.key) ?? []) }));
    const made = rawsOf.map(({ holder, raws }) => this.#madeAt(raws, isElement(holder))).find((container) => container !== undefined);
    const container = made ?? rawsOf.map(({ holder, raws }) => this.#givenAt(holder, raws)).find((given) => given !== undefined);
    if (place === undefined || container === undefined) return undefined;
    // Who hands it over may empty it as well.
    const isGiven = made === undefined;
    const raws = rawsOf.flatMap((each) => each.raws);
    const puts = rawsOf.flatMap((each) => each.raws.flatMap((raw): Put[] => putOf(raw, container) ?? this.#putAnew(raw, each.holder)));
    const takes = raws.flatMap((raw) => this.#takeOf(raw, container, raws));
    // What was taken out as a whole is the taker's own from then on.
    const isShared = ({ kind, site }: Raw): boolean => kind === 'shared' && !handing.has(site.instruction) && !takes.some((take) => take.amount === 'all' && take.site.fn === site.fn);
    return {
      place,
      container,
      puts,
      takes,
      sizes: raws.flatMap((raw) => sizeOf(raw, container)),
      rooms: [],
      functions: [...new Set(raws.map(({ site }) => site.fn))],
      isShared: isGiven || raws.some(isShared),
    };
  }

  /** Every value that is ever kept there is a new collection. */
  #madeAt(raws: readonly Raw[], mayHoldOne: boolean): Container | undefined {
    const made = raws.flatMap((raw): (Container | undefined)[] => (raw.kind === 'assign' ? this.#madeOf(raw.value, raw.site.fn, mayHoldOne) : []));
    return made.find((container) => container !== undefined);
  }

  /** What a caller hands over, for good: a parameter, or a field that is given one. */
  #givenAt({ variable }: Place, raws: readonly Raw[]): Container | undefined {
    const given = variable?.storage === 'parameter' ? [variable] : raws.flatMap((raw) => (raw.kind === 'assign' && !isDeclared(raw.value, raw.site.fn) ? [factsOf(raw.site.fn).sourceOf(raw.value)] : []));
    const [parameter] = given;
    return given.length === 1 && parameter?.storage === 'parameter' && parameter.isConstant ? givenBy(parameter, this.#world) : undefined;
  }

  /** `mayHoldOne`: `queues.set(key, [value])` */
  #madeOf(value: Variable, fn: FunctionIr, mayHoldOne = false): (Container | undefined)[] {
    const facts = factsOf(fn);
    const definitions = facts.definitionsOf(value);
    return definitions.flatMap(({ instruction }) => {
      if (instruction.op === 'copy' && instruction.source.storage === 'temporary') return this.#madeOf(instruction.source, fn, mayHoldOne);
      return [mayHoldOne && instruction.op === 'array' && instruction.elements.every(({ kind }) => kind === 'value') ? { kind: 'array' } : madeBy(instruction, fn, this.#world)];
    });
  }

  #takeOf(raw: Raw, container: Container, raws: readonly Raw[]): Take[] {
    const { site } = raw;
    switch (raw.kind) {
      case 'method': {
        const does = doesOf(container, raw.name);
        if (does === 'clear') return [{ site, amount: 'all', results: held(raws, site.fn), isLast: false }];
        if (does !== 'take') return [];
        if (raw.name === 'splice') return spliced(site, raw.call);
        const isKeyed = container.kind === 'set' || container.kind === 'map';
        return [{ site, amount: 'one', results: [raw.call.target, ...peeked(raws, site.fn, container), ...(isKeyed ? held(raws, site.fn) : [])], isLast: raw.name === 'pop' }];
      }
      case 'store':
        return raw.key.kind === 'name' && raw.key.name === 'length' ? [{ site, amount: 'all', results: held(raws, site.fn), isLast: false }] : [];
      case 'assign': {
        const renewed = renewedBy(raw.value, site.fn);
        if (renewed?.does === 'take') return [{ site, amount: 'some', results: [...held(raws, site.fn), ...peeked(raws, site.fn, container)], isLast: false }];
        // `batch = queue; queue = []`
        const isNew = this.#madeOf(raw.value, site.fn).some((made) => made !== undefined);
        const results = held(raws, site.fn);
        return isNew && results.length > 0 ? [{ site, amount: 'all', results, isLast: false }] : [];
      }
      default:
        return [];
    }
  }

  #putAnew(raw: Raw, place: Place): Put[] {
    const renewed = raw.kind === 'assign' ? renewedBy(raw.value, raw.site.fn) : undefined;
    return renewed?.does === 'put' && this.#places.placeOf(renewed.of, raw.site.fn)?.key === place.key ? [{ site: raw.site, value: renewed.value }] : [];
  }

  /** What a function does with each place that it touches, by the places' keys. */
  in(fn: FunctionIr): ReadonlyMap<string, readonly Raw[]> {
    let scanned = this.#scanned.get(fn);
    if (scanned === undefined) this.#scanned.set(fn, (scanned = this.#scanBody(fn)));
    return scanned;
  }

  #scanBody(fn: FunctionIr): ReadonlyMap<string, readonly Raw[]> {
    const raws = new Map<string, Raw[]>();
    const facts = factsOf(fn);
    const note = (variable: Variable, raw: Raw): void => {
      const place = this.#places.placeOf(variable, fn);
      if (place !== undefined) noteAt(raws, place.key, raw);
    };
    for (const site of facts.sites) {
      const { instruction } = site;
      switch (instruction.op) {
        case 'call': {
          const { callee } = instruction;
          if (callee.kind === 'method' && callee.key.kind === 'name') note(callee.object, { kind: 'method', name: callee.key.name, call: instruction, site });
          const kept = this.#scanSet(site, instruction, raws);
          for (const argument of instruction.arguments) {
            if (argument.value !== kept) note(argument.value, argument.isSpread ? { kind: 'load', target: argument.value, site } : { kind: 'shared', site });
          }
          break;
        }
        case 'copy':
          this.#scanCopy(site, instruction, note);
          break;
        case 'load':
          note(instruction.target, { kind: 'load', target: instruction.target, site });
          if (instruction.key.kind === 'name' && !/^\d+$/.test(instruction.key.name)) note(instruction.object, { kind: 'property', name: instruction.key.name, target: instruction.target, site });
          else note(instruction.object, { kind: 'element', target: instruction.target, site });
          break;
        case 'store':
          this.#scanStore(site, instruction, fn, note, raws);
          break;
        case 'iterate':
          note(instruction.iterable, { kind: 'iterate', target: instruction.target, site });
          break;
        case 'object':
          for (const property of instruction.properties) {
            if (property.kind === 'value') note(property.value, { kind: 'shared', site });
            if (property.kind === 'value' && property.key.kind === 'name') this.#scanProperty(instruction.target, property.key.name, property.value, site, fn, raws);
          }
          break;
        default:
          break;
      }
    }
    for (const returned of facts.returned) {
      const last = facts.sites.at(-1);
      if (last !== undefined && !this.#isFollowed(returned, fn)) note(returned, { kind: 'shared', site: last });
    }
    return raws;
  }

  /** A helper gives out one of a collection's values, to functions that are looked at. */
  #isFollowed(returned: Variable, fn: FunctionIr): boolean {
    const place = this.#places.placeOf(returned, fn);
    return place !== undefined && isElement(place) && functionIndexOf(fn.module).referencesOf(fn).some(({ kind }) => kind === 'call');
  }

  /** `queues.set(key, queue)`: gives what is kept there, where that is one of the values that the collection has anyway. */
  #scanSet(site: Site, call: Call, raws: Map<string, Raw[]>): Variable | undefined {
    const key = this.#setBy(call, site.fn);
    const value = call.arguments[1]?.value;
    if (key === undefined || value === undefined) return undefined;
    noteAt(raws, key, { kind: 'assign', value, site });
    return this.#places.placeOf(value, site.fn)?.key === key ? value : undefined;
  }

  /** The key of the values of the collection that a call sets one of. */
  #setBy({ callee, arguments: args }: Call, fn: FunctionIr): string | undefined {
    if (args.length !== 2 || callee.kind !== 'method' || callee.key.kind !== 'name' || callee.key.name !== 'set') return undefined;
    const collection = this.#places.placeOf(callee.object, fn);
    return collection && elementKeyOf(collection.key);
  }

  #scanCopy(site: Site, { target, source }: { readonly target: Variable; readonly source: Variable }, note: (variable: Variable, raw: Raw) => void): void {
    if (target.storage === 'temporary') return;
    if (this.#places.placeOf(target, site.fn)?.variable !== target) {
      note(source, { kind: 'load', target, site });
      return;
    }
    note(target, { kind: 'assign', value: source, site });
    // `let batch = queue` is another name from now on.
    note(source, { kind: 'load', target, site });
  }

  #scanStore(
    site: Site,
    { object, key, value }: { readonly object: Variable; readonly key: Key; readonly value: Variable },
    fn: FunctionIr,
    note: (variable: Variable, raw: Raw) => void,
    raws: Map<string, Raw[]>,
  ): void {
    const base = this.#places.placeOf(object, fn);
    const stored = base && (key.kind === 'name' ? this.#places.within(base, key.name).key : elementKeyOf(base.key));
    if (stored !== undefined) noteAt(raws, stored, { kind: 'assign', value, site });
    note(object, { kind: 'store', key, value, site });
    if (key.kind === 'name' || this.#places.placeOf(value, fn)?.key !== stored) note(value, { kind: 'shared', site });
  }

  /** `const state = { queue: [] }`; and `{ queue: [], push(x) { this.queue.push(x) } }`. */
  #scanProperty(object: Variable, name: string, value: Variable, site: Site, fn: FunctionIr, raws: Map<string, Raw[]>): void {
    noteAt(raws, `t:${fn.module.file}.${name}`, { kind: 'assign', value, site });
    for (const holder of this.#keptIn(object, fn)) noteAt(raws, `${holder}.${name}`, { kind: 'assign', value, site });
  }

  /** The keys of the places that an object is put into where it is made: `const lane = { … }; lanes.set(key, lane)`. */
  #keptIn(object: Variable, fn: FunctionIr): readonly string[] {
    return factsOf(fn).usesOf(object).flatMap(({ instruction }): readonly string[] => {
      switch (instruction.op) {
        case 'copy': {
          const { target } = instruction;
          const place = target.storage === 'parameter' ? undefined : this.#places.placeOf(target, fn);
          const others = target.isConstant || target.storage === 'temporary' ? this.#keptIn(target, fn) : [];
          return place === undefined ? others : [place.key, ...others];
        }
        case 'store': {
          const base = instruction.value === object ? this.#places.placeOf(instruction.object, fn) : undefined;
          if (base === undefined) return [];
          return [instruction.key.kind === 'name' ? this.#places.within(base, instruction.key.name).key : elementKeyOf(base.key)];
        }
        case 'call': {
          const key = instruction.arguments[1]?.value === object ? this.#setBy(instruction, fn) : undefined;
          return key === undefined ? [] : [key];
        }
        default:
          return [];
      }
    });
  }
}

/** What an instruction may put a value into, by its form. */
function filledAt({ instruction, fn }: Site): Variable | undefined {
  if (instruction.op === 'store') return instruction.key.kind === 'computed' && isLength(instruction.key.value, fn) ? instruction.object : undefined;
  if (instruction.op !== 'call' || instruction.callee.kind !== 'method' || instruction.callee.key.kind !== 'name') return undefined;
  return puttingNames.has(instruction.callee.key.name) ? instruction.callee.object : undefined;
}

function isLength(variable: Variable, fn: FunctionIr): boolean {
  const index = factsOf(fn).definitionOf(variable);
  return index?.op === 'load' && index.key.kind === 'name' && index.key.name === 'length';
}

function noteAt(raws: Map<string, Raw[]>, key: string, raw: Raw): void {
  const known = raws.get(key);
  if (known === undefined) raws.set(key, [raw]);
  else known.push(raw);
}

/** A field, or a variable that more than one function, or more than one call, shares. */
function outlivesACall({ variable, base }: Place): boolean {
  // What one call alone can name is nobody else's to empty meanwhile.
  if (base !== undefined) return outlivesACall(base);
  return variable === undefined || (variable.storage === 'parameter' && variable.isCaptured) || (variable.storage === 'local' && (variable.isCaptured || variable.owner.kind === 'module'));
}

/** A field that is only declared holds nothing yet. */
function isDeclared(value: Variable, fn: FunctionIr): boolean {
  const maker = factsOf(fn).makerOf(value);
  return maker?.op === 'literal' && maker.value === undefined;
}

function putOf(raw: Raw, container: Container): Put[] | undefined {
  const { site } = raw;
  if (raw.kind === 'method' && doesOf(container, raw.name) === 'put') {
    const { arguments: args } = raw.call;
    const value = container.kind === 'map' ? args[1] : args[0];
    return [{ site, value: value?.isSpread === true ? undefined : value?.value }];
  }
  // `queue[queue.length] = value`
  if (raw.kind !== 'store' || raw.key.kind !== 'computed' || container.kind !== 'array') return undefined;
  return isLength(raw.key.value, site.fn) ? [{ site, value: raw.value }] : [];
}

function spliced(site: Site, call: Call): Take[] {
  const [start, count, ...inserted] = call.arguments;
  if (start === undefined || inserted.length > 0) return [];
  // `jobs.splice(jobs.indexOf(job), 1)`: whoever has the value strikes it off, and takes nothing out.
  const isStruckOff = !call.isResultUsed && factsOf(site.fn).makerOf(start.value)?.op !== 'literal';
  return [{ site, amount: count === undefined ? 'all' : 'some', results: isStruckOff ? [] : [call.target], isLast: false }];
}

function sizeOf(raw: Raw, container: Container): { readonly fn: FunctionIr; readonly value: Variable }[] {
  if (raw.kind === 'property' && sizeNames.has(raw.name)) return [{ fn: raw.site.fn, value: raw.target }];
  // What `push` gives back is the new length.
  if (raw.kind === 'method' && (sizeNames.has(raw.name) || (container.kind === 'array' && /^(?:push|unshift)$/.test(raw.name)))) return [{ fn: raw.site.fn, value: raw.call.target }];
  return [];
}

/** What a function has read of the queue without taking it out. */
function peeked(raws: readonly Raw[], fn: FunctionIr, container: Container): Variable[] {
  return raws.flatMap((raw) => {
    if (raw.site.fn !== fn) return [];
    if (raw.kind === 'element') return [raw.target];
    return raw.kind === 'method' && doesOf(container, raw.name) === 'peek' ? [raw.call.target] : [];
  });
}

/** The whole queue, as a function holds it under other names. */
function held(raws: readonly Raw[], fn: FunctionIr): Variable[] {
  return raws.flatMap((raw) => {
    if (raw.site.fn !== fn) return [];
    if (raw.kind === 'load' || raw.kind === 'iterate') return [raw.target];
    return raw.kind === 'method' && /^(?:slice|values|keys|entries|concat|next)$/.test(raw.name) ? [raw.call.target] : [];
  });
}

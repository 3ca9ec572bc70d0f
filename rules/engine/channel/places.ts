import type { ClassIr, FunctionIr, ModuleIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { Bases } from './bases.js';
import { factsOf, type Call } from './facts.js';
import { functionIndexOf } from './functions.js';

/** Something that outlives a call and can hold a queue: a variable of a module or a closure, a field, a property of one of these. */
export interface Place {
  /** Equal for the same place, in every file. */
  readonly key: string;
  /** The last name on the way: `queue` of `this.state.queue`. */
  readonly name: string;
  /** As a reader knows it: `queue`, `this.state.queue`. */
  readonly label: string;
  /** The variable itself, where the place is one. */
  readonly variable: Variable | undefined;
  /** The class whose field it is. */
  readonly class: ClassIr | undefined;
  /** What it is a member of. */
  readonly base: Place | undefined;
  /** The file that declares it. */
  readonly module: ModuleIr;
}

/** Finds the places that values come from. */
export class Places {
  readonly #world: World;
  readonly #typedNames: ReadonlySet<string>;
  readonly #known = new Map<Variable, Place | undefined>();
  readonly #bases: Bases;

  /**
   * @param world - resolves imports, and says of which class an object is
   * @param typedNames - members for which it is worth asking of which class their object is
   */
  constructor(world: World, typedNames: ReadonlySet<string>) {
    this.#world = world;
    this.#typedNames = typedNames;
    this.#bases = new Bases(world);
  }

  /**
   * The place whose value a variable has.
   *
   * @param variable - of `fn`, or captured by it
   * @param fn - where it is read
   * @returns the place; undefined for everything that does not outlive a call, or is not followed
   */
  placeOf(variable: Variable, fn: FunctionIr): Place | undefined {
    if (this.#known.has(variable)) return this.#known.get(variable);
    this.#known.set(variable, undefined);
    const place = this.#find(variable, fn);
    this.#known.set(variable, place);
    return place;
  }

  /** The place that is a member of an object; undefined where the object has none itself. */
  memberOf(object: Variable, name: string, fn: FunctionIr): Place | undefined {
    const base = this.placeOf(object, fn);
    return base && this.within(base, name);
  }

  /** The member of a place: of a class, the one that it declares, or that the class declares which it extends. */
  within(base: Place, name: string): Place {
    const declaring = base.class === undefined ? undefined : this.#bases.declaring(base.class, name);
    return member(declaring === base.class || declaring === undefined ? base : classPlace(declaring, base.label), name);
  }

  #find(variable: Variable, fn: FunctionIr): Place | undefined {
    switch (variable.storage) {
      case 'this':
        return thisPlace(variable);
      case 'arguments':
        return undefined;
      case 'import':
        return this.#imported(variable);
      case 'temporary':
        return this.#ofTemporary(variable, fn);
      case 'local': {
        const alias = variable.isConstant ? this.#alias(variable) : variable.isCaptured ? undefined : this.#oneOfAll(variable, variable.owner);
        return alias ?? ofVariable(variable);
      }
      case 'parameter':
        return ofVariable(variable);
    }
  }

  #ofTemporary(variable: Variable, fn: FunctionIr): Place | undefined {
    const definition = factsOf(fn).definitionOf(variable);
    if (definition === undefined) return this.#walked(variable, fn, 'values') ?? this.#oneOfAll(variable, fn);
    if (definition.op === 'copy') return this.placeOf(definition.source, fn);
    if (definition.op === 'call') return this.#gotBy(definition, fn);
    if (definition.op !== 'load') return undefined;
    if (definition.key.kind === 'computed') return this.#elementOf(definition.object, fn);
    const { name } = definition.key;
    const walked = name === '1' ? this.#walked(definition.object, fn, 'entries') : undefined;
    if (walked !== undefined) return walked;
    const base = this.placeOf(definition.object, fn);
    if (base?.class !== undefined || (base !== undefined && !this.#typedNames.has(name))) return this.within(base, name);
    if (!this.#typedNames.has(name)) return undefined;
    const type = this.#world.typeOf(factsOf(fn).originOf(definition.object));
    return type.kind === 'class' ? this.within(classPlace(type.class, ''), name) : base && member(base, name);
  }

  /** `queues.get(key)`; and `this.queueOf(key)`, which gives that out. */
  #gotBy(call: Call, fn: FunctionIr): Place | undefined {
    const { callee, arguments: args } = call;
    if (callee.kind === 'method' && callee.key.kind === 'name' && callee.key.name === 'get' && args.length === 1) return this.#elementOf(callee.object, fn);
    const helper = functionIndexOf(fn.module).calleeOf(call);
    if (helper === undefined || helper.isAsync || helper.isGenerator) return undefined;
    const [given, ...others] = factsOf(helper).returned.map((value) => this.placeOf(value, helper));
    return given !== undefined && isElement(given) && isOfOthers(given, helper) && others.every((other) => other?.key === given.key) ? given : undefined;
  }

  /** `for (const queue of queues.values())`, `for (const [key, queue] of queues)`: what each turn is given, or the second half of it. */
  #walked(turn: Variable, fn: FunctionIr, by: 'values' | 'entries'): Place | undefined {
    const facts = factsOf(fn);
    const step = facts.stepOf(turn);
    const opened = step?.kind === 'next' ? facts.makerOf(step.iterator) : undefined;
    if (opened?.op !== 'iterate') return undefined;
    const listed = facts.makerOf(opened.iterable);
    if (listed?.op !== 'call' || listed.callee.kind !== 'method') return by === 'entries' ? this.#elementOf(opened.iterable, fn) : undefined;
    const { object, key } = listed.callee;
    if (key.kind !== 'name' || key.name !== by) return undefined;
    const [of] = listed.arguments;
    // `Object.values(queues)`
    return this.#elementOf(of === undefined ? object : of.value, fn);
  }

  #elementOf(object: Variable, fn: FunctionIr): Place | undefined {
    const base = this.placeOf(object, fn);
    return base && element(base);
  }

  /** `queues.get(key) ?? []`, `let queue = queues[key]; if (!queue) queue = queues[key] = []`: what is there already, or made for it. */
  #oneOfAll(variable: Variable, fn: FunctionIr): Place | undefined {
    const sources = factsOf(fn).definitionsOf(variable).map(({ instruction }) => (instruction.op === 'copy' ? this.placeOf(instruction.source, fn) : undefined));
    const elements = sources.filter((place) => place !== undefined);
    const [first] = elements;
    return first !== undefined && isElement(first) && elements.every(({ key }) => key === first.key) ? first : undefined;
  }

  /** `const self = this`, `const { queue } = this`: another name of a place. */
  #alias(variable: Variable): Place | undefined {
    const definition = factsOf(variable.owner).definitionOf(variable);
    return definition?.op === 'copy' ? this.placeOf(definition.source, variable.owner) : undefined;
  }

  #imported(variable: Variable): Place | undefined {
    const definition = factsOf(variable.owner).definitionOf(variable);
    if (definition?.op !== 'import' || this.#world.catalog.module(definition.specifier) !== undefined) return undefined;
    const binding = this.#world.resolveImport(definition.specifier, definition.imported, variable.owner.module.file);
    return binding?.kind === 'variable' ? ofVariable(binding.variable) : undefined;
  }
}

function ofVariable(variable: Variable): Place {
  const { module } = variable.owner;
  return { key: `v:${module.file}:${variable.id}`, name: variable.name, label: variable.name, variable, class: undefined, base: undefined, module };
}

function thisPlace(variable: Variable): Place {
  const { ownerClass, module } = variable.owner;
  if (ownerClass !== undefined) return classPlace(ownerClass, 'this');
  // What methods of object literals and prototypes call `this` is told apart by the names of its members alone.
  return { key: `t:${module.file}`, name: '', label: 'this', variable: undefined, class: undefined, base: undefined, module };
}

function classPlace(class_: ClassIr, label: string): Place {
  return { key: `c:${class_.module.file}:${class_.id}`, name: '', label, variable: undefined, class: class_, base: undefined, module: class_.module };
}

function member(base: Place, name: string): Place {
  return { key: `${base.key}.${name}`, name, label: base.label === '' ? name : `${base.label}.${name}`, variable: undefined, class: undefined, base, module: base.module };
}

/** The member, of a member, of another place that an inner place is of an outer one. */
export function below(inner: Place, outer: Place, other: Place): Place {
  if (inner.key === outer.key || inner.base === undefined) return other;
  const base = below(inner.base, outer, other);
  return isElement(inner) ? element(base) : member(base, inner.name);
}

/** Any one of the values of a collection: `queues.get(key)`, `queues[key]`. */
function element(base: Place): Place {
  return { key: elementKeyOf(base.key), name: '', label: `${base.label}[…]`, variable: undefined, class: undefined, base, module: base.module };
}

/** The key of the values of the collection that is in a place. */
export function elementKeyOf(key: string): string {
  return `${key}[]`;
}

/** Whether a place is any one of the values of a collection. */
export function isElement({ key }: Place): boolean {
  return key.endsWith('[]');
}

/** It starts from no variable of the function's own. */
function isOfOthers({ base, variable }: Place, fn: FunctionIr): boolean {
  return base === undefined ? variable?.owner !== fn : isOfOthers(base, fn);
}

/** Functions of the place's own file that may touch it. */
export function touchersOf(place: Place): readonly FunctionIr[] {
  const index = functionIndexOf(place.module);
  const { base, variable } = place;
  if (base !== undefined && isElement(place)) return touchersOf(base).flatMap((fn) => [fn, ...callersOf(fn)]);
  if (variable !== undefined) return index.using(variable);
  const touching = index.touching(place.name);
  if (base === undefined || base.class !== undefined) return touching;
  if (base.name !== '' || isElement(base)) return [...touching, ...touchersOf(base)];
  // `{ queue: [], push(x) { this.queue.push(x) } }` is made by what is around the methods.
  return [...touching, ...touching.flatMap(({ parent }) => parent ?? [])];
}

/** Functions of its file that call a function for what it gives. */
function callersOf(fn: FunctionIr): readonly FunctionIr[] {
  if (!fn.outline.hasReturnValue) return [];
  return functionIndexOf(fn.module).referencesOf(fn).flatMap((reference) => (reference.kind === 'call' ? [reference.site.fn] : []));
}

import type { ClassIr, FunctionIr, ModuleIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { factsOf } from './facts.js';
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

  /**
   * @param world - resolves imports, and says of which class an object is
   * @param typedNames - members for which it is worth asking of which class their object is
   */
  constructor(world: World, typedNames: ReadonlySet<string>) {
    this.#world = world;
    this.#typedNames = typedNames;
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
        const alias = variable.isConstant ? this.#alias(variable) : undefined;
        return alias ?? ofVariable(variable);
      }
      case 'parameter':
        return ofVariable(variable);
    }
  }

  #ofTemporary(variable: Variable, fn: FunctionIr): Place | undefined {
    const definition = factsOf(fn).definitionOf(variable);
    if (definition?.op === 'copy') return this.placeOf(definition.source, fn);
    if (definition?.op !== 'load' || definition.key.kind !== 'name') return undefined;
    const { name } = definition.key;
    const base = this.placeOf(definition.object, fn);
    if (base?.class !== undefined || (base !== undefined && !this.#typedNames.has(name))) return member(base, name);
    if (!this.#typedNames.has(name)) return undefined;
    const type = this.#world.typeOf(factsOf(fn).originOf(definition.object));
    return type.kind === 'class' ? member(classPlace(type.class, ''), name) : base && member(base, name);
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

/** Functions of the place's own file that may touch it. */
export function touchersOf(place: Place): readonly FunctionIr[] {
  const index = functionIndexOf(place.module);
  const { base, variable } = place;
  if (variable !== undefined) return index.using(variable);
  const touching = index.touching(place.name);
  if (base === undefined || base.class !== undefined) return touching;
  if (base.name !== '') return [...touching, ...touchersOf(base)];
  // `{ queue: [], push(x) { this.queue.push(x) } }` is made by what is around the methods.
  return [...touching, ...touching.flatMap(({ parent }) => parent ?? [])];
}

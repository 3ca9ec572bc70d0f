import type { ClassIr } from '../ir/index.js';
import type { World } from '../world.js';
import { classOf } from './containers.js';
import { factsOf } from './facts.js';

/** How many classes above each other are looked at. */
const mostBases = 6;

/** Finds which of the program's classes a class has a member from. */
export class Bases {
  readonly #world: World;
  readonly #known = new Map<ClassIr, ClassIr | undefined>();

  /** @param world - resolves imports */
  constructor(world: World) {
    this.#world = world;
  }

  /**
   * The class that declares a member, or sets it in its constructor: the class itself, or one that it extends.
   *
   * @param class_ - whose instances have the member
   * @param name - the member's
   * @returns undefined where none in sight does
   */
  declaring(class_: ClassIr, name: string): ClassIr | undefined {
    let at: ClassIr | undefined = class_;
    for (let turns = 0; at !== undefined && turns < mostBases; turns++) {
      if (declares(at, name)) return at;
      at = at.hasSuperClass ? this.#baseOf(at) : undefined;
    }
    return undefined;
  }

  #baseOf(class_: ClassIr): ClassIr | undefined {
    if (this.#known.has(class_)) return this.#known.get(class_);
    const { parent } = class_;
    const made = factsOf(parent).sites.find(({ instruction }) => instruction.op === 'class' && instruction.class === class_)?.instruction;
    const base = made?.op === 'class' && made.superClass !== undefined ? classOf(made.superClass, parent, this.#world) : undefined;
    this.#known.set(class_, base);
    return base;
  }
}

function declares({ fields, constructorFunction, members }: ClassIr, name: string): boolean {
  return fields?.outline.stored.has(name) === true || constructorFunction?.outline.stored.has(name) === true || members.some(({ key }) => key.kind === 'name' && key.name === name);
}

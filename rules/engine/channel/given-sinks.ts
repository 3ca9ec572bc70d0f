import type { SinkSignal } from '../contracts/contract.js';
import type { Origin } from '../ir/index.js';
import type { World } from '../world.js';
import { givenToField, parameterAt, propertyOf, type Callers, type Given } from './callers.js';
import { factsOf } from './facts.js';
import { rootOf, type Root } from './roots.js';

/** A sink is handed on this often at most. */
const longestWay = 3;

/** What callers hand to code without types: `function pump(sink, rows) { for await (const row of rows) sink.write(row); }`. */
export class GivenSinks {
  readonly #world: World;
  readonly #callers: Callers;

  constructor(world: World, callers: Callers) {
    this.#world = world;
    this.#callers = callers;
  }

  /**
   * How the sink that a parameter holds, or a field that a constructor sets, says that it is full.
   *
   * @param object - the object that the method is called on
   * @param root - how the code reaches it
   * @param method - the method by which the sink is given something
   * @returns undefined unless every caller in sight gives it a sink of one kind
   */
  signalOf(object: Origin, root: Root, method: string, depth = 0): SinkSignal | undefined {
    const type = this.#world.typeOf(object);
    if (type.kind === 'instance') return type.type.method(method)?.sink;
    const given = type.kind === 'unknown' && depth < longestWay ? givenBy(root) : undefined;
    if (given === undefined) return undefined;
    const { parameter, property } = given;
    const position = parameter.owner.parameters.indexOf(parameter);
    const signals = this.#callers.callsOf(parameter.owner).map(({ fn, instruction }) => {
      const argument = parameterAt(instruction, parameter.owner, position) && instruction.arguments[position];
      if (argument === undefined || property === undefined) return argument && this.signalOf(argument.origin, rootOf(argument.value), method, depth + 1);
      const value = propertyOf(factsOf(fn).makerOf(argument.value), property);
      return value && this.signalOf(factsOf(fn).originOf(value), rootOf(value), method, depth + 1);
    });
    const [first] = signals;
    return signals.every((signal) => signal === first) ? first : undefined;
  }
}

/** What a function, or the constructor that sets the field, is given. */
function givenBy({ base, path }: Root): Given | undefined {
  const [name, ...others] = path;
  if (others.length > 0) return undefined;
  if (base.owner.parameters.includes(base)) return { parameter: base, property: name };
  const setter = base.storage === 'this' ? base.owner.ownerClass?.constructorFunction : undefined;
  return setter && name !== undefined ? givenToField(setter, name) : undefined;
}

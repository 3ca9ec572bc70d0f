import type { SinkSignal } from '../contracts/contract.js';
import type { Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { parameterAt, parameterOfField, type Callers } from './callers.js';
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
    const parameter = type.kind === 'unknown' && depth < longestWay ? parameterBehind(root) : undefined;
    if (parameter === undefined) return undefined;
    const position = parameter.owner.parameters.indexOf(parameter);
    const signals = this.#callers.callsOf(parameter.owner).map(({ instruction }) => {
      const argument = parameterAt(instruction, parameter.owner, position) && instruction.arguments[position];
      return argument && this.signalOf(argument.origin, rootOf(argument.value), method, depth + 1);
    });
    const [first] = signals;
    return signals.every((signal) => signal === first) ? first : undefined;
  }
}

function parameterBehind({ base, path }: Root): Variable | undefined {
  if (path.length === 0) return base.storage === 'parameter' ? base : undefined;
  const [field] = path;
  const setter = base.storage === 'this' && path.length === 1 ? base.owner.ownerClass?.constructorFunction : undefined;
  return setter && field !== undefined ? parameterOfField(setter, field) : undefined;
}

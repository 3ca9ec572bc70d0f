import { calledAs } from '../borrow/relevance/program.js';
import type { Contract, ParameterEffect } from '../contracts/contract.js';
import type { FunctionIr } from '../ir/index.js';
import type { World } from '../world.js';
import type { BlockingNames } from './names.js';
import type { Call, Target, Values } from './values.js';

/** What calls run: by the program's own values where they say, by the types where a name makes it worth asking. */
export class Calls {
  readonly #world: World;
  readonly #values: Values;
  readonly #names: BlockingNames;
  readonly #known = new Map<Call, readonly Target[]>();

  constructor(world: World, values: Values, names: BlockingNames) {
    this.#world = world;
    this.#values = values;
    this.#names = names;
  }

  /** What a call runs, where that may block. */
  blockingTargetsOf(call: Call, by: FunctionIr): readonly Target[] {
    return this.#isWorthAsking(call, by) ? this.targetsOf(call) : [];
  }

  /** What a call runs, whatever that is. */
  targetsOf(call: Call): readonly Target[] {
    let targets = this.#known.get(call);
    if (targets === undefined) {
      targets = this.#find(call);
      this.#known.set(call, targets);
    }
    return targets;
  }

  /** What becomes of an argument; undefined where nobody knows the callee. */
  effectsOf(call: Call, position: number): readonly ParameterEffect[] | undefined {
    const targets = this.targetsOf(call);
    if (targets.length === 0) return undefined;
    return targets.flatMap((target) => (target.kind === 'contract' ? effectsOn(target.contract, position, call.arguments.length) : []));
  }

  #find(call: Call): readonly Target[] {
    const { callee } = call;
    if (callee.kind === 'super-construct' || callee.kind === 'import') return [];
    const own = this.#values.targetsOf(call);
    if (own.length > 0) return own;
    const found = this.#world.calleeOf(call.origin);
    if (found === undefined) return [];
    if ('contract' in found) return [{ kind: 'contract', contract: found.contract, api: undefined }];
    return 'class' in found ? this.#values.constructorsOf(found.class) : [{ kind: 'function', function: found.function }];
  }

  #isWorthAsking({ callee }: Call, { module }: FunctionIr): boolean {
    const isName = (name: string): boolean => this.#names.isName(name, module.file);
    switch (callee.kind) {
      case 'method':
        return callee.key.kind === 'computed' ? this.#values.of(callee.object).length > 0 : isName(callee.key.name) || (['call', 'apply'].includes(callee.key.name) && this.#values.of(callee.object).length > 0);
      case 'super-method':
        return callee.key.kind === 'name' && isName(callee.key.name);
      case 'value':
      case 'construct': {
        const name = callee.value.name === '' ? this.#nameBehind(callee.value.owner, callee.value) : callee.value.name;
        return name === undefined || isName(name);
      }
      default:
        return false;
    }
  }

  /** The global or member that a temporary was read from; undefined for a value without a name. */
  #nameBehind(owner: FunctionIr, variable: Parameters<Values['of']>[0]): string | undefined {
    const [definition] = this.#values.definitionsIn(owner).get(variable) ?? [];
    if (definition?.op === 'global') return definition.name;
    if (definition?.op === 'load' && definition.key.kind === 'name') return definition.key.name;
    return undefined;
  }
}

function effectsOn(contract: Contract, position: number, count: number): ParameterEffect[] {
  const own = contract.parameters?.[position] ?? (position >= (contract.parameters?.length ?? 0) ? contract.rest : undefined);
  const effects = own == null ? [] : [own];
  return contract.completion !== undefined && position === count - 1 ? [...effects, { callback: contract.completion }] : effects;
}

/** As a reader knows a function: `load`, `Store.load`, `new Store`; empty where it has no name. */
export function displayName(fn: FunctionIr): string {
  if (fn.kind === 'constructor' || fn.kind === 'fields') return `new ${fn.ownerClass?.name ?? 'class'}`;
  if (fn.name === '<anonymous>' || fn.name === 'default' || fn.name === 'exports') return '';
  return fn.name.replace('##', '.#').replace('#', '.').replace('..', '.#');
}

/** The name that callers use. */
export function nameOf(fn: FunctionIr): string {
  return fn.kind === 'constructor' || fn.kind === 'fields' ? (fn.ownerClass?.name ?? '') : calledAs(fn.name);
}

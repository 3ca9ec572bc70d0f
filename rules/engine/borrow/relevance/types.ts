import { effectsOfContract, type NameEffects } from '../../contracts/name-effects.js';
import type { Api, ApiType } from '../../contracts/api.js';
import type { Contract } from '../../contracts/contract.js';
import type { Variable } from '../../ir/index.js';
import type { StaticType, World } from '../../world.js';
import { mayHold, shapeOfType } from './shapes.js';
import type { MemoryShape, Receiver, Types } from './sources.js';

const anything: Receiver = { kind: 'anything' };
const nothing: Receiver = { kind: 'api', effectsOf: () => undefined };

/** What the program's types say of variables. Each is asked about once, and only where memory arrives. */
export class VariableTypes implements Types {
  private readonly world: World;
  private readonly views: ReadonlySet<string>;
  private readonly known = new Map<Variable, StaticType>();
  private readonly receivers = new Map<ApiType, Receiver>();
  private readonly effects = new Map<Contract, NameEffects>();

  /**
   * @param world - the program's types
   * @param views - the catalog's types of byte views
   */
  constructor(world: World, views: ReadonlySet<string>) {
    this.world = world;
    this.views = views;
  }

  shapeOf(variable: Variable): MemoryShape {
    return shapeOfType(this.typeOf(variable));
  }

  mayHold(variable: Variable, depth: 1 | 2): boolean {
    return mayHold(this.typeOf(variable), depth);
  }

  mayBeCatalogued(variable: Variable): boolean {
    const type = this.typeOf(variable);
    const { kind } = type.kind === 'promise' ? type.of : type;
    return kind === 'instance' || kind === 'unknown';
  }

  mayBeNumber(variable: Variable): boolean {
    const type = this.typeOf(variable);
    return type.kind === 'primitive' ? type.excludesNumbers !== true : type.kind === 'unknown';
  }

  isBytes(variable: Variable): boolean {
    const type = this.typeOf(variable);
    return type.kind === 'instance' && type.type.view !== undefined;
  }

  classOf(variable: Variable): string | undefined {
    const type = this.typeOf(variable);
    return type.kind === 'class' ? type.class.name : undefined;
  }

  receiver(variable: Variable): Receiver {
    const type = this.typeOf(variable);
    switch (type.kind) {
      case 'class':
        return { kind: 'class', name: type.class.name };
      case 'instance':
        return this.instanceOf(type.type);
      case 'array': {
        const array = this.world.catalog.type('global#Array');
        return array === undefined ? anything : this.instanceOf(array);
      }
      case 'primitive':
        return nothing;
      default:
        return anything;
    }
  }

  global(name: string): Api | undefined {
    return this.world.catalog.global(name);
  }

  effectsOf(contract: Contract | undefined): NameEffects | undefined {
    if (contract === undefined) return undefined;
    let effects = this.effects.get(contract);
    if (effects === undefined) this.effects.set(contract, (effects = effectsOfContract(contract, this.views)));
    return effects;
  }

  private instanceOf(type: ApiType): Receiver {
    let receiver = this.receivers.get(type);
    if (receiver === undefined) {
      const effectsOf = (method: string): NameEffects | undefined => this.effectsOf(type.method(method));
      this.receivers.set(type, (receiver = { kind: 'api', effectsOf }));
    }
    return receiver;
  }

  private typeOf(variable: Variable): StaticType {
    let type = this.known.get(variable);
    if (type === undefined) this.known.set(variable, (type = this.world.typeOf(variable.origin)));
    return type;
  }
}

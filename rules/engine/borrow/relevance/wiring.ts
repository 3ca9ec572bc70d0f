import type { Block, Callee, FunctionIr, Instruction, Terminal, Variable } from '../../ir/index.js';
import { nameOfCallee } from './callee-name.js';

export type Call = Extract<Instruction, { op: 'call' }>;
export type Store = Extract<Instruction, { op: 'store' }>;
export type Definition = Instruction | Extract<Terminal, { kind: 'next' }>;

/** How often a value is given another name before its first one is forgotten. */
const aliasDepth = 4;

/** Instructions whose result shows what it is not. */
const plain = {
  'no memory': new Set<Instruction['op']>(['array', 'binary', 'class', 'function', 'literal', 'object', 'opaque', 'unary']),
  'an object': new Set<Instruction['op']>(['array', 'class', 'function', 'object']),
  'a primitive': new Set<Instruction['op']>(['binary', 'literal', 'opaque', 'unary']),
  'no number': new Set<Instruction['op']>(['array', 'class', 'function', 'object', 'opaque']),
};

/** Classes of the language whose objects are no bytes, though they have methods of the same names: `map.set(key, value)`. */
const collections = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array']);

const known = new WeakMap<FunctionIr, Wiring>();

/** How values go from variable to variable inside one function, to be asked against the flow: where does this come from? */
export class Wiring {
  readonly fn: FunctionIr;
  readonly calls: readonly Call[];
  readonly stores: readonly Store[];
  private readonly objects: readonly Extract<Instruction, { op: 'object' }>[];
  private readonly loads: readonly Extract<Instruction, { op: 'load' }>[];
  /** What the function returns or yields. */
  readonly results: readonly Variable[];
  /** What each variable's value may come from, inside the function. */
  readonly definitions: ReadonlyMap<Variable, readonly Definition[]>;
  private readonly names: ReadonlyMap<Variable, string>;
  private copied: ReadonlyMap<Variable, readonly Variable[]> | undefined;

  private constructor(fn: FunctionIr) {
    const blocks: readonly Block[] = fn.body?.blocks ?? [];
    const calls: Call[] = [];
    const stores: Store[] = [];
    const objects: Extract<Instruction, { op: 'object' }>[] = [];
    const loads: Extract<Instruction, { op: 'load' }>[] = [];
    const results: Variable[] = [];
    const definitions = new Map<Variable, Definition[]>();
    const names = new Map<Variable, string>();
    const define = (target: Variable, definition: Definition): void => {
      const list = definitions.get(target);
      if (list === undefined) definitions.set(target, [definition]);
      else list.push(definition);
    };
    for (const { instructions, terminal } of blocks) {
      for (const instruction of instructions) {
        if ('target' in instruction) define(instruction.target, instruction);
        switch (instruction.op) {
          case 'call':
            calls.push(instruction);
            break;
          case 'store':
            stores.push(instruction);
            break;
          case 'global':
            names.set(instruction.target, instruction.name);
            break;
          case 'object':
            objects.push(instruction);
            break;
          case 'load':
            loads.push(instruction);
            if (instruction.key.kind === 'name') names.set(instruction.target, instruction.key.name);
            break;
          default:
        }
      }
      if (terminal.kind === 'next') define(terminal.value, terminal);
      else if ((terminal.kind === 'return' || terminal.kind === 'yield') && terminal.value !== undefined) results.push(terminal.value);
    }
    this.fn = fn;
    this.calls = calls;
    this.stores = stores;
    this.objects = objects;
    this.loads = loads;
    this.results = results;
    this.definitions = definitions;
    this.names = names;
  }

  static of(fn: FunctionIr): Wiring {
    let wiring = known.get(fn);
    if (wiring === undefined) known.set(fn, (wiring = new Wiring(fn)));
    return wiring;
  }

  definitionsOf(variable: Variable): readonly Definition[] {
    return this.definitions.get(variable) ?? [];
  }

  /** The name by which a call names what it calls. */
  calledName(callee: Callee): string | undefined {
    return nameOfCallee(callee, (variable) => this.nameOf(variable));
  }

  private nameOf(variable: Variable, depth = 0): string | undefined {
    const name = this.names.get(variable);
    if (name !== undefined) return name;
    const [definition] = this.definitionsOf(variable);
    if (definition !== undefined && 'op' in definition && definition.op === 'copy' && depth < aliasDepth) return this.nameOf(definition.source, depth + 1);
    return variable.name === '' ? undefined : variable.name;
  }

  /** A global, or another name of one. */
  isGlobal(variable: Variable, depth = 0): boolean {
    const wiring = variable.storage === 'temporary' || variable.owner === this.fn ? this : Wiring.of(variable.owner);
    return wiring.definitionsOf(variable).some((one) => 'op' in one && (one.op === 'global' || (one.op === 'copy' && depth < aliasDepth && wiring.isGlobal(one.source, depth + 1))));
  }

  /** A call whose result bounds a view of what it is given may have filled that: it is waited for, or is given nothing else. */
  mayFill({ isAwaited, arguments: args, target }: Call): boolean {
    if (isAwaited || args.length === 1) return true;
    const aliases = this.aliasesOf(target);
    return [...this.definitions.values()].some((definitions) => definitions.some((one) => 'op' in one && one.op === 'await' && aliases.has(one.value)));
  }

  /** What objects that are written out here have under a name. */
  literals(name: string): readonly Variable[] {
    return this.objects.flatMap(({ properties }) => properties.flatMap((property) => (property.kind === 'value' && property.key.kind === 'name' && property.key.name === name ? [property.value] : [])));
  }

  /** What is read here under a name. */
  loadsOf(name: string): readonly Variable[] {
    return this.loads.flatMap(({ key, target }) => (key.kind === 'name' && key.name === name ? [target] : []));
  }

  /** The function makes the value itself, and shows what it is. */
  isPlainly(what: keyof typeof plain, variable: Variable, depth = 0): boolean {
    if (variable.storage === 'parameter' || variable.isCaptured || variable.owner !== this.fn) return false;
    const definitions = this.definitionsOf(variable);
    return definitions.length > 0 && definitions.every((one) => 'op' in one && (this.shows(one, what) || (one.op === 'copy' && depth < aliasDepth && this.isPlainly(what, one.source, depth + 1))));
  }

  private shows(made: Instruction, what: keyof typeof plain): boolean {
    if (plain[what].has(made.op)) return true;
    if (what === 'no number') return made.op === 'literal' && typeof made.value !== 'number' && typeof made.value !== 'bigint';
    return what === 'no memory' && made.op === 'call' && made.callee.kind === 'construct' && collections.has(this.globalName(made.callee.value) ?? '');
  }

  private globalName(variable: Variable): string | undefined {
    return this.definitionsOf(variable).flatMap((one) => ('op' in one && one.op === 'global' ? [one.name] : []))[0];
  }

  /** A variable, and all that are given its value as it is. */
  aliasesOf(variable: Variable): ReadonlySet<Variable> {
    const aliases = new Set([variable]);
    for (const one of aliases) for (const copy of this.copies().get(one) ?? []) aliases.add(copy);
    return aliases;
  }

  private copies(): ReadonlyMap<Variable, readonly Variable[]> {
    if (this.copied !== undefined) return this.copied;
    const copies = new Map<Variable, Variable[]>();
    for (const [target, definitions] of this.definitions) {
      for (const definition of definitions) {
        if (!('op' in definition) || definition.op !== 'copy') continue;
        const list = copies.get(definition.source);
        if (list === undefined) copies.set(definition.source, [target]);
        else list.push(target);
      }
    }
    return (this.copied = copies);
  }
}

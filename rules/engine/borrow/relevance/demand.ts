import type { FunctionIr, Instruction, Variable } from '../../ir/index.js';
import type { CatalogNames } from './catalog-names.js';
import type { Families } from './families.js';
import { calledAs, type ProgramIndex } from './program.js';
import { effectsOfCall, memberNamed } from './reading.js';
import type { Types } from './sources.js';
import { Targets } from './targets.js';
import { Wiring, type Call, type Definition } from './wiring.js';

/**
 * What is looked for behind a variable: memory that it is (0), memory that it has as an element (1), or as an element of one (2), or
 * an object of the catalog that gives memory.
 */
type Wanted = 0 | 1 | 2 | 'maker';

/** A value is a part of what is wanted, or has it as a part. */
const outer = { 0: 1, 1: 2, 2: 2 } as const;
const inner = { 1: [0], 2: [1, 2] } as const;

/**
 * How often memory goes from function to function, or through a member, without its type saying so, in code that has types: a pool of
 * `T` is filled by one call, emptied by another, and keeps it in between.
 */
const untypedSteps = 4;

/** What nothing says of that it is memory, not even where it is overwritten, has gone as many steps already. */
const unknownSteps = 2;

/** A variable of a function, and what is looked for behind it. */
interface Want {
  readonly fn: FunctionIr;
  readonly variable: Variable;
  readonly wanted: Wanted;
  /** The function's result is wanted by some calls: what these pass is meant, not what others do. */
  readonly isResult: boolean;
}

/** A call whose result is wanted. */
interface Caller {
  readonly fn: FunctionIr;
  readonly call: Call;
  readonly isResult: boolean;
}

/** What following back goes by. */
export interface DemandOptions {
  readonly catalog: CatalogNames;
  readonly types: Types;
  /** All of the program's functions. */
  readonly index: ProgramIndex;
  readonly families: Families;
  /** The function that a variable belongs to, and all others that name it. */
  readonly capturersOf: (variable: Variable) => readonly FunctionIr[];
  /** How many variables are worth looking behind. */
  readonly limit: number;
}

/**
 * Follows memory back from where it is overwritten to wherever it may come from, from function to function: through parameters,
 * results, shared variables and members. Overwrites are few and sources are many; memory that no overwrite leads to is not worth
 * following.
 */
export class Demand {
  private readonly options: DemandOptions;
  private readonly found = new Set<FunctionIr>();
  private readonly wants = new Map<FunctionIr, Map<Variable, Set<string>>>();
  private readonly members = new Set<string>();
  /** Calls of each function whose results are wanted, and the parameters that come to be these results. */
  private readonly callers = new Map<FunctionIr, Caller[]>();
  private readonly returned = new Map<FunctionIr, (readonly [number, Wanted])[]>();
  /** By how many steps ago a type said that it is memory. */
  private readonly work: Want[][] = [];
  private steps = 0;
  private isResult = false;

  private readonly targets: Targets;

  constructor(options: DemandOptions) {
    this.options = options;
    this.targets = new Targets(options);
  }

  /**
   * The functions that memory in demand may come through, those that want it among them.
   *
   * @returns undefined when it may come from everywhere, as far as can be told with so much work
   */
  find(): ReadonlySet<FunctionIr> | undefined {
    let left = this.options.limit;
    for (let next = this.next(); next !== undefined; next = this.next()) {
      if (--left < 0) return undefined;
      this.isResult = next.isResult;
      this.follow(next);
    }
    return this.found;
  }

  private next(): Want | undefined {
    this.steps = this.work.findIndex((list) => list.length > 0);
    return this.work[this.steps]?.pop();
  }

  /** Memory is overwritten through a variable of the function. */
  wantMemory(fn: FunctionIr, variable: Variable, isWithin: boolean): void {
    const steps = this.options.types.isBytes(variable) ? 0 : unknownSteps;
    // `[bytes.buffer]`, and `{ transfer: [bytes.buffer] }`.
    for (const wanted of isWithin ? ([1, 2] as const) : ([0] as const)) this.want(fn, variable, wanted, steps);
  }

  /** The function is given memory that is overwritten without the program, by methods of these objects among others. */
  wantMakers(fn: FunctionIr, variables: Iterable<Variable>): void {
    this.found.add(fn);
    for (const variable of variables) this.want(fn, variable, 'maker');
  }

  private want(fn: FunctionIr, variable: Variable, wanted: Wanted, steps = 0, isResult = this.isResult): void {
    const taken = this.steps + steps;
    if (taken > untypedSteps && isTyped(fn)) return;
    let variables = this.wants.get(fn);
    if (variables === undefined) this.wants.set(fn, (variables = new Map<Variable, Set<string>>()));
    let known = variables.get(variable);
    if (known === undefined) variables.set(variable, (known = new Set()));
    const key = `${wanted}`;
    if (known.has(key) || (isResult && known.has(`${key}r`))) return;
    known.add(isResult ? `${key}r` : key);
    while (this.work.length <= taken) this.work.push([]);
    this.work[taken]?.push({ fn, variable, wanted, isResult });
  }

  /** What is wanted of a whole is wanted of its parts, one step further in. */
  private wantParts(fn: FunctionIr, parts: Iterable<Variable>, wanted: 1 | 2, steps = 0, isResult = this.isResult): void {
    for (const part of parts) for (const one of inner[wanted]) this.want(fn, part, one, steps, isResult);
  }

  /** What is wanted of a part is wanted of the whole, one step further out. */
  private wantWhole(fn: FunctionIr, whole: Variable, wanted: Wanted): void {
    if (wanted !== 'maker') this.want(fn, whole, outer[wanted]);
  }

  private follow({ fn, variable, wanted }: Want): void {
    const wiring = Wiring.of(fn);
    if (wiring.isPlainly('a primitive', variable)) return;
    if (mayComeFromElsewhere(wiring, variable)) {
      if (!this.mayBe(variable, wanted)) return;
      if (this.options.types.isBytes(variable)) this.steps = 0;
    }
    this.found.add(fn);
    if (variable.owner !== fn || variable.isCaptured) for (const other of this.options.capturersOf(variable)) this.want(other, variable, wanted, 0, false);
    const index = variable.owner === fn ? fn.parameters.indexOf(variable) : -1;
    if (index >= 0 && wanted !== 'maker') this.followArguments(fn, index, wanted);
    for (const definition of wiring.definitionsOf(variable)) this.followDefinition(wiring, definition, wanted);
    if (wanted === 1 || wanted === 2) this.followPuts(wiring, variable, wanted);
  }

  /** What the types leave open. */
  private mayBe(variable: Variable, wanted: Wanted): boolean {
    const { types } = this.options;
    switch (wanted) {
      case 0:
        return types.shapeOf(variable) === 'memory';
      case 1:
      case 2:
        return types.mayHold(variable, wanted);
      case 'maker':
        return types.mayBeCatalogued(variable);
    }
  }

  private followDefinition(wiring: Wiring, definition: Definition, wanted: Wanted): void {
    const { fn } = wiring;
    if (!('op' in definition)) {
      if (definition.mode !== 'keys') this.wantWhole(fn, definition.iterator, wanted);
      return;
    }
    switch (definition.op) {
      case 'copy':
        this.want(fn, definition.source, wanted);
        break;
      case 'await':
        this.want(fn, definition.value, wanted);
        break;
      case 'rest':
        this.want(fn, definition.object, wanted);
        break;
      case 'iterate':
        // An iterator has what it goes through.
        this.want(fn, definition.iterable, wanted);
        break;
      case 'object':
        if (wanted === 1 || wanted === 2) this.wantParts(fn, definition.properties.flatMap((property) => ('value' in property ? [property.value] : [])), wanted);
        break;
      case 'array':
        if (wanted === 1 || wanted === 2) this.wantParts(fn, definition.elements.flatMap((element) => (element.kind === 'hole' ? [] : [element.value])), wanted);
        break;
      case 'load':
        this.followLoad(wiring, definition, wanted);
        break;
      case 'load-super':
        if (definition.key.kind === 'name') this.followMember(definition.key.name, undefined, wanted);
        break;
      case 'call':
        this.followCall(wiring, definition, wanted);
        break;
      default:
    }
  }

  private followLoad({ fn }: Wiring, { key, object }: Extract<Instruction, { op: 'load' }>, wanted: Wanted): void {
    const name = memberNamed(key);
    if (name === undefined) {
      this.wantWhole(fn, object, wanted);
      return;
    }
    const effects = this.options.catalog.effects.get(name);
    if (effects?.aliases.has('this') === true) this.want(fn, object, wanted);
    if (wanted === 'maker' || effects?.givesMemory === true || effects?.lendsMemory === true) this.want(fn, object, 'maker');
    this.followMember(name, object.storage === 'this' ? object.owner.ownerClass?.name : undefined, wanted);
  }

  // ------------------------------------------------------------------------------------------------------------------- members

  /** Whatever is stored under a name, by objects of a class where that is known. */
  private followMember(name: string, holder: string | undefined, wanted: Wanted): void {
    const key = `${name} ${wanted} ${holder ?? ''}`;
    if (this.members.has(key) || this.members.has(`${name} ${wanted} `)) return;
    this.members.add(key);
    const { index, families } = this.options;
    for (const fn of index.storing(name)) {
      const wiring = Wiring.of(fn);
      for (const { key: stored, object, value } of wiring.stores) {
        if (stored.kind !== 'name' || stored.name !== name) continue;
        const owner = object.storage === 'this' ? object.owner.ownerClass?.name : undefined;
        if (holder === undefined || owner === undefined || families.areRelated(holder, owner)) this.want(fn, value, wanted, 1, false);
      }
      if (holder === undefined) for (const value of wiring.literals(name)) this.want(fn, value, wanted, 1, false);
    }
    for (const fn of index.known(name)) if (fn.kind === 'getter') for (const value of Wiring.of(fn).results) this.want(fn, value, wanted, 1, true);
    if (wanted === 1 || wanted === 2) for (const fn of index.naming(name, false)) {
      if (!fn.outline.hasCall && !fn.outline.hasElementStore) continue;
      const wiring = Wiring.of(fn);
      for (const variable of wiring.loadsOf(name)) this.followPuts(wiring, variable, wanted, false);
    }
  }

  /** What comes to be part of a value: stored into it, or handed to one of its methods that keeps it. */
  private followPuts(wiring: Wiring, variable: Variable, wanted: 1 | 2, isResult = this.isResult): void {
    const { fn } = wiring;
    const aliases = wiring.aliasesOf(variable);
    for (const { object, value } of wiring.stores) if (aliases.has(object)) this.wantParts(fn, [value], wanted, 0, isResult);
    for (const { callee, arguments: args } of wiring.calls) {
      if (callee.kind !== 'method' || !aliases.has(callee.object) || callee.key.kind !== 'name') continue;
      const effects = effectsOfCall(callee, callee.key.name, wiring, this.options.catalog);
      if (effects !== undefined) this.wantParts(fn, args.flatMap(({ value }, index) => ((effects.parameters[index] ?? effects.rest).isStored ? [value] : [])), wanted, 0, isResult);
    }
  }

  // --------------------------------------------------------------------------------------------------------------------- calls

  private followCall(wiring: Wiring, call: Call, wanted: Wanted): void {
    const { fn } = wiring;
    const { callee } = call;
    const args = call.arguments.map(({ value }) => value);
    const name = wiring.calledName(callee);
    const giver = callee.kind === 'method' ? callee.object : callee.kind === 'value' || callee.kind === 'construct' ? callee.value : undefined;
    const effects = name === undefined ? undefined : effectsOfCall(callee, name, wiring, this.options.catalog);
    if (wanted !== 'maker') {
      for (const ref of effects?.aliases ?? []) {
        const of = ref === 'this' ? (callee.kind === 'method' ? callee.object : undefined) : args[ref];
        if (of === undefined) continue;
        this.want(fn, of, wanted);
        this.wantWhole(fn, of, wanted);
      }
      if (callee.kind === 'construct' && effects === undefined && wanted !== 0) this.wantParts(fn, args, wanted);
    }
    const named = name === undefined ? undefined : this.options.catalog.effects.get(name);
    if (giver !== undefined && (wanted === 'maker' || named?.givesMemory === true || named?.lendsMemory === true)) this.want(fn, giver, 'maker');
    for (const target of this.targets.of(wiring, call, name)) this.followResults(target, call, fn, wanted);
    // `Array.from(names, () => Buffer.alloc(4))`: what a callback gives may be the whole, or a part.
    const parts: readonly Wanted[] = wanted === 1 || wanted === 2 ? [wanted, ...inner[wanted]] : [wanted];
    for (const target of args.flatMap((argument) => this.targets.behind(fn, argument))) for (const one of new Set(parts)) this.followResults(target, call, fn, one);
  }

  private followResults(target: FunctionIr, call: Call, fn: FunctionIr, wanted: Wanted): void {
    const caller: Caller = { fn, call, isResult: this.isResult };
    const callers = this.callers.get(target);
    if (callers === undefined) this.callers.set(target, [caller]);
    else if (!callers.some((one) => one.call === call && one.isResult === caller.isResult)) callers.push(caller);
    for (const [index, one] of this.returned.get(target) ?? []) this.wantArgument(target, index, one, caller);
    for (const result of Wiring.of(target).results) this.want(target, result, wanted, 1, true);
  }

  private wantArgument(fn: FunctionIr, index: number, wanted: Wanted, { fn: caller, call, isResult }: Caller): void {
    const last = fn.parameters.length - 1;
    call.arguments.forEach(({ value }, at) => {
      if (Math.min(at, last) !== index) return;
      if (!fn.hasRest || index !== last) this.want(caller, value, wanted, 1, isResult);
      else if (wanted === 1 || wanted === 2) this.wantParts(caller, [value], wanted, 1, isResult);
    });
  }

  /** What a function is called with: by its name, as a value in the function around it, or by storing where it is a setter. */
  private followArguments(fn: FunctionIr, index: number, wanted: Wanted): void {
    const pass = (caller: FunctionIr, call: Call): void => { this.wantArgument(fn, index, wanted, { fn: caller, call, isResult: false }); };
    if (fn.parent !== undefined) this.followClosure(fn, fn.parent, pass, wanted);
    if (this.isResult) {
      const returned = this.returned.get(fn);
      if (returned === undefined) this.returned.set(fn, [[index, wanted]]);
      else returned.push([index, wanted]);
      for (const caller of this.callers.get(fn) ?? []) this.wantArgument(fn, index, wanted, caller);
      return;
    }
    if (fn.kind === 'constructor' && fn.ownerClass !== undefined) {
      this.followMakers(fn.ownerClass.name, pass);
      return;
    }
    const name = calledAs(fn.name);
    this.followCallsOf(name, pass);
    if (fn.kind === 'setter') {
      for (const caller of this.options.index.storing(name)) for (const { key, value } of Wiring.of(caller).stores) if (key.kind === 'name' && key.name === name) this.want(caller, value, wanted, 1, false);
    }
  }

  private followCallsOf(name: string, pass: (caller: FunctionIr, call: Call) => void): void {
    for (const caller of this.options.index.naming(name, false)) {
      const wiring = Wiring.of(caller);
      for (const call of wiring.calls) if (wiring.calledName(call.callee) === name) pass(caller, call);
    }
  }

  /** Whoever makes an instance of a class, or of one that extends it and leaves the making to it. */
  private followMakers(name: string, pass: (caller: FunctionIr, call: Call) => void): void {
    const { index, families } = this.options;
    for (const heir of families.heirsOf(name)) {
      const written = heir === name ? [] : index.known(heir).filter(({ kind }) => kind === 'constructor');
      for (const constructor of written) for (const call of Wiring.of(constructor).calls) if (call.callee.kind === 'super-construct') pass(constructor, call);
      if (written.length === 0) this.followCallsOf(heir, pass);
    }
  }

  private followClosure(fn: FunctionIr, around: FunctionIr, pass: (caller: FunctionIr, call: Call) => void, wanted: Wanted): void {
    this.found.add(around);
    const wiring = Wiring.of(around);
    for (const [target, definitions] of wiring.definitions) {
      if (!definitions.some((one) => 'op' in one && one.op === 'function' && one.function === fn)) continue;
      const aliases = wiring.aliasesOf(target);
      for (const call of wiring.calls) {
        const { callee, arguments: args } = call;
        if (callee.kind === 'value' && aliases.has(callee.value)) pass(around, call);
        if (!args.some(({ value }) => aliases.has(value))) continue;
        for (const other of [...args.map(({ value }) => value), ...(callee.kind === 'method' ? [callee.object] : [])]) {
          if (aliases.has(other)) continue;
          this.want(around, other, wanted, 0, false);
          if (wanted !== 'maker') this.want(around, other, outer[wanted], 0, false);
        }
      }
    }
  }
}

/** A type may say that a value is no memory where nothing in sight does. */
function mayComeFromElsewhere(wiring: Wiring, variable: Variable): boolean {
  if (variable.storage === 'import') return false;
  const isOwn = variable.storage === 'temporary' || (variable.storage === 'local' && variable.owner === wiring.fn && !variable.isCaptured);
  return !isOwn || wiring.definitionsOf(variable).some((one) => !('op' in one) || one.op === 'call' || one.op === 'load' || one.op === 'await');
}

/** The file is written in TypeScript. */
function isTyped({ module }: FunctionIr): boolean {
  return /\.[cm]?tsx?$/.test(module.file);
}

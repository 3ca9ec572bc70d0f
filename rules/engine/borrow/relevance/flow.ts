import { isHandlerName } from '../handler-names.js';
import type { NameEffects, PlaceEffects } from '../../contracts/name-effects.js';
import type { Block, Callee, ClassIr, FunctionIr, Instruction, Key, Variable } from '../../ir/index.js';
import { Holdings, isMemory, sourcesIn, type Flow } from './holdings.js';
import { api, literal, stride, type Holder, type MemorySource, type Position, type Source, type Summary, type Surroundings } from './sources.js';

/** Names by which a part of some memory is taken. */
const viewing = new Set(['subarray', 'slice', 'toString', 'Uint8Array', 'DataView', 'from', 'decode']);

/** How often a function is gone through: flows against the order of its text are rare, and short. */
const passLimit = 6;

/**
 * Follows memory through one function, without regard to order.
 *
 * @param fn - the function; it has a body
 * @param around - the rest of the program
 * @param summary - what was known of the function; grows
 * @returns what the function does with memory
 */
export function flowOf(fn: FunctionIr, around: Surroundings, summary: Summary): Flow {
  const walk = new FlowWalk(fn, around, summary);
  return walk.run();
}

class FlowWalk extends Holdings {
  private readonly made = new Map<Position, MemorySource>();
  private readonly names = new Map<Variable, string>();
  /** What comes out of objects. */
  private readonly loaded = new Set<Variable>();

  run(): Flow {
    const blocks = this.fn.body?.blocks ?? [];
    this.fn.parameters.forEach((parameter, index) => {
      const source: Source = { kind: 'parameter', index };
      const isDirect = this.summary.fed.get(index);
      if (isDirect !== undefined) this.hold(parameter, source, isDirect);
    });
    for (let pass = 0; pass < passLimit; pass++) {
      this.beginPass();
      for (const block of blocks) this.visit(block);
      if (!this.isStale) break;
    }
    return this;
  }

  private visit(block: Block): void {
    this.at = block.id * stride;
    for (const instruction of block.instructions) {
      this.execute(instruction);
      this.at++;
    }
    const { terminal } = block;
    if (terminal.kind === 'return' && terminal.value !== undefined) this.leave(terminal.value);
    else if (terminal.kind === 'yield') {
      if (terminal.value !== undefined) this.lend(terminal.value);
      if (this.around.isLending(this.fn)) this.summary.lendsMemory = true;
    } else if (terminal.kind === 'throw') this.lend(terminal.value);
    else if (terminal.kind === 'next' && terminal.mode !== 'keys') this.take(terminal.iterator, terminal.value);
  }

  // ---------------------------------------------------------------------------------------------------------- instructions

  private execute(instruction: Instruction): void {
    switch (instruction.op) {
      case 'copy':
        this.flow(instruction.source, instruction.target);
        this.nameAs(instruction.target, this.nameOf(instruction.source));
        for (const set of [this.own, this.collections]) if (set.has(instruction.source)) set.add(instruction.target);
        break;
      case 'await':
        this.flow(instruction.value, instruction.target);
        break;
      case 'iterate':
        this.flow(instruction.iterable, instruction.target);
        break;
      case 'rest':
        this.flow(instruction.object, instruction.target);
        break;
      case 'literal':
        // `require('fs')`
        if (typeof instruction.value === 'string' && this.around.isApiModule(instruction.value)) this.hold(instruction.target, api, true);
        break;
      case 'global':
        this.nameAs(instruction.target, instruction.name);
        if (this.around.effectsOf(instruction.name) !== undefined) this.hold(instruction.target, api, true);
        break;
      case 'import':
        if (this.around.isApiModule(instruction.specifier)) this.hold(instruction.target, api, true);
        this.nameAs(instruction.target, instruction.imported === '*' || instruction.imported === 'default' ? instruction.target.name : instruction.imported);
        break;
      case 'function':
        this.hold(instruction.target, this.closure(instruction.function), true);
        break;
      case 'object':
        this.own.add(instruction.target);
        for (const property of instruction.properties) if (property.kind === 'value' || property.kind === 'spread') this.put(property.value, instruction.target);
        for (const property of instruction.properties) if (property.kind === 'value' && property.key.kind === 'name') this.storeMember(property.key.name, property.value, () => literal);
        break;
      case 'array':
        this.own.add(instruction.target);
        this.collections.add(instruction.target);
        for (const element of instruction.elements) if (element.kind !== 'hole') this.put(element.value, instruction.target);
        break;
      case 'load':
        this.load(instruction.target, instruction.object, instruction.key);
        break;
      case 'load-super':
        if (instruction.key.kind === 'name') this.loadMember(instruction.target, instruction.key.name, () => undefined);
        break;
      case 'store':
        this.store(instruction.object, instruction.key, instruction.value);
        break;
      case 'call':
        this.call(instruction);
        break;
      default:
    }
  }

  private readonly closures = new Map<FunctionIr, Source>();

  private closure(fn: FunctionIr): Source {
    let source = this.closures.get(fn);
    if (source === undefined) this.closures.set(fn, (source = { kind: 'closure', function: fn }));
    return source;
  }

  /** A closure may run at any time: what it shares with this function, it has. */
  private lendCaptured(fn: FunctionIr): void {
    for (const variable of fn.outline.captures) {
      const place = this.around.variablePlace(variable);
      if (place !== undefined) this.note(this.lent, place, undefined);
    }
    for (const nested of fn.outline.nested) this.lendCaptured(nested);
  }

  private nameAs(variable: Variable, name: string | undefined): void {
    if (name !== undefined && name !== '') this.names.set(variable, name);
  }

  private nameOf(variable: Variable): string | undefined {
    return this.names.get(variable) ?? (variable.name === '' ? undefined : variable.name);
  }

  private load(target: Variable, object: Variable, key: Key): void {
    this.loaded.add(target);
    const name = key.kind === 'name' ? key.name : undefined;
    if (name === undefined || /^\d+$/.test(name)) {
      this.take(object, target);
      return;
    }
    this.nameAs(target, name);
    const effects = this.around.effectsOf(name);
    if (effects?.aliases.has('this') === true) {
      this.flow(object, target);
      // The memory's own property, not another class's field of that name.
      if (this.isMemory(object)) return;
    }
    if (this.isApi(object)) {
      this.hold(target, api, true);
      if (effects !== undefined) this.holdMade(target, effects);
    }
    this.loadMember(target, name, () => this.holderOf(object, name) ?? (this.around.members.isShared(name) ? this.around.classOf(object) : undefined));
  }

  /** Whose member a name is, where no type need be asked: a private one's class is plain to see, so is that of `this`. */
  private holderOf(object: Variable, name: string): Holder {
    if (name.startsWith('#')) {
      const classes = new Set<ClassIr>();
      for (let fn: FunctionIr | undefined = this.fn; fn !== undefined; fn = fn.parent) if (fn.ownerClass !== undefined) classes.add(fn.ownerClass);
      const [own] = classes;
      return classes.size === 1 ? own?.name : undefined;
    }
    if (object.storage !== 'this') return undefined;
    const { ownerClass, kind } = object.owner;
    const isStatic = kind === 'static-block' || ownerClass?.members.find((member) => member.function === object.owner)?.isStatic === true;
    return isStatic ? undefined : ownerClass?.name;
  }

  /** Whose member it is, is asked only where something is stored under the name. */
  private loadMember(target: Variable, name: string, holder: () => Holder): void {
    this.arrivals.add(target);
    if (this.around.members.has(name)) {
      for (const place of this.around.members.read(name, holder())) for (const [source, isDirect] of sourcesIn(place)) this.hold(target, source, isDirect);
    }
    for (const fn of this.around.targets(name, false)) if (fn.kind === 'getter') this.receive(target, this.around.summaryOf(fn, this.fn), []);
  }

  private store(object: Variable, key: Key, value: Variable): void {
    if (key.kind === 'computed' || /^\d+$/.test(key.name)) this.write(object);
    else this.storeMember(key.name, value, () => this.holderOf(object, key.name) ?? this.around.classOf(object));
    this.putInto(object, value);
  }

  private storeMember(name: string, value: Variable, holder: () => Holder): void {
    for (const [source, isDirect] of this.sourcesOf(value)) {
      // What an object holds is found again under its own members' names; only a collection's elements have none.
      if (source.kind === 'closure' || (!isDirect && !this.collections.has(value))) continue;
      const place = this.around.storeInMember(name, holder(), source, isDirect);
      this.keep(source, place);
    }
    for (const fn of this.around.targets(name, false)) if (fn.kind === 'setter') this.pass(value, fn, 0);
  }

  /** Something comes to be held by an object, whichever it is. */
  private putInto(object: Variable, value: Variable): void {
    const sources = this.memoryIn(value);
    if (sources.length === 0) return;
    if (this.own.has(object)) {
      this.put(value, object);
      return;
    }
    for (const [holder] of this.sourcesOf(object)) if (holder.kind === 'place') for (const source of sources) this.keep(source, holder);
    if (object.storage !== 'this') for (const source of sources) this.lendSource(source, value);
  }

  // ----------------------------------------------------------------------------------------------------------------- calls

  private call(instruction: Extract<Instruction, { op: 'call' }>): void {
    const { callee, target } = instruction;
    const args = instruction.arguments.map((argument) => argument.value);
    const name = this.calledName(callee);
    const receiver = callee.kind === 'method' ? callee.object : undefined;
    const isApi = receiver !== undefined ? this.isApi(receiver) : 'value' in callee && this.isApi(callee.value);
    const effects = name === undefined ? undefined : this.around.effectsOf(name);
    if (callee.kind === 'construct' || effects?.aliases.size === 0) this.own.add(target);
    if (callee.kind === 'construct' && effects !== undefined) this.collections.add(target);
    if (isApi || args.some((argument) => this.isApi(argument) && name === 'require')) this.hold(target, api, true);
    const targets = isApi ? [] : this.targetsOf(callee, name, effects === undefined && args.some((argument) => this.memoryIn(argument).length > 0));
    if (effects !== undefined) {
      if (isApi || (name !== undefined && this.around.isMemoryName(name))) this.holdMade(target, effects);
      this.applyEffects(effects, target, receiver, args);
      if (effects.feedsCallbacks && !(effects.visitsElements && receiver !== undefined && !isApi && this.isCollection(receiver, name))) this.feedClosures(effects, args);
    }
    for (const fn of targets) this.applyBody(fn, target, args);
    if (callee.kind === 'construct' && effects === undefined) for (const argument of args) this.put(argument, target);
    // A function that was passed in does what it likes, whatever API it is named after.
    const isUnknown = effects === undefined ? targets.length === 0 || this.mayBeOther(callee) : !isApi && (this.mayBeOther(callee) || (callee.kind === 'method' && isHandlerName(name)));
    if (isUnknown) this.applyUnknown(callee, name, args, instruction.isResultUsed);
    // The declaration alone says that a function lends.
    if (effects === undefined && this.around.isLending(this.fn) && targets.every((fn) => fn.body === undefined)) this.hold(target, this.memory(true), false);
    if (!instruction.isAwaited && targets.some((fn) => fn.isAsync)) for (const argument of args) this.lend(argument);
    this.applyClosures(target, receiver, args);
  }

  private calledName(callee: Callee): string | undefined {
    switch (callee.kind) {
      case 'value':
      case 'construct':
        return this.nameOf(callee.value);
      case 'method':
      case 'super-method':
        return callee.key.kind === 'name' ? callee.key.name : undefined;
      case 'super-construct':
        return 'constructor';
      case 'import':
        return undefined;
    }
  }

  private targetsOf(callee: Callee, name: string | undefined, everywhere: boolean): readonly FunctionIr[] {
    const known: FunctionIr[] = [];
    if (callee.kind === 'value') for (const [source] of this.sourcesOf(callee.value)) if (source.kind === 'closure') known.push(source.function);
    if (known.length > 0 || name === undefined) return known;
    return this.around.targets(name, everywhere).filter((fn) => fn.kind !== 'getter' && fn.kind !== 'setter');
  }

  /** The callee is a function in sight on some ways only: a default, an option. */
  private mayBeOther(callee: Callee): boolean {
    if (callee.kind !== 'value') return false;
    const seen = new Set<Variable>();
    const isOther = (variable: Variable): boolean => {
      if (seen.has(variable)) return false;
      seen.add(variable);
      const origins = this.origins.get(variable);
      return this.loaded.has(variable) || variable.storage === 'parameter' || (origins !== undefined && [...origins].some(isOther));
    };
    return isOther(callee.value);
  }

  private holdMade(target: Variable, effects: NameEffects): void {
    if (!effects.givesMemory && !effects.lendsMemory) return;
    // By its name alone, `Array.from(…)` is a buffer.
    if (!effects.givesInside) this.arrivals.add(target);
    this.hold(target, this.memory(effects.lendsMemory), true);
  }

  private applyEffects(effects: NameEffects, target: Variable, receiver: Variable | undefined, args: readonly Variable[]): void {
    const apply = (effect: PlaceEffects, value: Variable): void => {
      if (effect.isWritten) this.write(value);
      if (effect.isKept || effect.isStored || effect.isMoved) this.lend(value);
      if (effect.isMoved) for (const source of this.memoryIn(value)) this.breakSource(source);
      if (effect.isStored && receiver !== undefined) this.putInto(receiver, value);
    };
    if (receiver !== undefined) apply(effects.receiver, receiver);
    args.forEach((argument, index) => apply(effects.parameters[index] ?? effects.rest, argument));
    for (const ref of effects.aliases) {
      const of = ref === 'this' ? receiver : args[ref];
      if (of === undefined) continue;
      this.flow(of, target);
      this.take(of, target);
    }
  }

  /** `values.forEach(f)` and `readable.forEach(f)`: by the name alone it is an array's, which gives what it holds. */
  private isCollection(receiver: Variable, name: string | undefined): boolean {
    return name === undefined || !this.around.givesNewMemory(receiver, name);
  }

  private feedClosures(effects: NameEffects, args: readonly Variable[]): void {
    for (const argument of args) {
      for (const [source] of this.sourcesOf(argument)) {
        if (source.kind !== 'closure') continue;
        source.function.parameters.forEach((_, index) => this.around.feed(source.function, index, true));
        if (effects.lendsToCallbacks) this.around.lendTo(source.function);
      }
    }
  }

  /** A function of the program is called. */
  private applyBody(fn: FunctionIr, target: Variable, args: readonly Variable[]): void {
    args.forEach((argument, index) => this.pass(argument, fn, Math.min(index, Math.max(0, fn.parameters.length - 1))));
    this.receive(target, this.around.summaryOf(fn, this.fn), args);
  }

  private pass(argument: Variable, fn: FunctionIr, index: number): void {
    for (const [source, isDirect] of this.sourcesOf(argument)) {
      if (!isMemory(source) || (!isDirect && !this.collections.has(argument))) continue;
      this.around.feed(fn, index, isDirect);
      const parameter = this.around.summaryOf(fn, this.fn).parameter(index);
      if (parameter.isWritten && isDirect) this.writeSource(source, argument);
      if (parameter.isLent) this.lendSource(source, argument);
      for (const place of parameter.places) this.keep(source, place);
      if (parameter.isBroken) this.breakSource(source);
    }
  }

  /** The function is called with parts of a value: an array's elements, what a promise gives. */
  private passParts(whole: Variable, fn: FunctionIr, index: number): void {
    for (const [source, isDirect] of this.sourcesOf(whole)) {
      if (!isMemory(source) || (isDirect && !(source.kind === 'place' && source.holdsMemory))) continue;
      this.around.feed(fn, index, true);
      const parameter = this.around.summaryOf(fn, this.fn).parameter(index);
      if (parameter.isWritten) this.writeSource(source, whole);
      if (parameter.isLent) this.lendSource(source, whole);
      for (const place of parameter.places) this.keep(source, place);
      if (parameter.isBroken) this.breakSource(source);
    }
  }

  private receive(target: Variable, summary: Summary, args: readonly Variable[]): void {
    this.arrivals.add(target);
    if (summary.givesMemory || summary.lendsMemory) {
      this.hold(target, this.memory(summary.lendsMemory), !summary.isInside);
      this.hold(target, this.memory(summary.lendsMemory), false);
    }
    if (summary.givesApi) this.hold(target, api, true);
    for (const [place, isDirect] of summary.places) if (place.isMemory || place.holdsMemory) this.hold(target, place, isDirect);
    for (const fn of summary.closures) this.hold(target, this.closure(fn), true);
    args.forEach((argument, index) => {
      const isReturned = summary.parameters[index]?.isReturned;
      if (isReturned === true) this.flow(argument, target);
      if (isReturned !== undefined) this.put(argument, target);
    });
  }

  /** Nobody knows the callee: it may fill what it is given, and a function from outside may keep it. */
  private applyUnknown(callee: Callee, name: string | undefined, args: readonly Variable[], isResultUsed: boolean): void {
    // `const n = await read(buf); buf.subarray(0, n)`: a result that may bound a view says that the call filled it.
    const mayFill = isResultUsed && [...viewing].some((one) => this.fn.outline.members.has(one) || this.fn.outline.constructed.has(one));
    const isHandler = callee.kind === 'value' || isHandlerName(name);
    for (const argument of args) {
      if (mayFill) this.write(argument);
      if (isHandler) this.lend(argument);
    }
  }

  /** Functions that a call is given may be called with what else it is given, or with what the receiver holds. */
  private applyClosures(target: Variable, receiver: Variable | undefined, args: readonly Variable[]): void {
    for (const argument of args) {
      for (const [source] of this.sourcesOf(argument)) {
        if (source.kind !== 'closure') continue;
        const fn = source.function;
        this.lendCaptured(fn);
        const summary = this.around.summaryOf(fn, this.fn);
        for (const other of receiver === undefined ? args : [receiver, ...args]) {
          if (other === argument) continue;
          fn.parameters.forEach((_, index) => {
            this.pass(other, fn, index);
            this.passParts(other, fn, index);
          });
        }
        this.receive(target, summary, []);
      }
    }
  }

  private memory(isLent: boolean): MemorySource {
    let source = this.made.get(this.at);
    if (source === undefined) this.made.set(this.at, (source = { kind: 'memory', at: this.at, isLent }));
    return source;
  }
}

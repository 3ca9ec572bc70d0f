import { writesBytes } from '../foreign.js';
import { operandsOf } from '../../ir/operands.js';
import type { Block, ClassIr, FunctionIr, Instruction, Key, Variable } from '../../ir/index.js';
import { CallFlow } from './calls.js';
import { sourcesIn, type Flow } from './holdings.js';
import { memberNamed } from './reading.js';
import { api, literal, stride, type Holder, type Source, type Summary, type Surroundings } from './sources.js';

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

class FlowWalk extends CallFlow {
  run(): Flow {
    const blocks = this.fn.body?.blocks ?? [];
    this.findInlined();
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

  /** Functions that write what they share with this one, and are given to nothing but `forEach` and its like. */
  private findInlined(): void {
    const writers = new Set(this.fn.outline.nested.filter((fn) => !fn.isAsync && !fn.isGenerator && writesBytes(fn) && [...fn.outline.captures].some(({ owner }) => owner === this.fn)));
    if (writers.size === 0) return;
    const instructions = this.fn.body?.blocks.flatMap((block) => block.instructions) ?? [];
    const made = new Map<Variable, FunctionIr>();
    for (const one of instructions) if (one.op === 'function' && writers.has(one.function) && one.function.body !== undefined) made.set(one.target, one.function);
    const uses = new Map<Variable, Instruction[]>();
    for (const one of instructions) {
      for (const operand of new Set(operandsOf(one))) {
        if (!made.has(operand)) continue;
        const list = uses.get(operand);
        if (list === undefined) uses.set(operand, [one]);
        else list.push(one);
      }
    }
    for (const [target, fn] of made) {
      const [use, ...others] = uses.get(target) ?? [];
      if (use?.op !== 'call' || others.length > 0 || use.callee.kind !== 'method' || use.callee.key.kind !== 'name') continue;
      const receiver = this.around.types.receiver(use.callee.object);
      if (receiver.kind === 'api' && receiver.effectsOf(use.callee.key.name)?.callsNow === true) this.inlined.add(fn);
    }
    for (const fn of this.inlined) {
      for (const variable of fn.outline.captures) {
        if (variable.owner === this.fn && this.around.capturersOf(variable).every((one) => one === this.fn || this.inlined.has(one))) this.keptInside.add(variable);
      }
    }
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

  protected execute(instruction: Instruction): void {
    switch (instruction.op) {
      case 'copy':
        for (const set of [this.own, this.collections]) if (set.has(instruction.source)) set.add(instruction.target);
        this.flow(instruction.source, instruction.target);
        this.nameAs(instruction.target, this.nameOf(instruction.source));
        if (instruction.target.storage === 'temporary' || instruction.target.isConstant) this.standFor(instruction.target, this.apis.get(instruction.source));
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
        this.standFor(instruction.target, this.around.types.global(instruction.name));
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

  private load(target: Variable, object: Variable, key: Key): void {
    this.loaded.add(target);
    const name = memberNamed(key);
    if (name === undefined) {
      this.take(object, target);
      return;
    }
    this.nameAs(target, name);
    this.standFor(target, this.apis.get(object)?.member(name));
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
    this.loadMember(target, name, () => this.holderOf(object, name) ?? (this.around.members.isShared(name) ? this.around.types.classOf(object) : undefined));
  }

  /** Whose member a name is, where no type need be asked: a private one's class is plain to see, so is that of `this`. */
  protected holderOf(object: Variable, name: string): Holder {
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
    for (const fn of this.around.targets(name, false)) if (fn.kind === 'getter') this.receive(target, fn, []);
  }

  private store(object: Variable, key: Key, value: Variable): void {
    const name = memberNamed(key);
    if (name === undefined) {
      this.write(object);
      this.addTo(object, value);
      return;
    }
    this.storeMember(name, value, () => this.holderOf(object, name) ?? this.around.types.classOf(object));
    this.putInto(object, value);
  }

  private storeMember(name: string, value: Variable, holder: () => Holder): void {
    for (const [source, isDirect] of this.sourcesOf(value)) {
      // What an object holds is found again under its own members' names; only a collection's elements have none.
      if (source.kind === 'closure' || (!isDirect && !this.collections.has(value))) continue;
      // Whose an API is makes no difference worth a question.
      const place = this.around.storeInMember(name, source.kind === 'api' ? undefined : holder(), source, isDirect);
      this.keep(source, place);
    }
    for (const fn of this.around.targets(name, false)) if (fn.kind === 'setter') this.pass(value, fn, 0);
  }
}

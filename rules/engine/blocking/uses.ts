import type { CallbackUse, LoopEntry, ParameterEffect } from '../contracts/contract.js';
import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import { operandsOf, terminalOperandsOf } from '../ir/operands.js';
import { nameOf, type Calls } from './calls.js';
import type { ProgramFile } from './files.js';
import { lastWord, specifierAt } from './names.js';
import { instructionsOf, type Call, type Value, type Values } from './values.js';

/** What a program does with one of its functions. */
export type Use =
  /** It is called. */
  | { readonly kind: 'called'; readonly by: FunctionIr; readonly call: Call }
  /** It is given to a callee that calls it before it returns. */
  | { readonly kind: 'now'; readonly by: FunctionIr; readonly call: Call }
  /** It is given to a callee, and the event loop calls it. */
  | { readonly kind: 'later'; readonly by: FunctionIr; readonly entry: LoopEntry; readonly isOnce: boolean; readonly call: Call | undefined; readonly callback: CallbackUse | undefined }
  /** It is called while nobody is served: a server begins or has stopped, the process ends, or cannot go on. */
  | { readonly kind: 'idle'; readonly by: FunctionIr }
  | { readonly kind: 'exported'; readonly by: FunctionIr }
  /** Nobody knows. */
  | { readonly kind: 'unknown'; readonly by: FunctionIr };

/** Events after which the event loop does not turn again, or not for long. */
const LAST_EVENTS: ReadonlySet<string> = new Set(['exit', 'beforeExit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK', 'SIGUSR2', 'uncaughtException', 'uncaughtExceptionMonitor', 'unhandledRejection', 'disconnect']);
/** Methods of collections that call a function for each element, where the receiver's type is not known. */
const VISITS = /^(?:every|filter|find|findIndex|findLast|flatMap|forEach|map|reduce|reduceRight|some|sort)$/;
const MOST_FILES = 60;

interface Operand {
  readonly fn: FunctionIr;
  readonly instruction: Instruction | undefined;
}

/** Finds what becomes of a function: who calls it, and who is given it. */
export class Uses {
  readonly #files: readonly ProgramFile[];
  readonly #values: Values;
  readonly #calls: Calls;
  readonly #known = new Map<FunctionIr, readonly Use[]>();
  readonly #operands = new WeakMap<FunctionIr, ReadonlyMap<Variable, readonly Instruction[]>>();
  readonly #open = new Set<FunctionIr>();

  constructor(files: readonly ProgramFile[], values: Values, calls: Calls) {
    this.#files = files;
    this.#values = values;
    this.#calls = calls;
    values.givenTo = (parameter) => this.#givenTo(parameter);
  }

  of(fn: FunctionIr): readonly Use[] {
    const known = this.#known.get(fn);
    if (known !== undefined) return known;
    if (this.#open.has(fn)) return [];
    this.#open.add(fn);
    const search = new Search(fn, { files: this.#files, values: this.#values, calls: this.#calls, operandsIn: (each) => this.#operandsIn(each), usesOf: (each) => this.of(each) });
    const uses = search.run();
    this.#open.delete(fn);
    this.#known.set(fn, uses);
    return uses;
  }

  /** The variables that a function's instructions read. */
  #operandsIn(fn: FunctionIr): ReadonlyMap<Variable, readonly Instruction[]> {
    let operands = this.#operands.get(fn);
    if (operands === undefined) {
      const found = new Map<Variable, Instruction[]>();
      for (const instruction of instructionsOf(fn)) {
        for (const operand of operandsOf(instruction)) {
          const users = found.get(operand);
          if (users === undefined) found.set(operand, [instruction]);
          else if (users.at(-1) !== instruction) users.push(instruction);
        }
      }
      this.#operands.set(fn, (operands = found));
    }
    return operands;
  }

  /** What callers, and the event loop, pass for a parameter. */
  #givenTo(parameter: Variable): readonly Value[] {
    const fn = parameter.owner;
    const position = fn.parameters.indexOf(parameter);
    if (position < 0 || (fn.hasRest && position === fn.parameters.length - 1) || this.#open.has(fn)) return [];
    return this.of(fn).flatMap((use): readonly Value[] => {
      if (use.kind === 'called') {
        const argument = use.call.arguments[position];
        return argument === undefined || argument.isSpread ? [] : this.#values.of(argument.value);
      }
      const source = use.kind === 'later' ? use.callback?.arguments[position] : undefined;
      return source === undefined ? [] : this.#values.fromArgument(source);
    });
  }
}

interface Parts {
  readonly files: readonly ProgramFile[];
  readonly values: Values;
  readonly calls: Calls;
  operandsIn(fn: FunctionIr): ReadonlyMap<Variable, readonly Instruction[]>;
  usesOf(fn: FunctionIr): readonly Use[];
}

/** One function's uses: follows the places that hold it. */
class Search {
  readonly #fn: FunctionIr;
  readonly #parts: Parts;
  readonly #uses: Use[] = [];
  readonly #queue: { readonly variable: Variable; readonly isContainer: boolean; readonly property: string | undefined }[] = [];
  readonly #seen = new Set<Variable>();
  readonly #calls = new Set<Call>();

  constructor(fn: FunctionIr, parts: Parts) {
    this.#fn = fn;
    this.#parts = parts;
  }

  run(): readonly Use[] {
    const { parent } = this.#fn;
    if (parent !== undefined) {
      for (const instruction of instructionsOf(parent)) if (instruction.op === 'function' && instruction.function === this.#fn) this.#hold(instruction.target);
    }
    this.#drain();
    if (parent === undefined || parent.kind === 'module' || this.#fn.kind === 'method' || this.#fn.ownerClass !== undefined) this.#searchByName();
    this.#drain();
    return this.#uses;
  }

  #drain(): void {
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) this.#follow(next.variable, next.isContainer, next.property);
  }

  #hold(variable: Variable, isContainer = false, property?: string): void {
    if (this.#seen.has(variable)) return;
    this.#seen.add(variable);
    this.#queue.push({ variable, isContainer, property });
  }

  #follow(variable: Variable, isContainer: boolean, property: string | undefined): void {
    const { owner } = variable;
    const readers = variable.isCaptured ? [owner, ...owner.module.functions.filter((fn) => fn !== owner && fn.outline.captures.has(variable))] : [owner];
    for (const fn of readers) {
      for (const instruction of this.#parts.operandsIn(fn).get(variable) ?? []) this.#visit({ fn, instruction }, variable, isContainer, property);
      for (const { terminal } of fn.body?.blocks ?? []) {
        if (terminal.kind === 'return' && terminal.value === variable && terminalOperandsOf(terminal).includes(variable)) this.#returned(fn, isContainer, property);
      }
    }
  }

  #visit({ fn, instruction }: Operand, variable: Variable, isContainer: boolean, property: string | undefined): void {
    switch (instruction?.op) {
      case 'copy':
      case 'await':
        this.#hold(instruction.target, isContainer, property);
        break;
      case 'call':
        this.#visitCall(instruction, fn, variable, isContainer, property);
        break;
      case 'object': {
        const entry = instruction.properties.find((one) => (one.kind === 'value' || one.kind === 'spread') && one.value === variable);
        const name = entry?.kind === 'value' && entry.key.kind === 'name' ? entry.key.name : property;
        this.#hold(instruction.target, true, isContainer ? property : name);
        break;
      }
      case 'array':
        this.#hold(instruction.target, true, property);
        break;
      case 'export':
        this.#uses.push({ kind: 'exported', by: fn });
        break;
      case 'store':
        if (instruction.value === variable) this.#stored(instruction, fn);
        break;
      case 'load':
        // What is taken out of a table may be the function.
        if (isContainer && this.#parts.values.of(instruction.target).some((value) => value.kind === 'function' && value.function === this.#fn)) this.#hold(instruction.target);
        break;
      default:
    }
  }

  #visitCall(call: Call, by: FunctionIr, variable: Variable, isContainer: boolean, property: string | undefined): void {
    const { callee } = call;
    if (callee.kind === 'value' && callee.value === variable && !isContainer) this.#addCall(call, by);
    if (callee.kind === 'method' && callee.object === variable) {
      const name = callee.key.kind === 'name' ? callee.key.name : '';
      if (!isContainer && name === 'bind') this.#hold(call.target);
      else if (!isContainer && (name === 'call' || name === 'apply')) this.#addCall(call, by);
      else if (isContainer && this.#isRunBy(call)) this.#addCall(call, by);
    }
    call.arguments.forEach((argument, position) => {
      if (argument.value === variable) this.#passed(call, position, by, isContainer ? property : undefined, isContainer);
    });
  }

  #addCall(call: Call, by: FunctionIr): void {
    if (this.#calls.has(call)) return;
    this.#calls.add(call);
    this.#uses.push({ kind: 'called', by, call });
  }

  #isRunBy(call: Call): boolean {
    return this.#parts.values.calleesOf(call).some((value) => value.kind === 'function' && value.function === this.#fn);
  }

  #passed(call: Call, position: number, by: FunctionIr, property: string | undefined, isContainer: boolean): void {
    const { callee } = call;
    // `new Promise(executor)`: runs at once, and is what promises are made of.
    if (callee.kind === 'construct' && position === 0 && this.#parts.values.of(callee.value).some((value) => value.kind === 'api' && value.api.path === 'global#Promise')) {
      this.#uses.push({ kind: 'later', by, entry: 'promise', isOnce: true, call, callback: undefined });
      return;
    }
    const effects = this.#parts.calls.effectsOf(call, position);
    const callbacks = (effects ?? []).flatMap((effect) => callbackIn(effect, property, isContainer));
    for (const callback of callbacks) this.#given(callback, call, by);
    const targets = this.#parts.calls.targetsOf(call);
    for (const target of targets) {
      if (target.kind !== 'function') continue;
      const parameter = target.function.parameters[position];
      if (parameter !== undefined && !(target.function.hasRest && position >= target.function.parameters.length - 1)) this.#heldByCallee(parameter, isContainer, property);
    }
    if (targets.length > 0) return;
    const isVisit = callee.kind === 'method' && callee.key.kind === 'name' && VISITS.test(callee.key.name) && !isContainer;
    this.#uses.push(isVisit ? { kind: 'now', by, call } : { kind: 'unknown', by });
  }

  /** The callee's own code says what it does with the function. */
  #heldByCallee(parameter: Variable, isContainer: boolean, property: string | undefined): void {
    if (this.#seen.size < 40) this.#hold(parameter, isContainer, property);
  }

  #given(callback: CallbackUse, call: Call, by: FunctionIr): void {
    if (callback.when === 'now') {
      this.#uses.push({ kind: 'now', by, call });
      return;
    }
    if (this.#isLastEvent(call) || isOutOfService(callback, call)) this.#uses.push({ kind: 'idle', by });
    else this.#uses.push({ kind: 'later', by, entry: callback.entry ?? 'event', isOnce: callback.times === 'once', call, callback });
  }

  /** `process.on('exit', …)`; which event a variable names is not known, and most are signals. */
  #isLastEvent({ callee, arguments: [first] }: Call): boolean {
    if (callee.kind !== 'method' || first === undefined) return false;
    const isProcess = this.#parts.values.of(callee.object).some((value) => value.kind === 'api' && /^(?:global#process|node:process)$/.test(value.api.path));
    if (!isProcess) return false;
    const event = specifierAt(first.origin.syntax);
    return event === undefined || LAST_EVENTS.has(event) || event.startsWith('SIG') || first.value.name !== '';
  }

  #stored(instruction: Extract<Instruction, { op: 'store' }>, by: FunctionIr): void {
    const { object, key } = instruction;
    const name = key.kind === 'name' ? key.name : '';
    const [definition] = this.#parts.values.definitionsIn(object.owner).get(object) ?? [];
    if (definition?.op === 'global' && (definition.name === 'exports' || definition.name === 'module')) this.#uses.push({ kind: 'exported', by });
    else if (definition?.op === 'load' && definition.key.kind === 'name' && definition.key.name === 'exports') this.#uses.push({ kind: 'exported', by });
    else if (/^on[a-z]+$/.test(name) && this.#parts.values.of(object).some((value) => value.kind === 'instance')) {
      this.#uses.push({ kind: 'later', by, entry: 'event', isOnce: false, call: undefined, callback: undefined });
    } else if (definition?.op !== 'object') this.#uses.push({ kind: 'unknown', by });
  }

  /** A function that makes functions: what its callers do with the result. */
  #returned(factory: FunctionIr, isContainer: boolean, property: string | undefined): void {
    if (factory === this.#fn) return;
    const uses = this.#parts.usesOf(factory);
    for (const use of uses) {
      if (use.kind === 'called') this.#hold(use.call.target, isContainer, property);
      else if (use.kind === 'exported') this.#uses.push(use);
    }
    if (uses.length === 0) this.#uses.push({ kind: 'unknown', by: factory });
  }

  /** Where other code takes the function from a module, a class or an object. */
  #searchByName(): void {
    const name = nameOf(this.#fn);
    const path = this.#fn.module.file;
    const whole = lastWord(path);
    const candidates = this.#files.filter((file) => file.path === path || file.names.has(name) || file.specifiers.some((specifier) => lastWord(specifier) === whole));
    for (const file of candidates.slice(0, MOST_FILES)) this.#searchFile(file, name);
  }

  get #files(): readonly ProgramFile[] {
    return this.#parts.files;
  }

  #searchFile(file: ProgramFile, name: string): void {
    const { module } = file;
    const isConstructor = this.#fn.kind === 'constructor' || this.#fn.kind === 'fields';
    for (const fn of module.functions) {
      const { members, freeNames, constructed } = fn.outline;
      if (fn.kind !== 'module' && !members.has(name) && !freeNames.has(name) && !constructed.has(name)) continue;
      for (const instruction of instructionsOf(fn)) {
        if (instruction.op === 'import' || (instruction.op === 'load' && instruction.key.kind === 'name' && instruction.key.name === name)) {
          if (this.#parts.values.of(instruction.target).some((value) => value.kind === 'function' && value.function === this.#fn)) this.#hold(instruction.target);
        } else if (instruction.op === 'call') this.#searchCall(instruction, fn, name, isConstructor);
      }
    }
  }

  #searchCall(call: Call, by: FunctionIr, name: string, isConstructor: boolean): void {
    const { callee } = call;
    if (callee.kind === 'construct') {
      if (isConstructor && this.#parts.values.of(callee.value).some((value) => value.kind === 'class' && value.class === this.#fn.ownerClass)) this.#addCall(call, by);
      return;
    }
    if (callee.kind === 'value' && this.#parts.values.of(call.target).some((value) => value.kind === 'function' && value.function === this.#fn)) this.#hold(call.target);
    if (callee.kind !== 'method' || callee.key.kind !== 'name' || callee.key.name !== name) return;
    const targets = this.#parts.calls.targetsOf(call);
    if (targets.some((target) => target.kind === 'function' && target.function === this.#fn)) this.#addCall(call, by);
    // Something of that name is called on something unknown.
    else if (targets.length === 0) this.#uses.push({ kind: 'unknown', by });
  }
}

/** `server.listen(port, () => …)`, `server.on('close', …)` */
function isOutOfService({ outOfService }: CallbackUse, { arguments: [first] }: Call): boolean {
  if (outOfService === undefined || outOfService === true) return outOfService === true;
  const event = first && specifierAt(first.origin.syntax);
  return event !== undefined && outOfService.includes(event);
}

function callbackIn(effect: ParameterEffect, property: string | undefined, isContainer: boolean): readonly CallbackUse[] {
  if (!isContainer) return effect.callback === undefined ? [] : [effect.callback];
  const inside = property === undefined ? undefined : effect.properties?.[property];
  const elements = effect.elements?.callback;
  return [inside?.callback, elements].filter((callback) => callback !== undefined);
}

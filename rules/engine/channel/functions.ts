import type { ClassIr, FunctionIr, Instruction, ModuleIr, Variable } from '../ir/index.js';
import { factsOf, type Call, type Site } from './facts.js';

/** How a function is named somewhere in its file. */
export type Reference =
  | { readonly kind: 'call'; readonly site: Site<Call> }
  /** Handed to a call, or to `new`. `property`: as that member of an object literal. */
  | { readonly kind: 'argument'; readonly site: Site<Call>; readonly position: number; readonly property: string | undefined }
  /** Assigned to a member: `socket.onmessage = fn`, `Queue.prototype.push = fn`. */
  | { readonly kind: 'member'; readonly site: Site; readonly name: string }
  /** Returned, exported, or put somewhere that is not followed. */
  | { readonly kind: 'public'; readonly site: Site | undefined; readonly name: string };

/** The functions of a file by what names them. */
export class FunctionIndex {
  readonly module: ModuleIr;
  readonly #touching = new Map<string, FunctionIr[]>();
  readonly #capturing = new Map<Variable, FunctionIr[]>();
  readonly #members = new Map<string, FunctionIr[]>();
  readonly #references = new Map<FunctionIr, readonly Reference[]>();
  readonly #named = new Map<string, readonly Reference[]>();
  #assigned: Map<string, FunctionIr[]> | undefined;

  constructor(module: ModuleIr) {
    this.module = module;
    for (const fn of module.functions) {
      for (const name of fn.outline.members) push(this.#touching, name, fn);
      for (const variable of fn.outline.captures) push(this.#capturing, variable, fn);
    }
    for (const class_ of module.classes) {
      for (const { key, function: fn } of class_.members) if (key.kind === 'name') push(this.#members, key.name, fn);
    }
  }

  /** Functions that name a member: `x.name`. */
  touching(name: string): readonly FunctionIr[] {
    return this.#touching.get(name) ?? [];
  }

  /** The variable's owner, and every function inside of it that uses it. */
  using(variable: Variable): readonly FunctionIr[] {
    return [variable.owner, ...(this.#capturing.get(variable) ?? []).filter((fn) => fn !== variable.owner)];
  }

  /** Every instruction of the file that gives a variable its value, with the function it is in. */
  definitionsOf(variable: Variable): readonly Site[] {
    const functions = variable.storage === 'temporary' || variable.isConstant ? [variable.owner] : this.using(variable);
    return functions.flatMap((fn) => factsOf(fn).definitionsOf(variable));
  }

  /** The function that a variable stands for. */
  functionOf(variable: Variable): FunctionIr | undefined {
    let current = variable;
    for (let turns = 0; turns < 8; turns++) {
      const definition = this.#singleDefinitionOf(current);
      if (definition?.op === 'function') return definition.function;
      if (definition?.op === 'copy') current = definition.source;
      else if (definition?.op === 'load' && definition.key.kind === 'name') return this.methodOf(definition.object, definition.key.name);
      else if (definition?.op === 'call' && definition.callee.kind === 'method' && definition.callee.key.kind === 'name' && definition.callee.key.name === 'bind') current = definition.callee.object;
      else return undefined;
    }
    return undefined;
  }

  #singleDefinitionOf(variable: Variable): Instruction | undefined {
    if (variable.storage === 'parameter' || variable.storage === 'this') return undefined;
    const definitions = this.definitionsOf(variable);
    return definitions.length === 1 ? definitions[0]?.instruction : undefined;
  }

  /** The method of that name that `object` has, where this file says so: a class's own, or one assigned to a prototype. */
  methodOf(object: Variable, name: string): FunctionIr | undefined {
    const root = this.rootOf(object);
    if (root.storage !== 'this') return undefined;
    const { ownerClass } = root.owner;
    const members = this.#members.get(name) ?? [];
    if (ownerClass !== undefined) return members.find((fn) => fn.ownerClass === ownerClass) ?? this.#fieldOf(ownerClass, name);
    const assigned = this.#assignedMembers().get(name) ?? [];
    return assigned.length === 1 ? assigned[0] : undefined;
  }

  /** `load = (path) => …`, in the body of the class or in its constructor, and nowhere else. */
  #fieldOf({ fields, constructorFunction }: ClassIr, name: string): FunctionIr | undefined {
    const stores = this.touching(name).flatMap((fn) => factsOf(fn).sites.filter(({ instruction }) => instruction.op === 'store' && instruction.object.storage === 'this' && instruction.key.kind === 'name' && instruction.key.name === name));
    const [store] = stores;
    if (stores.length !== 1 || store?.instruction.op !== 'store' || (store.fn !== fields && store.fn !== constructorFunction)) return undefined;
    const made = factsOf(store.fn).makerOf(store.instruction.value);
    return made?.op === 'function' ? made.function : undefined;
  }

  /** Follows copies, also out of closures: `const self = this`. */
  rootOf(variable: Variable): Variable {
    let current = variable;
    for (let turns = 0; turns < 8; turns++) {
      if (current.storage !== 'temporary' && !current.isConstant) return current;
      const definition = this.#singleDefinitionOf(current);
      if (definition?.op !== 'copy') return current;
      current = definition.source;
    }
    return current;
  }

  /** `X.prototype.name = function`, `{ name() {} }`. */
  #assignedMembers(): Map<string, FunctionIr[]> {
    if (this.#assigned !== undefined) return this.#assigned;
    const assigned = new Map<string, FunctionIr[]>();
    this.#assigned = assigned;
    for (const fn of this.module.functions) {
      if (fn.ownerClass !== undefined || fn.kind === 'arrow' || fn.parent === undefined) continue;
      for (const reference of this.referencesOf(fn)) {
        const name = reference.kind === 'member' ? reference.name : reference.kind === 'argument' ? reference.property : reference.kind === 'public' ? reference.name : undefined;
        if (name !== undefined && name !== '') push(assigned, name, fn);
      }
    }
    return assigned;
  }

  /** What a call calls, where this file says so. */
  calleeOf(call: Call): FunctionIr | undefined {
    const { callee } = call;
    if (callee.kind === 'value') return this.functionOf(callee.value);
    return callee.kind === 'method' && callee.key.kind === 'name' ? this.methodOf(callee.object, callee.key.name) : undefined;
  }

  /** Where the file names the function, as far as its name can be followed. */
  referencesOf(fn: FunctionIr): readonly Reference[] {
    const known = this.#references.get(fn);
    if (known !== undefined) return known;
    this.#references.set(fn, []);
    const references = fn.ownerClass !== undefined && fn.kind !== 'arrow' ? this.#ofMember(fn) : this.#ofValue(fn);
    this.#references.set(fn, references);
    return references;
  }

  #ofMember(fn: FunctionIr): readonly Reference[] {
    const member = fn.ownerClass?.members.find((one) => one.function === fn);
    if (member?.key.kind !== 'name') return [];
    const { name } = member.key;
    return this.#ofMemberNamed(name);
  }

  /** Uses of `this.name` (or of `x.name`, for what is not `this`) anywhere in the file. */
  #ofMemberNamed(name: string): readonly Reference[] {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    // A member that is stored in itself, or in one that is stored in it, ends here.
    this.#named.set(name, []);
    const references = this.#findMemberNamed(name);
    this.#named.set(name, references);
    return references;
  }

  #findMemberNamed(name: string): readonly Reference[] {
    return this.touching(name).flatMap((user) =>
      factsOf(user).sites.flatMap((site): Reference[] => {
        const { instruction } = site;
        if (instruction.op === 'call' && instruction.callee.kind === 'method' && instruction.callee.key.kind === 'name' && instruction.callee.key.name === name) {
          return this.#isCollection(instruction.callee.object, user) ? [] : [{ kind: 'call', site: site as Site<Call> }];
        }
        if (instruction.op === 'load' && instruction.key.kind === 'name' && instruction.key.name === name) return this.#usesOf(instruction.target, user, 0);
        return [];
      }),
    );
  }

  /** An array, a `Map` or a `Set` of the language: `this.waiters.push(…)` is no call of a method that this file calls `push`. */
  #isCollection(object: Variable, user: FunctionIr): boolean {
    const made = factsOf(user).makerOf(object);
    if (made?.op !== 'load' || made.key.kind !== 'name') return isNewCollection(made, user);
    const self = this.rootOf(made.object);
    if (self.storage !== 'this') return false;
    const { name } = made.key;
    const { ownerClass } = self.owner;
    return [ownerClass?.fields, ownerClass?.constructorFunction].some((fn) => {
      if (fn === undefined) return false;
      return factsOf(fn).sites.some(({ instruction }) => instruction.op === 'store' && instruction.key.kind === 'name' && instruction.key.name === name && isNewCollection(factsOf(fn).makerOf(instruction.value), fn));
    });
  }

  #ofValue(fn: FunctionIr): Reference[] {
    const { parent } = fn;
    if (parent === undefined) return [];
    const value = factsOf(parent).valueOf(fn);
    // A method of an object literal: its getters and setters are not followed.
    return value === undefined ? [] : this.#usesOf(value, parent, 0);
  }

  /** What becomes of a value that is a function. */
  #usesOf(variable: Variable, user: FunctionIr, depth: number): Reference[] {
    if (depth > 4) return [];
    const users = variable.storage === 'temporary' ? [user] : this.using(variable);
    return users.flatMap((one) => {
      const facts = factsOf(one);
      const uses = facts.usesOf(variable).flatMap((site) => this.#use(variable, site, depth));
      const isReturned = facts.isTerminalOperand(variable) && facts.returned.includes(variable);
      return isReturned ? [...uses, { kind: 'public' as const, site: undefined, name: '' }] : uses;
    });
  }

  #use(variable: Variable, site: Site, depth: number): Reference[] {
    const { instruction, fn } = site;
    switch (instruction.op) {
      case 'copy':
        return this.#usesOf(instruction.target, fn, depth + 1);
      case 'export':
        return [{ kind: 'public', site, name: instruction.name }];
      case 'store':
        if (instruction.value !== variable) return [];
        return this.#stored(site, instruction.key.kind === 'name' ? instruction.key.name : '', depth);
      case 'object':
        return instruction.properties.flatMap((property) =>
          property.kind === 'value' && property.value === variable ? this.#inObject(instruction.target, property.key.kind === 'name' ? property.key.name : '', fn, depth) : [],
        );
      case 'array':
        return [{ kind: 'public', site, name: '' }];
      case 'call':
        return this.#called(variable, site as Site<Call>, depth);
      default:
        return [];
    }
  }

  /** Where a function is assigned to a member, and where that member of `this` is then used. */
  #stored(site: Site, name: string, depth: number): Reference[] {
    const member: Reference = { kind: 'member', site, name };
    const { instruction } = site;
    if (instruction.op !== 'store' || name === '' || depth > 2) return [member];
    const isPrototype = factsOf(site.fn).definitionOf(instruction.object)?.op === 'load' || this.rootOf(instruction.object).storage === 'this';
    return isPrototype ? [member, ...this.#ofMemberNamed(name)] : [member];
  }

  #inObject(object: Variable, name: string, fn: FunctionIr, depth: number): Reference[] {
    const handed = this.#usesOf(object, fn, depth + 1);
    const asArgument = handed.flatMap((reference): Reference[] => (reference.kind === 'argument' && reference.property === undefined ? [{ ...reference, property: name }] : []));
    return asArgument.length > 0 ? asArgument : [{ kind: 'public', site: undefined, name }];
  }

  #called(variable: Variable, site: Site<Call>, depth: number): Reference[] {
    const { callee, arguments: args, target } = site.instruction;
    const references: Reference[] = [];
    if (callee.kind === 'value' && callee.value === variable) references.push({ kind: 'call', site });
    if (callee.kind === 'method' && callee.object === variable && callee.key.kind === 'name') {
      if (callee.key.name === 'bind') references.push(...this.#usesOf(target, site.fn, depth + 1));
      else if (callee.key.name === 'call' || callee.key.name === 'apply') references.push({ kind: 'call', site });
    }
    for (const [position, argument] of args.entries()) {
      if (argument.value === variable) references.push({ kind: 'argument', site, position, property: undefined });
    }
    return references;
  }
}

function isNewCollection(made: Instruction | undefined, fn: FunctionIr): boolean {
  if (made?.op !== 'call' || made.callee.kind !== 'construct') return made?.op === 'array';
  const constructed = factsOf(fn).makerOf(made.callee.value);
  return constructed?.op === 'global' && ['Array', 'Map', 'Set'].includes(constructed.name);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

const indexes = new WeakMap<ModuleIr, FunctionIndex>();

/**
 * The index of a file's functions, made once.
 *
 * @param module - the file
 * @returns its index
 */
export function functionIndexOf(module: ModuleIr): FunctionIndex {
  let index = indexes.get(module);
  if (index === undefined) indexes.set(module, (index = new FunctionIndex(module)));
  return index;
}

import type { Api, ApiType } from '../contracts/api.js';
import type { Contract, Source } from '../contracts/contract.js';
import type { ClassIr, FunctionIr, Instruction, Key, Variable } from '../ir/index.js';
import { definitionOf } from '../ir/operands.js';
import type { Binding, StaticType, World } from '../world.js';
import { specifierAt } from './names.js';

/** What a place may hold, as far as calls care. */
export type Value =
  | { readonly kind: 'api'; readonly api: Api }
  | { readonly kind: 'instance'; readonly type: ApiType }
  | { readonly kind: 'function'; readonly function: FunctionIr }
  | { readonly kind: 'class'; readonly class: ClassIr }
  /** An instance of a class of the program. */
  | { readonly kind: 'own'; readonly class: ClassIr }
  | { readonly kind: 'object'; readonly instruction: Extract<Instruction, { op: 'object' | 'array' }> }
  /** The namespace of another file of the program. */
  | { readonly kind: 'namespace'; readonly specifier: string; readonly from: string }
  | { readonly kind: 'promise'; readonly of: readonly Value[] }
  /** `require`, or what `createRequire` gave. */
  | { readonly kind: 'require' };

export type Call = Extract<Instruction, { op: 'call' }>;

/** What a call runs. */
export type Target =
  | { readonly kind: 'contract'; readonly contract: Contract; readonly api: Api | undefined }
  | { readonly kind: 'function'; readonly function: FunctionIr };

const NOTHING: readonly Value[] = [];
/** Values are looked up through that many steps. */
const DEEPEST = 24;
/** What compilers put around `require` so that CommonJS modules look like others. */
const INTEROP = /^(?:__importDefault|__importStar|__toESM|_interopRequire(?:Default|Wildcard)|_interop_require_(?:default|wildcard)|_interopNamespace(?:Default|Compat)?|__toCommonJS)$/;

/** Follows values through a program's variables, fields, tables and files, without asking for types. */
export class Values {
  readonly #world: World;
  readonly #definitions = new WeakMap<FunctionIr, ReadonlyMap<Variable, readonly Instruction[]>>();
  readonly #known = new Map<Variable, readonly Value[]>();
  readonly #fields = new Map<ClassIr, ReadonlyMap<string, readonly Variable[]>>();
  readonly #superOf = new Map<ClassIr, readonly Value[]>();
  readonly #open = new Set<Variable>();
  readonly #openObjects = new Set<Instruction>();
  /** Finds what a parameter is given; the uses of its function say so. */
  givenTo: (parameter: Variable) => readonly Value[] = () => NOTHING;
  #depth = 0;

  constructor(world: World) {
    this.#world = world;
  }

  of(variable: Variable): readonly Value[] {
    const known = this.#known.get(variable);
    if (known !== undefined) return known;
    if (this.#open.has(variable) || this.#depth > DEEPEST) return NOTHING;
    this.#open.add(variable);
    this.#depth++;
    try {
      const values = this.#find(variable);
      this.#known.set(variable, values);
      return values;
    } finally {
      this.#depth--;
      this.#open.delete(variable);
    }
  }

  /** What a call may run; empty where the values do not say. */
  targetsOf(call: Call): readonly Target[] {
    return this.calleesOf(call).flatMap((value) => this.#targetsOf(value, call.callee.kind === 'construct'));
  }

  /** The functions and classes that a call names. */
  calleesOf({ callee }: Call): readonly Value[] {
    switch (callee.kind) {
      case 'value':
      case 'construct':
        return this.of(callee.value);
      case 'method': {
        const objects = this.of(callee.object);
        const isForwarding = callee.key.kind === 'name' && (callee.key.name === 'call' || callee.key.name === 'apply');
        const own = objects.flatMap((object) => this.member(object, callee.key));
        return isForwarding && own.length === 0 ? objects : own;
      }
      default:
        return NOTHING;
    }
  }

  /** A member of a value: exported, static, inherited, assigned in a constructor, or an entry of a table. */
  member(object: Value, key: Key): readonly Value[] {
    if (this.#depth > DEEPEST) return NOTHING;
    // An object that is spread into itself is looked into once.
    const { instruction } = object.kind === 'object' ? object : { instruction: undefined };
    if (instruction !== undefined && this.#openObjects.has(instruction)) return NOTHING;
    if (instruction !== undefined) this.#openObjects.add(instruction);
    this.#depth++;
    try {
      return [...new Set(this.#memberOf(object, key))];
    } finally {
      this.#depth--;
      if (instruction !== undefined) this.#openObjects.delete(instruction);
    }
  }

  #memberOf(object: Value, key: Key): readonly Value[] {
    const name = key.kind === 'name' ? key.name : undefined;
    switch (object.kind) {
      case 'api':
        return name === undefined ? NOTHING : this.#memberOfApi(object.api, name);
      case 'instance': {
        if (name === undefined) return NOTHING;
        const property = object.type.property(name);
        if (property !== undefined) return this.#fromSource(property, undefined);
        const method = object.type.method(name);
        return method === undefined ? NOTHING : [{ kind: 'api', api: methodAsApi(object.type, name, method) }];
      }
      case 'class':
        return name === undefined ? NOTHING : this.#memberOfClass(object.class, name, true);
      case 'own':
        return name === undefined ? NOTHING : this.#memberOfClass(object.class, name, false);
      case 'object':
        return this.#memberOfObject(object.instruction, name);
      case 'namespace':
        return name === undefined ? NOTHING : this.#bound(this.#world.resolveImport(object.specifier, name, object.from), object.specifier, object.from);
      default:
        return NOTHING;
    }
  }

  /** What a class extends. */
  superOf(class_: ClassIr): readonly Value[] {
    let values = this.#superOf.get(class_);
    if (values === undefined) {
      this.#superOf.set(class_, []);
      const definition = instructionsOf(class_.parent).find((one) => one.op === 'class' && one.class === class_);
      values = definition?.op === 'class' && definition.superClass !== undefined ? this.of(definition.superClass) : NOTHING;
      this.#superOf.set(class_, values);
    }
    return values;
  }

  /** What a source of the catalog gives. */
  #fromSource(source: Source, call: Call | undefined): readonly Value[] {
    switch (source.from) {
      case 'instance': {
        const type = this.#world.catalog.type(source.type);
        return type === undefined ? NOTHING : [{ kind: 'instance', type }];
      }
      case 'promise':
        return [{ kind: 'promise', of: this.#fromSource(source.of, call) }];
      case 'place': {
        if (source.of === 'this') return call?.callee.kind === 'method' ? this.of(call.callee.object) : NOTHING;
        const argument = call?.arguments[source.of];
        return argument === undefined ? NOTHING : this.of(argument.value);
      }
      default:
        return NOTHING;
    }
  }

  /** What the event loop, or a callee, passes to a function at this position. */
  fromArgument(source: Source): readonly Value[] {
    return this.#fromSource(source, undefined);
  }

  #find(variable: Variable): readonly Value[] {
    const { owner, storage } = variable;
    if (storage === 'this') return this.#thisOf(owner);
    if (storage === 'parameter' || owner.parameters.includes(variable)) return this.givenTo(variable);
    const definitions = this.definitionsIn(owner).get(variable) ?? [];
    const values = definitions.flatMap((instruction) => this.#resultOf(instruction, variable));
    if (variable.isConstant || !variable.isCaptured) return values;
    const elsewhere = owner.module.functions.filter((fn) => fn !== owner && fn.outline.captures.has(variable));
    return [...values, ...elsewhere.flatMap((fn) => (this.definitionsIn(fn).get(variable) ?? []).flatMap((instruction) => this.#resultOf(instruction, variable)))];
  }

  #thisOf(owner: FunctionIr): readonly Value[] {
    const { ownerClass } = owner;
    if (ownerClass === undefined) return owner.kind === 'module' ? [] : this.#objectAround(owner);
    const isStatic = owner.kind === 'static-block' || ownerClass.members.some((member) => member.function === owner && member.isStatic);
    return [{ kind: isStatic ? 'class' : 'own', class: ownerClass }];
  }

  /** `{ load() { this.read() } }` */
  #objectAround(owner: FunctionIr): readonly Value[] {
    if (owner.kind !== 'method' || owner.parent === undefined) return NOTHING;
    const instructions = instructionsOf(owner.parent);
    const target = instructions.find((one) => one.op === 'function' && one.function === owner);
    const object = target?.op === 'function' && instructions.find((one) => one.op === 'object' && one.properties.some((property) => property.kind === 'value' && property.value === target.target));
    return object && object.op === 'object' ? [{ kind: 'object', instruction: object }] : NOTHING;
  }

  definitionsIn(fn: FunctionIr): ReadonlyMap<Variable, readonly Instruction[]> {
    let definitions = this.#definitions.get(fn);
    if (definitions === undefined) {
      const found = new Map<Variable, Instruction[]>();
      for (const instruction of instructionsOf(fn)) {
        const target = definitionOf(instruction);
        if (target === undefined) continue;
        const others = found.get(target);
        if (others === undefined) found.set(target, [instruction]);
        else others.push(instruction);
      }
      this.#definitions.set(fn, (definitions = found));
    }
    return definitions;
  }

  #resultOf(instruction: Instruction, variable: Variable): readonly Value[] {
    switch (instruction.op) {
      case 'copy':
        return this.of(instruction.source);
      case 'function':
        return [{ kind: 'function', function: instruction.function }];
      case 'class':
        return [{ kind: 'class', class: instruction.class }];
      case 'object':
      case 'array':
        return [{ kind: 'object', instruction }];
      case 'global': {
        if (instruction.name === 'require') return [{ kind: 'require' }];
        const api = this.#world.resolveGlobal(instruction.name, instruction.origin);
        return api === undefined ? NOTHING : [{ kind: 'api', api }];
      }
      case 'import':
        return this.#bound(this.#world.resolveImport(instruction.specifier, instruction.imported, variable.owner.module.file), instruction.specifier, variable.owner.module.file);
      case 'load':
        return this.of(instruction.object).flatMap((object) => this.member(object, instruction.key));
      case 'await':
        return this.of(instruction.value).flatMap((value) => (value.kind === 'promise' ? value.of : [value]));
      case 'call':
        return this.#resultOfCall(instruction, variable.owner.module.file);
      default:
        return NOTHING;
    }
  }

  #resultOfCall(call: Call, file: string): readonly Value[] {
    const { callee } = call;
    if (callee.kind === 'import') return [{ kind: 'promise', of: this.#required(call, file) }];
    const module = this.interopped(call);
    if (module !== undefined) return this.of(module);
    if (callee.kind === 'method' && callee.key.kind === 'name' && callee.key.name === 'bind') return this.of(callee.object);
    const callees = this.calleesOf(call);
    return callees.flatMap((value): readonly Value[] => {
      switch (value.kind) {
        case 'require':
          return this.#required(call, file);
        case 'class':
          return callee.kind === 'construct' ? [{ kind: 'own', class: value.class }] : NOTHING;
        case 'function':
          return this.#returnedBy(value.function);
        case 'api': {
          const contract = callee.kind === 'construct' ? value.api.construct : value.api.call;
          if (value.api.path === 'node:module#createRequire') return [{ kind: 'require' }];
          return contract?.result === undefined ? NOTHING : this.#fromSource(contract.result, call);
        }
        default:
          return NOTHING;
      }
    });
  }

  /** The module in what compilers put around it: `__importStar(require('fs'))`. */
  interopped({ callee, arguments: [first] }: Call): Variable | undefined {
    if (callee.kind === 'method') return callee.key.kind === 'name' && INTEROP.test(callee.key.name) ? first?.value : undefined;
    if (callee.kind !== 'value') return undefined;
    const definition = callee.value.storage === 'temporary' ? this.definitionsIn(callee.value.owner).get(callee.value)?.[0] : undefined;
    const name = definition?.op === 'global' ? definition.name : definition?.op === 'load' && definition.key.kind === 'name' ? definition.key.name : callee.value.name;
    return INTEROP.test(name) ? first?.value : undefined;
  }

  #returnedBy(fn: FunctionIr): readonly Value[] {
    if (fn.isGenerator || !fn.outline.hasReturnValue) return NOTHING;
    const values = (fn.body?.blocks ?? []).flatMap(({ terminal }) => (terminal.kind === 'return' && terminal.value !== undefined ? this.of(terminal.value) : []));
    return fn.isAsync ? [{ kind: 'promise', of: values }] : values;
  }

  #required(call: Call, file: string): readonly Value[] {
    const [first] = call.arguments;
    const specifier = first && specifierAt(first.origin.syntax);
    if (specifier === undefined) return NOTHING;
    return this.#bound(this.#world.resolveImport(specifier, '*', file), specifier, file);
  }

  /** What a name that crosses a file stands for. */
  #bound(binding: Binding | undefined, specifier: string, from: string): readonly Value[] {
    switch (binding?.kind) {
      case 'api':
        return [{ kind: 'api', api: binding.api }];
      case 'function':
        return [{ kind: 'function', function: binding.function }];
      case 'class':
        return [{ kind: 'class', class: binding.class }];
      case 'variable':
        return this.of(binding.variable);
      case 'module':
        return [{ kind: 'namespace', specifier, from }];
      default:
        return NOTHING;
    }
  }

  #memberOfApi(api: Api, name: string): readonly Value[] {
    const member = api.member(name);
    if (member === undefined) return name === 'default' ? [{ kind: 'api', api }] : NOTHING;
    return member.value === undefined ? [{ kind: 'api', api: member }] : this.#fromSource(member.value, undefined);
  }

  #memberOfClass(class_: ClassIr, name: string, isStatic: boolean): readonly Value[] {
    const methods = class_.members.filter((member) => member.isStatic === isStatic && member.key.kind === 'name' && member.key.name === name);
    const callable = methods.filter((member) => member.function.kind === 'method');
    if (callable.length > 0) return callable.map((member) => ({ kind: 'function', function: member.function }));
    const getters = methods.filter((member) => member.function.kind === 'getter');
    if (getters.length > 0) return getters.flatMap((member) => this.#returnedBy(member.function));
    const stored = this.#fieldsOf(class_).get(name);
    if (stored !== undefined) return stored.flatMap((variable) => this.of(variable));
    return this.superOf(class_).flatMap((base): readonly Value[] => {
      if (base.kind === 'class') return this.#memberOfClass(base.class, name, isStatic);
      return base.kind === 'api' && base.api.instance !== undefined && !isStatic ? this.member({ kind: 'instance', type: base.api.instance }, { kind: 'name', name }) : NOTHING;
    });
  }

  /** `this.name = …` in any of the class's functions, and in closures inside of them. */
  #fieldsOf(class_: ClassIr): ReadonlyMap<string, readonly Variable[]> {
    let fields = this.#fields.get(class_);
    if (fields === undefined) {
      const found = new Map<string, Variable[]>();
      const own = [class_.fields, class_.statics, class_.constructorFunction, ...class_.members.map((member) => member.function)];
      for (const fn of own) {
        if (fn === undefined) continue;
        for (const instruction of instructionsOf(fn)) {
          if (instruction.op !== 'store' || instruction.object.storage !== 'this' || instruction.key.kind !== 'name') continue;
          const values = found.get(instruction.key.name);
          if (values === undefined) found.set(instruction.key.name, [instruction.value]);
          else values.push(instruction.value);
        }
      }
      this.#fields.set(class_, (fields = found));
    }
    return fields;
  }

  #memberOfObject(instruction: Extract<Instruction, { op: 'object' | 'array' }>, name: string | undefined): readonly Value[] {
    if (instruction.op === 'array') return name === undefined || /^\d+$/.test(name) ? instruction.elements.flatMap((element) => (element.kind === 'value' ? this.of(element.value) : [])) : NOTHING;
    const found: Value[] = [];
    for (const property of instruction.properties) {
      if (property.kind === 'spread') {
        for (const spread of this.of(property.value)) found.push(...this.member(spread, name === undefined ? { kind: 'computed', value: property.value } : { kind: 'name', name }));
      } else if (property.kind === 'value' && (name === undefined || property.key.kind === 'computed' || property.key.name === name)) found.push(...this.of(property.value));
    }
    return found;
  }

  #targetsOf(value: Value, isConstruct: boolean): readonly Target[] {
    switch (value.kind) {
      case 'function':
        return [{ kind: 'function', function: value.function }];
      case 'class':
        return isConstruct ? this.constructorsOf(value.class) : [];
      case 'api': {
        const contract = isConstruct ? value.api.construct : value.api.call;
        return contract === undefined ? [] : [{ kind: 'contract', contract, api: value.api }];
      }
      default:
        return [];
    }
  }

  /** What runs when a class is instantiated. */
  constructorsOf(class_: ClassIr, depth = 0): readonly Target[] {
    const own = [class_.fields, class_.constructorFunction].flatMap((fn): Target[] => (fn === undefined ? [] : [{ kind: 'function', function: fn }]));
    if (class_.constructorFunction !== undefined || depth > 8) return own;
    return [...own, ...this.superOf(class_).flatMap((base) => (base.kind === 'class' ? this.constructorsOf(base.class, depth + 1) : []))];
  }
}

/** Every instruction of a function, block by block. */
export function instructionsOf(fn: FunctionIr): readonly Instruction[] {
  return fn.body?.blocks.flatMap((block) => block.instructions) ?? [];
}

function methodAsApi(type: ApiType, name: string, call: Contract): Api {
  return { path: `${type.path}.${name}`, call, construct: undefined, instance: undefined, value: undefined, member: () => undefined };
}

/** The instance that a static type stands for. */
export function fromStaticType(type: StaticType): readonly Value[] {
  switch (type.kind) {
    case 'instance':
      return [{ kind: 'instance', type: type.type }];
    case 'class':
      return [{ kind: 'own', class: type.class }];
    case 'promise':
      return [{ kind: 'promise', of: fromStaticType(type.of) }];
    default:
      return NOTHING;
  }
}

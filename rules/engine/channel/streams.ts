import type { ApiType } from '../contracts/api.js';
import type { ClassIr, FunctionIr, ModuleIr, Variable } from '../ir/index.js';
import { namesStreams } from '../stream-names.js';
import type { World } from '../world.js';
import { apiOf, calledApi } from './apis.js';
import { closuresOf, factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { madeBy, makerOf, rootOf } from './roots.js';

/** A function that a stream calls: a method of a class, or of the options it was made with. */
export interface Step {
  /** As classes name it: `_write`, `_transform`; `write`, `start`, `pull` of web streams. */
  readonly name: string;
  /** Node's streams leave errors to the step; the web's take what is thrown. */
  readonly platform: 'node' | 'web';
  /** The stream that is being implemented: `node:stream#Transform`, `global#ReadableStream`. */
  readonly type: ApiType;
  /** The other steps of the same stream, by name. */
  sibling(name: string): FunctionIr | undefined;
}

const nodeSteps: ReadonlySet<string> = new Set(['_construct', '_read', '_write', '_writev', '_transform', '_flush', '_final', '_destroy']);
const webStreams: ReadonlySet<string> = new Set(['global#ReadableStream', 'global#WritableStream', 'global#TransformStream']);

/** Whether a function may be a step of a stream, by its name and place alone. */
export function mayBeStep(fn: FunctionIr): boolean {
  const name = fn.name.split(/[#.]/).at(-1) ?? '';
  return nodeSteps.has(name) || nodeSteps.has(`_${name}`) || name === 'start' || name === 'pull' || (fn.ownerClass === undefined && name.startsWith('<'));
}

/**
 * The step of a stream that a function is.
 *
 * @param fn - any function
 * @param world - resolves imports and globals
 * @returns the step; undefined for every other function
 */
export function stepOf(fn: FunctionIr, world: World): Step | undefined {
  if (fn.ownerClass !== undefined && fn.kind === 'method') return stepOfClass(fn, fn.ownerClass, world);
  if (fn.kind === 'getter' || fn.kind === 'setter' || fn.parent === undefined || !mayImplement(fn.module)) return undefined;
  for (const reference of functionIndexOf(fn.module).referencesOf(fn)) {
    if (reference.kind === 'argument' && reference.property !== undefined) {
      const step = stepOfOptions(reference.site, reference.position, reference.property, world);
      if (step !== undefined) return step;
    } else if (reference.kind === 'member' && nodeSteps.has(reference.name)) {
      const step = stepOfAssigned(reference.site, reference.name, world);
      if (step !== undefined) return step;
    }
  }
  return undefined;
}

const implementing = new WeakMap<ModuleIr, boolean>();

/** Whether a file makes a stream of functions of its own, by what it names: a stream, a base class whose options these may be, or a step of Node's. */
function mayImplement(module: ModuleIr): boolean {
  let answer = implementing.get(module);
  if (answer === undefined) {
    answer = namesStreams(module) || module.classes.some(({ hasSuperClass }) => hasSuperClass) || [...nodeSteps].some((name) => functionIndexOf(module).touching(name).length > 0);
    implementing.set(module, answer);
  }
  return answer;
}

function stepOfClass(fn: FunctionIr, class_: ClassIr, world: World): Step | undefined {
  const member = class_.members.find((one) => one.function === fn);
  if (member?.key.kind !== 'name' || member.isStatic || !nodeSteps.has(member.key.name)) return undefined;
  const type = baseTypeOf(class_, world);
  if (type === undefined || !implementsStep(type, member.key.name)) return undefined;
  return {
    name: member.key.name,
    platform: 'node',
    type,
    sibling: (name) => class_.members.find(({ key, isStatic }) => !isStatic && key.kind === 'name' && key.name === name)?.function,
  };
}

function implementsStep(type: ApiType, name: string): boolean {
  for (let at: ApiType | undefined = type; at !== undefined; at = at.base) if (at.implemented(name) !== undefined) return true;
  return false;
}

/**
 * The type of the catalog that a class of the program extends, directly or through others.
 *
 * @param class_ - the class
 * @param world - resolves imports and globals
 * @returns the type; undefined where what it extends is not catalogued
 */
export function baseTypeOf(class_: ClassIr, world: World, depth = 0): ApiType | undefined {
  if (!class_.hasSuperClass || depth > 6) return undefined;
  const site = factsOf(class_.parent).sites.find(({ instruction }) => instruction.op === 'class' && instruction.class === class_);
  const base = site?.instruction.op === 'class' ? site.instruction.superClass : undefined;
  if (site === undefined || base === undefined) return undefined;
  const api = apiOf(base, site.fn, world);
  if (api !== undefined) return api.instance;
  const own = classIn(base, world);
  return own && baseTypeOf(own, world, depth + 1);
}

/** The class of the program that a variable holds. */
function classIn(variable: Variable, world: World): ClassIr | undefined {
  const site = makerOf(variable);
  switch (site?.instruction.op) {
    case 'class':
      return site.instruction.class;
    case 'copy':
      return classIn(site.instruction.source, world);
    case 'import': {
      const binding = world.resolveImport(site.instruction.specifier, site.instruction.imported, site.fn.module.file);
      return binding?.kind === 'class' ? binding.class : undefined;
    }
    default:
      return undefined;
  }
}

/** `new Transform({ transform() {} })`, `new WritableStream({ write() {} })`. */
function stepOfOptions(site: Site<Call>, position: number, property: string, world: World): Step | undefined {
  if (position !== 0) return undefined;
  const { callee } = site.instruction;
  const superClass = callee.kind === 'super-construct' ? site.fn.ownerClass : undefined;
  const type = superClass !== undefined ? baseTypeOf(superClass, world) : calledApi(site.instruction, site.fn, world)?.instance;
  if (type === undefined) return undefined;
  const isWeb = webStreams.has(type.path);
  const name = isWeb ? property : `_${property}`;
  if (!isWeb && !(nodeSteps.has(name) && implementsStep(type, name))) return undefined;
  return { name, platform: isWeb ? 'web' : 'node', type, sibling: (other) => propertyOf(site, isWeb ? other : other.slice(1)) };
}

/** The function that the options of a constructor have under a name. */
function propertyOf(site: Site<Call>, name: string): FunctionIr | undefined {
  const options = site.instruction.arguments[0];
  const object = options && factsOf(site.fn).makerOf(options.value);
  if (object?.op !== 'object') return undefined;
  const property = object.properties.find((one) => one.kind === 'value' && one.key.kind === 'name' && one.key.name === name);
  return property?.kind === 'value' ? functionIndexOf(site.fn.module).functionOf(property.value) : undefined;
}

/** `Parser.prototype._write = function`, after `inherits(Parser, Writable)`; `stream._read = () => {}`. */
function stepOfAssigned(site: Site, name: string, world: World): Step | undefined {
  if (site.instruction.op !== 'store') return undefined;
  const { object } = site.instruction;
  const { base, path } = rootOf(object);
  const isPrototype = path.length === 1 && path[0] === 'prototype';
  // `_transform = (chunk, encoding, done) => …` in the body of a class.
  const isField = path.length === 0 && base.storage === 'this' && base.owner.ownerClass !== undefined;
  const type = isPrototype ? inheritedBy(base, site.fn, world) : isField ? streamOfThis(base.owner, world) : typeOfObject(object, world);
  if (type === undefined || !implementsStep(type, name)) return undefined;
  const index = functionIndexOf(site.fn.module);
  const assigned = (other: string): FunctionIr | undefined => {
    for (const user of index.touching(other)) {
      for (const { instruction } of factsOf(user).sites) {
        if (instruction.op === 'store' && instruction.key.kind === 'name' && instruction.key.name === other && rootOf(instruction.object).base === base) return index.functionOf(instruction.value);
      }
    }
    return undefined;
  };
  return { name, platform: 'node', type, sibling: assigned };
}

function typeOfObject(object: Variable, world: World): ApiType | undefined {
  const maker = madeBy(rootOf(object).base);
  if (maker?.instruction.op !== 'call') return undefined;
  return calledApi(maker.instruction, maker.fn, world)?.instance;
}

/**
 * The catalogued stream that `this` is in a function: an instance of the class around it, or of a constructor that inherits.
 *
 * @param fn - a method, a constructor, or a function on a prototype
 * @param world - resolves imports and globals
 * @returns the type; undefined where nothing of the catalog is inherited
 */
export function streamOfThis(fn: FunctionIr, world: World): ApiType | undefined {
  if (fn.ownerClass !== undefined) return baseTypeOf(fn.ownerClass, world);
  if (fn.parent === undefined || fn.kind !== 'function') return undefined;
  for (const reference of functionIndexOf(fn.module).referencesOf(fn)) {
    if (reference.kind !== 'member' || reference.site.instruction.op !== 'store') continue;
    const { base, path } = rootOf(reference.site.instruction.object);
    if (path.length === 1 && path[0] === 'prototype') return inheritedBy(base, fn, world);
  }
  for (const { instruction } of factsOf(fn.parent).sites) {
    if (instruction.op !== 'copy' || instruction.target.storage === 'temporary') continue;
    const made = makerOf(instruction.source)?.instruction;
    if (made?.op === 'function' && made.function === fn) return inheritedBy(instruction.target, fn, world);
  }
  return undefined;
}

/** What `util.inherits` or a package of that name makes a constructor inherit from. */
function inheritedBy(constructor_: Variable, fn: FunctionIr, world: World): ApiType | undefined {
  const { module } = fn;
  for (const user of [module.top, ...closuresOf(module.top)]) {
    if (!user.outline.members.has('inherits') && !user.outline.freeNames.has('inherits') && user !== module.top) continue;
    for (const { instruction } of factsOf(user).sites) {
      if (instruction.op !== 'call' || instruction.arguments.length !== 2) continue;
      const [child, parent] = instruction.arguments;
      if (child === undefined || parent === undefined || rootOf(child.value).base !== constructor_) continue;
      if (!namesInherits(instruction)) continue;
      const inherited = apiOf(parent.value, user, world)?.instance;
      if (inherited !== undefined) return inherited;
    }
  }
  return undefined;
}

function namesInherits({ callee }: Call): boolean {
  if (callee.kind === 'method') return callee.key.kind === 'name' && callee.key.name === 'inherits';
  if (callee.kind !== 'value') return false;
  const { base, path } = rootOf(callee.value);
  return (path.at(-1) ?? base.name) === 'inherits';
}

import type { AsyncFinding } from '../findings.js';
import type { FunctionIr, ModuleIr, Variable } from '../ir/index.js';
import { operandsOf } from '../ir/operands.js';
import type { World } from '../world.js';
import { isAtTheEnd } from './at-the-end.js';
import { derivedFrom } from './derived.js';
import { closuresOf, factsOf, type Call, type Site } from './facts.js';
import { fateOf } from './fate.js';
import { functionIndexOf } from './functions.js';
import { calledAs } from './names.js';
import { isSameMember, isSameRoot, madeBy, nameOfRoot, type Root, rootOf } from './roots.js';
import { mayBeStep, stepOf, type Step } from './streams.js';

/** What a step does with a chunk instead of waiting until it is consumed. */
interface HandOff {
  readonly site: Site<Call>;
  /** As a reader knows it: `this.#queue`, `this.client.send()`. */
  readonly to: string;
  readonly label: string;
}

const additions: ReadonlySet<string> = new Set(['push', 'unshift']);
const removals: ReadonlySet<string> = new Set(['shift', 'splice', 'pop']);
/** Calling back in a moment is no different from calling back now. */
const moments: ReadonlySet<string> = new Set(['nextTick', 'setImmediate', 'queueMicrotask']);

/**
 * Looks for sinks that acknowledge before they consume: `_write` puts the chunk in a queue, or starts work on it, and calls back at
 * once; `write()` of a web sink does the same and returns nothing to wait for. Whoever writes never learns that it is too fast.
 *
 * @param module - the file
 * @param options - what may be asked
 * @returns the findings, and how many instructions were looked at
 */
export function findAcknowledgements(module: ModuleIr, { world }: { readonly world: World }): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  const findings: AsyncFinding[] = [];
  let work = 0;
  for (const fn of module.functions) {
    if (fn.parameters.length === 0 || !fn.outline.hasCall || !mayBeStep(fn)) continue;
    const step = stepOf(fn, world);
    if (step === undefined || fn.outline.hasAwait) continue;
    const finding = findingIn(fn, step, world);
    work += factsOf(fn).sites.length;
    if (finding !== undefined) findings.push(finding);
  }
  return { findings, work };
}

function findingIn(fn: FunctionIr, step: Step, world: World): AsyncFinding | undefined {
  const acknowledgement = acknowledgementIn(fn, step);
  const [chunk] = fn.parameters;
  if (acknowledgement === undefined || chunk === undefined) return undefined;
  const handOff = handOffOf(fn, chunk, world);
  if (handOff === undefined) return undefined;
  const at = acknowledgement === 'return' ? handOff.site.instruction.origin : acknowledgement.instruction.origin;
  return {
    kind: 'ignored-backpressure',
    certainty: 'certain',
    at,
    form: acknowledgement === 'return' ? 'accept' : 'acknowledge',
    words: { to: handOff.to, where: handOff.site.instruction.origin, via: acknowledgement === 'return' ? '' : `${nameOfRoot(rootOf(doneOf(fn, step) as Variable))}()` },
    advice: acknowledgement === 'return' ? 'return a promise that settles when the chunk is consumed' : 'call back when the chunk is consumed',
    trace: [
      { at: handOff.site.instruction.origin, label: handOff.label },
      { at, label: acknowledgement === 'return' ? 'nothing is returned to wait for' : 'acknowledged here, before it is consumed' },
    ],
  };
}

/** The callback of `_write(chunk, encoding, callback)`, `_transform` likewise, and `_writev(chunks, callback)`. */
function doneOf(fn: FunctionIr, step: Step): Variable | undefined {
  return step.name === '_writev' ? fn.parameters[1] : step.name === '_write' || step.name === '_transform' ? fn.parameters[2] : undefined;
}

/** Where a step says that it took the chunk; undefined where it may withhold that. */
function acknowledgementIn(fn: FunctionIr, step: Step): Site<Call> | 'return' | undefined {
  if (step.platform === 'web') return step.name === 'write' && step.type.path === 'global#WritableStream' && !fn.outline.hasReturnValue ? 'return' : undefined;
  const done = doneOf(fn, step);
  if (done === undefined || closuresOf(fn).some(({ outline }) => outline.captures.has(done))) return undefined;
  let found: Site<Call> | undefined;
  for (const site of factsOf(fn).sites) {
    const { instruction } = site;
    if (!operandsOf(instruction).some((operand) => operand === done || (operand.storage === 'temporary' && rootOf(operand).base === done))) continue;
    // A callback that is kept, or handed on, is called by somebody else.
    if (instruction.op === 'copy' && instruction.target.storage === 'temporary') continue;
    if (instruction.op !== 'call' || !callsBack({ ...site, instruction }, done)) return undefined;
    found ??= { ...site, instruction };
  }
  return found;
}

function callsBack(site: Site<Call>, done: Variable): boolean {
  const { callee, arguments: args } = site.instruction;
  if (callee.kind === 'value' && rootOf(callee.value).base === done) {
    const made = args[0] && madeBy(args[0].value)?.instruction;
    return args.length === 0 || (made?.op === 'literal' && (made.value === null || made.value === undefined));
  }
  return moments.has(calledAs(site)) && args.length === 1;
}

function handOffOf(fn: FunctionIr, chunk: Variable, world: World): HandOff | undefined {
  const derived = derivedFrom(fn, chunk);
  for (const site of factsOf(fn).sites) {
    const { instruction } = site;
    if (instruction.op !== 'call' || !instruction.arguments.some(({ value }) => derived.has(value))) continue;
    const call = { ...site, instruction };
    const handOff = queued(call, world) ?? started(call, world);
    if (handOff !== undefined) return handOff;
  }
  return undefined;
}

/** A queue that something else takes from, some other time. */
function queued(site: Site<Call>, world: World): HandOff | undefined {
  const { callee } = site.instruction;
  if (callee.kind !== 'method' || !additions.has(calledAs(site))) return undefined;
  const queue = rootOf(callee.object);
  const { base } = queue;
  if (base.storage === 'temporary' || (base.owner === site.fn && base.storage !== 'this') || hasLengthTest(site.fn, queue)) return undefined;
  if (!isDrainedLater(site.fn, queue, world) || !isArray(site, world)) return undefined;
  const to = nameOfRoot(queue);
  return { site, to: `\`${to}\``, label: `kept in \`${to}\`` };
}

function isArray(site: Site<Call>, world: World): boolean {
  const { callee } = site.instruction;
  return callee.kind === 'method' && world.typeOf(callee.objectOrigin).kind === 'array';
}

function hasLengthTest(fn: FunctionIr, queue: Root): boolean {
  return factsOf(fn).sites.some(({ instruction }) => instruction.op === 'load' && instruction.key.kind === 'name' && instruction.key.name === 'length' && isSameRoot(rootOf(instruction.object), queue));
}

/** Some other function takes single chunks out, and other code runs between two of them. What only collects is meant to. */
function isDrainedLater(fn: FunctionIr, queue: Root, world: World): boolean {
  const index = functionIndexOf(fn.module);
  const name = queue.path.at(-1);
  const users = name === undefined ? index.using(queue.base) : index.touching(name);
  return users.some((user) => user !== fn && takenFrom(user, queue).some((site) => !isAtTheEnd(site, world)) && runsLater(user));
}

function takenFrom(fn: FunctionIr, queue: Root): readonly Site[] {
  return factsOf(fn).sites.filter((site) => {
    const { instruction } = site;
    if (instruction.op !== 'call' || instruction.callee.kind !== 'method' || !removals.has(calledAs({ ...site, instruction }))) return false;
    return isSameMember(rootOf(instruction.callee.object), queue);
  });
}

/** Other code runs before the function does, or while it does: it waits, is handed to somebody, or is called by such a function. */
function runsLater(fn: FunctionIr, depth = 0): boolean {
  if (fn.outline.hasAwait || fn.isGenerator) return true;
  if (depth > 2) return false;
  const inside = new Set(closuresOf(fn));
  return functionIndexOf(fn.module)
    .referencesOf(fn)
    .some((reference) => {
      if (reference.kind === 'argument') return reference.property === undefined;
      return reference.kind === 'call' && reference.site.fn !== fn && (inside.has(reference.site.fn) || (reference.site.fn.ownerClass === undefined && runsLater(reference.site.fn, depth + 1)));
    });
}

/** Work that nobody waits for. */
function started(site: Site<Call>, world: World): HandOff | undefined {
  if (fateOf(site) !== 'dropped' || world.typeOf(site.instruction.origin).kind !== 'promise') return undefined;
  const { callee } = site.instruction;
  const receiver = callee.kind === 'method' ? nameOfRoot(rootOf(callee.object)) : '';
  const to = `${receiver === '' ? '' : `${receiver}.`}${calledAs(site)}()`;
  return { site, to: `\`${to}\``, label: `\`${to}\` is started, and nobody waits for it` };
}

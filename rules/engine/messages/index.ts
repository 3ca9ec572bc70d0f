import type { Contract } from '../contracts/contract.js';
import type { AsyncFinding, Certainty } from '../findings.js';
import type { Argument, FunctionIr, Instruction, ModuleIr, Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';

/** The text behind an origin. */
interface SourceText {
  textOf(origin: Origin): string;
}

type Call = Extract<Instruction, { op: 'call' }>;

export interface MessageOptions {
  readonly world: World;
  readonly source: SourceText;
}

export interface MessageReport {
  readonly findings: readonly AsyncFinding[];
  /** Instructions looked at. */
  readonly work: number;
  readonly abandoned: number;
}

/**
 * Finds values that the structured clone algorithm refuses, or strips, on their way to another thread.
 *
 * Flow says nothing that types do not: each call of something that clones is looked at by itself.
 *
 * @param module - the file
 * @param options - the program's types and text
 * @returns the findings
 */
export function checkMessages(module: ModuleIr, options: MessageOptions): MessageReport {
  const { cloners } = options.world.catalog;
  const findings: AsyncFinding[] = [];
  let work = 0;
  for (const fn of module.functions) {
    if (!mentions(fn, cloners)) continue;
    for (const block of fn.body?.blocks ?? []) {
      for (const instruction of block.instructions) {
        work++;
        if (instruction.op === 'call' && mayClone(instruction, fn, cloners)) findings.push(...inCall(instruction, fn, options));
      }
    }
  }
  return { findings, work, abandoned: 0 };
}

/** A function of the file names something that clones. */
function mentions({ outline }: FunctionIr, names: ReadonlySet<string>): boolean {
  for (const name of names) if (outline.members.has(name) || outline.freeNames.has(name) || outline.constructed.has(name)) return true;
  return false;
}

/** The call is by such a name, or by one that may stand for it. */
function mayClone({ callee }: Call, fn: FunctionIr, names: ReadonlySet<string>): boolean {
  if (callee.kind === 'method') return callee.key.kind === 'name' && names.has(callee.key.name);
  if (callee.kind === 'construct') return [...fn.outline.constructed].some((name) => names.has(name));
  return callee.kind === 'value';
}

function inCall(call: Call, fn: FunctionIr, { world, source }: MessageOptions): readonly AsyncFinding[] {
  const callee = world.calleeOf(call.origin);
  if (callee === undefined || !('contract' in callee)) return [];
  const { contract } = callee;
  return call.arguments.flatMap((argument, index) => {
    const effect = contract.parameters?.[index];
    // What is listed is moved, not cloned: which of the message's parts that is, types do not tell.
    if (argument.isSpread || effect == null || isTransferring(contract, call, index)) return [];
    if (effect.clones === true) {
      const found = inValue(argument, fn, world);
      return found === undefined ? [] : [findingOf(call, argument.origin, found, source)];
    }
    const cloned = Object.entries(effect.properties ?? {}).flatMap(([name, property]) => (property.clones === true ? [name] : []));
    const found = cloned.map((name) => world.unsendable(argument.origin, name)).find((one) => one !== undefined);
    return found === undefined ? [] : [findingOf(call, argument.origin, { ...found, form: found.what }, source)];
  });
}

interface Found {
  readonly form: 'function' | 'symbol' | 'uncloneable' | 'instance';
  readonly path: string;
  readonly name: string;
  readonly certainty: Certainty;
}

/** Another argument is a list of what to move. */
function isTransferring(contract: Contract, call: Call, index: number): boolean {
  return call.arguments.some((_, other) => other !== index && contract.parameters?.[other]?.elements?.transfers === true) && call.arguments.length > 1;
}

function inValue(argument: Argument, fn: FunctionIr, world: World): Found | undefined {
  if (isProxy(argument.value, fn)) return { form: 'uncloneable', path: '', name: 'Proxy', certainty: 'certain' };
  const found = world.unsendable(argument.origin);
  return found && { form: found.what, path: found.path, name: found.name, certainty: found.certainty };
}

/** `new Proxy(…)`, at once or through a constant: no type tells it from its target. */
function isProxy(value: Variable, fn: FunctionIr): boolean {
  const instructions = (fn.body?.blocks ?? []).flatMap((block) => block.instructions);
  for (let at: Variable | undefined = value, depth = 0; at !== undefined && depth < 4; depth++) {
    const target: Variable = at;
    if (target.storage !== 'temporary' && !target.isConstant) return false;
    const made = instructions.find((instruction) => 'target' in instruction && instruction.target === target);
    if (made?.op === 'copy') {
      at = made.source;
      continue;
    }
    if (made?.op !== 'call' || made.callee.kind !== 'construct') return false;
    const { value: constructor_ } = made.callee;
    return instructions.some((instruction) => instruction.op === 'global' && instruction.target === constructor_ && instruction.name === 'Proxy');
  }
  return false;
}

function findingOf(call: Call, argument: Origin, { form, path, name, certainty }: Found, source: SourceText): AsyncFinding {
  const text = source.textOf(call.origin);
  const open = text.indexOf('(');
  const via = `${(open < 0 ? text : text.slice(0, open)).replace(/^new /, '').slice(0, 60)}()`;
  const written = source.textOf(argument);
  const whole = written.length <= 40 ? written : 'this value';
  const what = path === '' || path.startsWith('[') ? `${whole}${path}` : path;
  return {
    kind: 'unsendable-message',
    certainty,
    at: argument,
    form,
    words: { via, what, name, path, argument },
    advice: form === 'instance' ? 'send the plain data, and make an instance of it on the other side' : 'send data only, and keep what cannot be cloned on this side',
    trace: [{ at: argument, label: `${what} cannot be cloned as it is` }],
  };
}

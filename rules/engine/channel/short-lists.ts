import type { BlockId, FunctionIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { assertedIn, leadsBy } from './asserted.js';
import { factsOf, isCall, type Call, type Facts, type Site } from './facts.js';
import { calleeBehind } from './function-behind.js';
import { lengthsFrom, lengthTestsIn } from './length-tests.js';

/** Says what calls assert, and which functions they run. */
export type Callees = Pick<World, 'assertedBy' | 'catalog' | 'resolveImport'>;

/** Members that tell how many elements a collection has. */
const counts: ReadonlySet<string> = new Set(['length', 'size']);

/**
 * Whether what code does with a list is done with a short one: what is too long is cut (`list.length = most`, `list = list.slice(0, most)`),
 * refused (`if (list.length > most) throw`, `assert(list.length <= most)`), or refused by a function that is handed the list first.
 *
 * @param list - the list
 * @param fn - a function that uses it
 * @param callees - say what calls assert, and which functions they run
 * @returns whether only a short list comes to where it is used
 */
export function isShort(list: Variable, fn: FunctionIr, callees: Callees): boolean {
  const facts = factsOf(fn);
  const names = namesOf(list, facts);
  if (names.some((name) => isCut(name, facts))) return true;
  const uses = usesOf(names, facts);
  if (refusalsOf(names, fn).some((refusal) => isRefused(refusal, uses, facts))) return true;
  const guards = [...assertionsOf(names, fn, callees), ...facts.sites.filter((site) => isCall(site) && isVetted(site, names, callees))];
  return guards.some((guard) => isPassed(guard, uses, facts));
}

/** The list under all its names in a function. */
function namesOf(list: Variable, facts: Facts): readonly Variable[] {
  const aliases = facts.sites.flatMap(({ instruction }) => (instruction.op === 'copy' && instruction.target !== list && facts.sourceOf(instruction.target) === list ? [instruction.target] : []));
  return [list, ...aliases];
}

/** `list = list.slice(0, most)`, `list.length = most` */
function isCut(list: Variable, facts: Facts): boolean {
  return facts.sites.some(({ instruction }) => {
    if (instruction.op === 'store') return instruction.object === list && instruction.key.kind === 'name' && instruction.key.name === 'length';
    const made = instruction.op === 'copy' && instruction.target === list ? facts.makerOf(instruction.source) : undefined;
    return made?.op === 'call' && made.callee.kind === 'method' && made.callee.object === list && made.callee.key.kind === 'name' && made.callee.key.name === 'slice' && made.arguments.length === 2;
  });
}

/** What is done with the list, but for asking how long it is; closures that use it among that. */
function usesOf(names: readonly Variable[], facts: Facts): readonly Site[] {
  return facts.sites.filter(({ instruction }) => {
    if (instruction.op === 'function') return [instruction.function, ...nestedIn(instruction.function)].some(({ outline }) => names.some((name) => outline.captures.has(name)));
    if (instruction.op === 'copy' && names.includes(instruction.target)) return false;
    return names.some((name) => facts.usesOf(name).some((use) => use.instruction === instruction)) && !isCount(instruction, names);
  });
}

function nestedIn(fn: FunctionIr): readonly FunctionIr[] {
  return fn.outline.nested.flatMap((nested) => [nested, ...nestedIn(nested)]);
}

function isCount(instruction: Site['instruction'], names: readonly Variable[]): boolean {
  return instruction.op === 'load' && names.includes(instruction.object) && instruction.key.kind === 'name' && counts.has(instruction.key.name);
}

function countsOf(names: readonly Variable[], fn: FunctionIr): readonly { readonly fn: FunctionIr; readonly value: Variable }[] {
  return factsOf(fn).sites.flatMap(({ instruction }) => (instruction.op === 'load' && isCount(instruction, names) ? [{ fn, value: instruction.target }] : []));
}

/** A branch that looks at the length. */
interface Refusal {
  readonly block: BlockId;
  readonly over: BlockId;
  readonly under: BlockId;
}

/** `for (let i = 0; i < list.length; i++)` is none. */
function refusalsOf(names: readonly Variable[], fn: FunctionIr): readonly Refusal[] {
  const sizes = countsOf(names, fn);
  return sizes.length === 0 ? [] : lengthTestsIn(fn, sizes).filter(({ block }) => factsOf(fn).loopsAround(block).length === 0);
}

/** After the branch, the list is used only where it is short. */
function isRefused({ block, over, under }: Refusal, uses: readonly Site[], facts: Facts): boolean {
  const long = facts.reachableFrom(over, block);
  const short = facts.reachableFrom(under, block);
  return uses.some((use) => short.has(use.block)) && uses.every((use) => !long.has(use.block));
}

/** After the call, the list is used, and no other way leads there. */
function isPassed(site: Site, uses: readonly Site[], facts: Facts): boolean {
  const after = facts.reachableFrom(site.block);
  const later = uses.filter((use) => (use.block === site.block ? use.index > site.index : after.has(use.block)));
  return later.length > 0 && later.every((use) => leadsBy(site, use, facts));
}

function assertionsOf(names: readonly Variable[], fn: FunctionIr, callees: Callees): readonly Site[] {
  const sizes = countsOf(names, fn);
  return sizes.length === 0 ? [] : assertedIn(fn, lengthsFrom(sizes), callees);
}

/** `validate(list)`, which throws where the list is too long. */
function isVetted({ instruction, fn }: Site<Call>, names: readonly Variable[], callees: Callees): boolean {
  const position = instruction.arguments.findIndex(({ value }) => names.includes(value));
  const helper = position < 0 ? undefined : calleeBehind(instruction, fn, callees);
  const parameter = helper?.parameters[position];
  if (helper === undefined || parameter === undefined) return false;
  const facts = factsOf(helper);
  const own = namesOf(parameter, facts);
  const returns = facts.blocks.filter(({ terminal }) => terminal.kind === 'return').map(({ id }) => id);
  if (refusalsOf(own, helper).some(({ block, over }) => returns.every((id) => !facts.reachableFrom(over, block).has(id)))) return true;
  return assertionsOf(own, helper, callees).some(({ block }) => block === 0);
}

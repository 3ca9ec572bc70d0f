import { reachableWithout, type Way } from '../flow/reachable.js';
import type { BlockId, FunctionIr, Instruction, Test, Variable } from '../ir/index.js';
import { definitionOf } from '../ir/operands.js';
import type { Call } from './values.js';

/** What a call says about an argument: its very value, which members it is made with, or only that there is one. */
type Known =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Known> }
  | { readonly kind: 'present' };

const nothing: Known = { kind: 'literal', value: undefined };

/** What a function is entered with. */
export interface Entry {
  /** What is known of its parameters, as long as they are not assigned to. */
  readonly known: ReadonlyMap<Variable, Known>;
  /** The blocks that control does not come to then. */
  readonly notEntered: ReadonlySet<BlockId>;
}

/** Nothing is known: control may come to all of it. */
export const entryOfAnyone: Entry = { known: new Map(), notEntered: new Set() };

/** Calls that hand on their arguments in another order. */
const shifting: ReadonlySet<string> = new Set(['call', 'apply', 'bind']);

/**
 * What a function is entered with, and the blocks of it that a call does not come to by what it gives or leaves out: `options ??
 * readDefaults()`, `if (via === 'file') readFileSync(path)`, `if (isSync) …`, `if (options.file) …`.
 *
 * @param fn - the function that is called
 * @param call - gives its arguments
 * @param by - what the caller was entered with: it may hand that on
 * @returns the entry
 */
export function entryOf(fn: FunctionIr, call: Call, by: Entry): Entry {
  const { body } = fn;
  const { callee } = call;
  if (body === undefined || (callee.kind === 'method' && callee.key.kind === 'name' && shifting.has(callee.key.name))) return entryOfAnyone;
  let known = new Map<Variable, Known>();
  for (const [index, parameter] of fn.parameters.entries()) {
    if (!parameter.isConstant && parameter.isCaptured) continue;
    if (fn.hasRest && index === fn.parameters.length - 1) continue;
    const argument = knownOf(call, index, by);
    if (argument !== undefined) known.set(parameter, argument);
  }
  if (known.size === 0) return entryOfAnyone;
  // What is assigned where control does not come to is what the caller gave: `if (typeof via === 'function') via = undefined`.
  for (;;) {
    const notEntered = blocksNotEntered(fn, known);
    const kept = new Map([...known].filter(([parameter]) => parameter.isConstant || !isAssigned(parameter, fn, notEntered)));
    if (kept.size === known.size) return { known, notEntered };
    known = kept;
  }
}

/** How an entry is told from others of the same function. */
export function keyOf({ known, notEntered }: Entry, fn: FunctionIr): string {
  return [...notEntered, ...[...known].map(([parameter, given]) => `${fn.parameters.indexOf(parameter)}=${inWords(given)}`)].join();
}

function inWords(known: Known): string {
  if (known.kind === 'object') return `{${[...known.members].map(([name, member]) => `${name}:${inWords(member)}`).join()}}`;
  return known.kind === 'literal' ? `${typeof known.value} ${String(known.value)}` : '';
}

function blocksNotEntered(fn: FunctionIr, known: ReadonlyMap<Variable, Known>): ReadonlySet<BlockId> {
  const { body } = fn;
  const cut: Way[] = [];
  for (const { id, terminal } of body?.blocks ?? []) {
    if (terminal.kind !== 'branch' || terminal.then === terminal.otherwise) continue;
    const outcome = outcomeOf(terminal.test, known, fn);
    if (outcome !== undefined) cut.push({ from: id, to: outcome ? terminal.otherwise : terminal.then });
  }
  if (body === undefined || cut.length === 0) return entryOfAnyone.notEntered;
  const reached = reachableWithout(body, cut);
  return new Set(body.blocks.flatMap(({ id }) => (reached.has(id) ? [] : [id])));
}

function isAssigned(parameter: Variable, fn: FunctionIr, except: ReadonlySet<BlockId>): boolean {
  return fn.body?.blocks.some(({ id, instructions, terminal }) => !except.has(id) && (instructions.some((one) => definitionOf(one) === parameter) || (terminal.kind === 'next' && terminal.value === parameter))) === true;
}

/** What the caller writes is taken to be there, unless it is written that it is not. */
function knownOf({ arguments: args }: Call, index: number, by: Entry): Known | undefined {
  if (args.slice(0, index + 1).some(({ isSpread }) => isSpread)) return undefined;
  const argument = args[index];
  return argument === undefined ? nothing : knownAs(argument.value, by.known);
}

function knownAs(value: Variable, known: ReadonlyMap<Variable, Known>): Known {
  return literalIn(value, value.owner) ?? known.get(value) ?? objectIn(value, known) ?? { kind: 'present' };
}

/** `{ path, isLoud: true }`, as it is written for the call. */
function objectIn(value: Variable, known: ReadonlyMap<Variable, Known>): Known | undefined {
  const made = value.storage === 'temporary' ? definitionIn(value, value.owner) : undefined;
  if (made?.op !== 'object') return undefined;
  const members = new Map<string, Known>();
  for (const property of made.properties) {
    if (property.kind !== 'value' || property.key.kind !== 'name') return undefined;
    members.set(property.key.name, knownAs(property.value, known));
  }
  return { kind: 'object', members };
}

/** What is known of a variable: of a parameter, or of what is read of one that is an object. */
function knownOfVariable(variable: Variable, known: ReadonlyMap<Variable, Known>, fn: FunctionIr): Known | undefined {
  const own = known.get(variable);
  if (own !== undefined || (variable.storage !== 'temporary' && !(variable.storage === 'local' && variable.isConstant))) return own;
  const made = definitionIn(variable, fn);
  if (made?.op === 'copy') return knownOfVariable(made.source, known, fn);
  if (made?.op !== 'load' || made.key.kind !== 'name') return undefined;
  const { object, key: { name } } = made;
  const whole = known.get(object);
  // Every object has these.
  if (whole?.kind !== 'object' || name in Object.prototype || isStored(object, name, fn)) return undefined;
  return whole.members.get(name) ?? nothing;
}

/** The function gives the object a member of that name itself, or of a name that it works out. */
function isStored(object: Variable, name: string, fn: FunctionIr): boolean {
  return fn.body?.blocks.some(({ instructions }) => instructions.some((one) => one.op === 'store' && one.object === object && (one.key.kind !== 'name' || one.key.name === name))) === true;
}

function literalIn(variable: Variable, fn: FunctionIr): Extract<Known, { readonly kind: 'literal' }> | undefined {
  if (variable.storage !== 'temporary') return undefined;
  const made = definitionIn(variable, fn);
  if (made?.op === 'global' && made.name === 'undefined') return { kind: 'literal', value: undefined };
  return made?.op === 'literal' ? { kind: 'literal', value: made.value } : undefined;
}

/** The only instruction that gives the variable its value. */
function definitionIn(variable: Variable, fn: FunctionIr): Instruction | undefined {
  const definitions = fn.body?.blocks.flatMap(({ instructions }) => instructions.filter((one) => definitionOf(one) === variable));
  return definitions?.length === 1 ? definitions[0] : undefined;
}

/** Which way a test goes; undefined where what is known does not tell. */
function outcomeOf(test: Test, known: ReadonlyMap<Variable, Known>, fn: FunctionIr): boolean | undefined {
  switch (test.kind) {
    case 'truthy': {
      const argument = knownOfVariable(test.value, known, fn);
      return argument?.kind === 'literal' ? Boolean(argument.value) : argument && true;
    }
    case 'nullish': {
      const argument = knownOfVariable(test.value, known, fn);
      return argument?.kind === 'literal' ? argument.value === undefined || argument.value === null : argument && false;
    }
    case 'equal': {
      const [left, right] = [test.left, test.right].map((side) => knownOfVariable(side, known, fn) ?? literalIn(side, fn));
      if (left?.kind !== 'literal' || right?.kind !== 'literal') return undefined;
      // `==` is sure of values of one kind alone.
      if (!test.isStrict && typeof left.value !== typeof right.value) return undefined;
      return left.value === right.value;
    }
    case 'typeof': {
      const argument = knownOfVariable(test.value, known, fn);
      return argument?.kind === 'literal' && argument.value !== null ? typeof argument.value === test.type : undefined;
    }
    default:
      return undefined;
  }
}

import { reachableWithout, type Way } from '../flow/reachable.js';
import type { BlockId, FunctionIr, Instruction, Test, Variable } from '../ir/index.js';
import { definitionOf, terminalOperandsOf } from '../ir/operands.js';
import type { Call } from './values.js';

/** What a call says about an argument: its very value, or only that there is one. */
type Known = { readonly kind: 'literal'; readonly value: unknown } | { readonly kind: 'present' };

const none: ReadonlySet<BlockId> = new Set();

/** Calls that hand on their arguments in another order. */
const shifting: ReadonlySet<string> = new Set(['call', 'apply', 'bind']);

/**
 * The blocks of a function that a call does not come to, by what it gives or leaves out: `options ?? readDefaults()`, `if (via ===
 * 'file') readFileSync(path)`, `if (isSync) …`.
 *
 * @param fn - the function that is called
 * @param call - gives its arguments
 * @returns the blocks
 */
export function blocksNotEntered(fn: FunctionIr, call: Call): ReadonlySet<BlockId> {
  const { body } = fn;
  const { callee } = call;
  if (body === undefined || (callee.kind === 'method' && callee.key.kind === 'name' && shifting.has(callee.key.name))) return none;
  const known = new Map<Variable, Known>();
  for (const parameter of testedBy(fn)) {
    const argument = knownOf(call, fn.parameters.indexOf(parameter));
    if (argument !== undefined) known.set(parameter, argument);
  }
  if (known.size === 0) return none;
  const cut: Way[] = [];
  for (const { id, terminal } of body.blocks) {
    if (terminal.kind !== 'branch' || terminal.then === terminal.otherwise) continue;
    const outcome = outcomeOf(terminal.test, known, fn);
    if (outcome !== undefined) cut.push({ from: id, to: outcome ? terminal.otherwise : terminal.then });
  }
  if (cut.length === 0) return none;
  const reached = reachableWithout(body, cut);
  return new Set(body.blocks.flatMap(({ id }) => (reached.has(id) ? [] : [id])));
}

const tested = new WeakMap<FunctionIr, readonly Variable[]>();

/** The parameters that a function's branches look at, and that it never changes. */
function testedBy(fn: FunctionIr): readonly Variable[] {
  let found = tested.get(fn);
  if (found === undefined) {
    const operands = new Set(fn.body?.blocks.flatMap(({ terminal }) => (terminal.kind === 'branch' ? terminalOperandsOf(terminal) : [])));
    tested.set(fn, (found = fn.parameters.filter((parameter) => parameter.isConstant && operands.has(parameter))));
  }
  return found;
}

/** What the caller writes is taken to be there, unless it is written that it is not. */
function knownOf({ arguments: args }: Call, index: number): Known | undefined {
  if (args.slice(0, index + 1).some(({ isSpread }) => isSpread)) return undefined;
  const argument = args[index];
  if (argument === undefined) return { kind: 'literal', value: undefined };
  const literal = literalIn(argument.value, argument.value.owner);
  return literal ?? { kind: 'present' };
}

function literalIn(variable: Variable, fn: FunctionIr): Extract<Known, { readonly kind: 'literal' }> | undefined {
  if (variable.storage !== 'temporary') return undefined;
  const made = definitionIn(variable, fn);
  if (made?.op === 'global' && made.name === 'undefined') return { kind: 'literal', value: undefined };
  return made?.op === 'literal' ? { kind: 'literal', value: made.value } : undefined;
}

function definitionIn(variable: Variable, fn: FunctionIr): Instruction | undefined {
  return fn.body?.blocks.flatMap(({ instructions }) => instructions).find((one) => definitionOf(one) === variable);
}

/** Which way a test goes; undefined where what is known does not tell. */
function outcomeOf(test: Test, known: ReadonlyMap<Variable, Known>, fn: FunctionIr): boolean | undefined {
  switch (test.kind) {
    case 'truthy': {
      const argument = known.get(test.value);
      return argument?.kind === 'literal' ? Boolean(argument.value) : argument && true;
    }
    case 'nullish': {
      const argument = known.get(test.value);
      return argument?.kind === 'literal' ? argument.value === undefined || argument.value === null : argument && false;
    }
    case 'equal': {
      const [left, right] = [test.left, test.right].map((side) => known.get(side) ?? literalIn(side, fn));
      if (left?.kind !== 'literal' || right?.kind !== 'literal') return undefined;
      // `==` is sure of values of one kind alone.
      if (!test.isStrict && typeof left.value !== typeof right.value) return undefined;
      return left.value === right.value;
    }
    case 'typeof': {
      const argument = known.get(test.value);
      return argument?.kind === 'literal' && argument.value !== null ? typeof argument.value === test.type : undefined;
    }
    default:
      return undefined;
  }
}

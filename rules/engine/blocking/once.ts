import { reachableWithout } from '../flow/reachable.js';
import type { Block, BlockId, FunctionIr, Instruction, Test, Variable } from '../ir/index.js';
import { definitionOf } from '../ir/operands.js';

/** A place that the whole program shares: a module's variable, or a member of something that a module names. */
interface Shared {
  readonly variable: Variable;
  readonly member: string | undefined;
}

/**
 * Whether control comes to a block only while a place that the program shares is empty, and fills it there: `if (!cache) cache =
 * read();`. What blocks there does so once for a program, as what is loaded at its start.
 *
 * @param fn - the function
 * @param block - one of its blocks
 * @returns false also where that is not known
 */
export function runsOnce(fn: FunctionIr, block: BlockId): boolean {
  const { body } = fn;
  if (body === undefined) return false;
  return body.blocks.some(({ id, terminal }) => {
    if (terminal.kind !== 'branch' || terminal.then === terminal.otherwise) return false;
    const tested = emptyWay(terminal.test, fn);
    const place = tested && sharedBehind(tested.value, fn);
    if (tested === undefined || place === undefined) return false;
    const empty = tested.isEmptyThen ? terminal.then : terminal.otherwise;
    const filled = tested.isEmptyThen ? terminal.otherwise : terminal.then;
    if (reachableWithout(body, [{ from: id, to: empty }]).has(block)) return false;
    const inside = reachableWithout(body, [{ from: id, to: filled }]);
    return body.blocks.some((one) => inside.has(one.id) && fills(one, place, fn));
  });
}

/** What a test looks at, and on which side that is empty. */
function emptyWay(test: Test, fn: FunctionIr): { readonly value: Variable; readonly isEmptyThen: boolean } | undefined {
  if (test.kind === 'truthy') return { value: test.value, isEmptyThen: false };
  if (test.kind === 'nullish') return { value: test.value, isEmptyThen: true };
  if (test.kind !== 'equal') return undefined;
  const isNothing = (side: Variable): boolean => {
    const made = madeIn(side, fn);
    return (made?.op === 'literal' && (made.value === undefined || made.value === null)) || (made?.op === 'global' && made.name === 'undefined');
  };
  if (isNothing(test.right)) return { value: test.left, isEmptyThen: true };
  return isNothing(test.left) ? { value: test.right, isEmptyThen: true } : undefined;
}

function sharedBehind(value: Variable, fn: FunctionIr): Shared | undefined {
  if (isOfModule(value)) return { variable: value, member: undefined };
  const made = madeIn(value, fn);
  if (made?.op === 'copy') return sharedBehind(made.source, fn);
  if (made?.op !== 'load' || made.key.kind !== 'name') return undefined;
  const object = nameBehind(made.object, fn);
  return isSharedObject(object, fn) ? { variable: object, member: made.key.name } : undefined;
}

/** The block gives the place something. */
function fills({ instructions }: Block, { variable, member }: Shared, fn: FunctionIr): boolean {
  return instructions.some((one) => {
    if (member === undefined) return one.op === 'copy' && one.target === variable;
    return one.op === 'store' && one.key.kind === 'name' && one.key.name === member && nameBehind(one.object, fn) === variable;
  });
}

function isOfModule({ owner, storage }: Variable): boolean {
  return owner.kind === 'module' && storage === 'local';
}

/** A class or an object that a module names, and the class itself in its static methods. */
function isSharedObject(object: Variable, fn: FunctionIr): boolean {
  if (object.storage === 'this') return fn.ownerClass?.members.some((member) => member.function === fn && member.isStatic) === true;
  return isOfModule(object);
}

function nameBehind(variable: Variable, fn: FunctionIr): Variable {
  const made = variable.storage === 'temporary' ? madeIn(variable, fn) : undefined;
  return made?.op === 'copy' ? nameBehind(made.source, fn) : variable;
}

/** The only instruction of the function that gives a variable its value. */
function madeIn(variable: Variable, fn: FunctionIr): Instruction | undefined {
  const made = (fn.body?.blocks ?? []).flatMap(({ instructions }) => instructions.filter((one) => definitionOf(one) === variable));
  return made.length === 1 ? made[0] : undefined;
}

import { reachableWithout } from '../flow/reachable.js';
import type { BlockId, Body, FunctionIr, Instruction, Origin, Test, Variable } from '../ir/index.js';
import type { Site } from './machine.js';
import type { Frame } from './frame.js';

const guarded = new WeakMap<FunctionIr, readonly Origin[]>();

/**
 * A callback that counts how often it ran hands something out when it ran often enough: `if (++done === total) callback(null, all)`.
 * It will not run again to overwrite what is handed out, and how often it runs is its callers' affair. A counter that is set back
 * begins the next round.
 *
 * @param site the call that hands out, or one on the way to it
 */
export function isLastOfMany(site: Site): boolean {
  for (let at: Site | undefined = site, frame: Frame | undefined = site.frame; at !== undefined && frame !== undefined; at = frame.calledAt, frame = frame.caller) {
    const { start, end } = at.at;
    if (guardedIn(frame.function).some((one) => one.start === start && one.end === end)) return true;
  }
  return false;
}

/** The instructions that run only when a counter of the function's surroundings has reached something. */
function guardedIn(fn: FunctionIr): readonly Origin[] {
  let found = guarded.get(fn);
  if (found === undefined) guarded.set(fn, (found = fn.body === undefined || fn.outline.captures.size === 0 ? [] : guardedBy(fn, fn.body)));
  return found;
}

function guardedBy(fn: FunctionIr, body: Body): Origin[] {
  return body.blocks.flatMap(({ id, terminal }) => {
    if (terminal.kind !== 'branch') return [];
    const reached = reachedBy(terminal.test, terminal.then, terminal.otherwise);
    if (reached === undefined || !operandsOf(terminal.test).some((operand) => isCounter(sourceOf(fn, operand), fn))) return [];
    const others = reachableWithout(body, [{ from: id, to: reached }]);
    return body.blocks.filter((block) => !others.has(block.id)).flatMap((block) => block.instructions.map(({ origin }) => origin));
  });
}

/** The way that is taken when the count is complete; a comparison of order may be written either way round. */
function reachedBy(test: Test, then: BlockId, otherwise: BlockId): BlockId | undefined {
  if (test.kind === 'equal') return then;
  return test.kind === 'truthy' ? otherwise : undefined;
}

function operandsOf(test: Test): readonly Variable[] {
  return test.kind === 'equal' ? [test.left, test.right] : test.kind === 'truthy' ? [test.value] : [];
}

/** A variable from around the function that it counts up or down, and nobody sets back. */
function isCounter(variable: Variable | undefined, fn: FunctionIr): boolean {
  if (variable === undefined || variable.owner === fn || variable.owner.kind === 'module') return false;
  const given = definitionsIn(fn, variable);
  if (given.length === 0 || !given.every((made) => made?.op === 'binary' && /^[-+]$/.test(made.operator))) return false;
  const users = fn.module.functions.filter((one) => one !== fn && one !== variable.owner && one.outline.captures.has(variable));
  return users.every((one) => definitionsIn(one, variable).length === 0) && definitionsIn(variable.owner, variable).length <= 1;
}

/** What makes the values that a function gives a variable. */
function definitionsIn(fn: FunctionIr, variable: Variable): (Instruction | undefined)[] {
  return instructionsOf(fn).flatMap((one) => (one.op === 'copy' && one.target === variable ? [makerOf(fn, one.source)] : []));
}

/** Follows copies to the variable that a test looks at: the one that is counted, also where what counts it is the operand. */
function sourceOf(fn: FunctionIr, variable: Variable): Variable | undefined {
  if (variable.storage !== 'temporary') return variable;
  const counted = instructionsOf(fn).find((one) => one.op === 'copy' && one.source === variable && one.target.storage !== 'temporary');
  if (counted?.op === 'copy') return counted.target;
  const made = makerOf(fn, variable);
  return made?.op === 'copy' ? sourceOf(fn, made.source) : undefined;
}

function makerOf(fn: FunctionIr, variable: Variable): Instruction | undefined {
  return instructionsOf(fn).find((one) => 'target' in one && one.target === variable);
}

function instructionsOf({ body }: FunctionIr): readonly Instruction[] {
  return body?.blocks.flatMap(({ instructions }) => instructions) ?? [];
}

import type { Test, Variable } from '../ir/index.js';
import type { Machine } from './machine.js';
import type { State } from './state.js';
import { nullValue, undefinedValue, valueKey, type Value } from './value.js';

/** What a test gives for a value: `undefined` when it can go either way. */
type Verdict = boolean | undefined;

/**
 * Takes a branch: learns what the test says about its variables.
 *
 * @returns false when the branch cannot be taken in this state
 */
export function assume(machine: Machine, state: State, test: Test, outcome: boolean): boolean {
  const verdict = decide(machine, state, test);
  if (verdict !== undefined && verdict !== outcome) return false;
  if (test.kind === 'nullish' || test.kind === 'truthy') narrowTo(machine, state, test.value, (value) => decideValue(test.kind, value) ?? outcome, outcome);
  if (test.kind === 'equal' && test.isStrict && outcome) {
    const right = machine.read(state, test.right);
    if (right.kind === 'constant' && (right.value === null || right.value === undefined)) remember(state, test.left, right.value === null ? nullValue : undefinedValue);
  }
  return true;
}

/** What a test of an unknown value is about, under a name that lasts as long as the value does. */
export function factOf(machine: Machine, state: State, test: Test): string | undefined {
  switch (test.kind) {
    case 'truthy':
    case 'nullish': {
      const value = machine.read(state, test.value);
      return value.kind === 'opaque' ? (test.kind === 'truthy' ? value.id : `${value.id}.?`) : undefined;
    }
    case 'equal': {
      const [left, right] = [machine.read(state, test.left), machine.read(state, test.right)];
      const [value, known] = left.kind === 'opaque' ? [left, right] : [right, left];
      return value.kind === 'opaque' && known.kind === 'constant' ? `${value.id}.=${valueKey(known)}` : undefined;
    }
    default:
      return undefined;
  }
}

/** The value is none of all that its type says it can be: no path of the program goes on here. */
export function isExhausted(machine: Machine, state: State, test: Test): boolean {
  if (test.kind !== 'equal' || !test.isStrict) return false;
  const value = [test.left, test.right].map((side) => machine.read(state, side)).find((one) => one.kind === 'opaque');
  if (value?.kind !== 'opaque') return false;
  const prefix = `${value.id}.=`;
  const excluded = [...state.facts].filter(([name, outcome]) => !outcome && name.startsWith(prefix)).map(([name]) => name.slice(prefix.length));
  // One alone is told from others by a test that can go either way, or else nobody would ask.
  if (excluded.length < 2) return false;
  return machine.unit.world.literalsOf(value.origin)?.every((one) => excluded.includes(valueKey({ kind: 'constant', value: one }))) === true;
}

function decide(machine: Machine, state: State, test: Test): Verdict {
  switch (test.kind) {
    case 'truthy':
    case 'nullish':
      return decideValue(test.kind, machine.read(state, test.value));
    case 'equal': {
      const left = machine.read(state, test.left);
      const right = machine.read(state, test.right);
      return areEqual(left, right, test.isStrict);
    }
    case 'typeof': {
      const type = typeOf(machine.read(state, test.value));
      return type === undefined ? undefined : type === test.type;
    }
    default:
      return undefined;
  }
}

function decideValue(kind: 'truthy' | 'nullish', value: Value): Verdict {
  switch (value.kind) {
    case 'constant':
      return kind === 'truthy' ? Boolean(value.value) : value.value === null || value.value === undefined;
    case 'number':
      // A primitive that an API gives may be null.
      if (!isNumeral(value)) return undefined;
      return kind === 'truthy' ? value.form.constant !== 0 : false;
    case 'opaque':
    case 'import':
      return undefined;
    case 'any': {
      const verdicts = new Set(value.of.map((one) => decideValue(kind, one)));
      return verdicts.size === 1 ? [...verdicts][0] : undefined;
    }
    default:
      return kind === 'truthy';
  }
}

function areEqual(left: Value, right: Value, isStrict: boolean): Verdict {
  if (left.kind === 'constant' && right.kind === 'constant') {
    return isStrict || typeof left.value === typeof right.value ? left.value === right.value : left.value == null && right.value == null;
  }
  if (isNumeral(left) && isNumeral(right)) return left.form.constant === right.form.constant;
  const nothing = [left, right].find((value) => value.kind === 'constant' && (value.value === null || value.value === undefined));
  const other = nothing === left ? right : left;
  if (nothing !== undefined && (other.kind === 'view' || other.kind === 'object' || other.kind === 'closure' || isNumeral(other) || other.kind === 'instance' || other.kind === 'promise')) return false;
  if (left.kind === 'view' && right.kind === 'view' && left.region !== right.region) return false;
  return undefined;
}

function isNumeral(value: Value): value is Extract<Value, { kind: 'number' }> {
  return value.kind === 'number' && value.form.terms.length === 0 && !Number.isNaN(value.form.constant);
}

function typeOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'constant':
      return value.value === null ? 'object' : typeof value.value;
    case 'number':
      return undefined;
    case 'view':
    case 'object':
    case 'promise':
    case 'instance':
    case 'iterator':
      return 'object';
    case 'closure':
    case 'class':
    case 'method':
      return 'function';
    default:
      return undefined;
  }
}

/** Keeps the alternatives that agree with the outcome. */
function narrowTo(machine: Machine, state: State, variable: Variable, verdict: (value: Value) => boolean, outcome: boolean): void {
  const value = machine.read(state, variable);
  if (value.kind !== 'any') return;
  const kept = value.of.filter((one) => verdict(one) === outcome);
  const first = kept[0];
  // What is left is still what it is only on some of the paths that met here.
  if (first !== undefined && kept.length < value.of.length) remember(state, variable, { kind: 'any', of: kept });
}

function remember(state: State, variable: Variable, value: Value): void {
  state.setVariable(variable, value);
}

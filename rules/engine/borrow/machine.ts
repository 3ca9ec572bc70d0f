import type { ClassIr, Origin, Variable } from '../ir/index.js';
import type { Frame } from './frame.js';
import type { State } from './state.js';
import type { Unit } from './unit.js';
import type { Value } from './value.js';

/** One way a call can end. */
export interface Completion {
  readonly state: State;
  readonly value: Value;
}

/** Every way a call can end. */
export interface Outcome {
  readonly returns: readonly Completion[];
  readonly throws: readonly State[];
  /** What was called was interpreted: `throws` is every way it can fail. */
  readonly isFollowed?: boolean;
}

/** A call as the source has it. */
export interface Site {
  readonly at: Origin;
  /** Names the call within its activation: identities made here are told apart by it. */
  readonly key: string;
  /** Per argument: the expression; absent for spread ones and for calls that the source does not show. */
  readonly argumentOrigins: readonly (Origin | undefined)[];
  /** The receiver's expression, for methods. */
  readonly receiverOrigin: Origin | undefined;
  /** The method's name, for methods. */
  readonly name: string | undefined;
  readonly isResultUsed: boolean;
  readonly isAwaited: boolean;
  /** `new Callee(…)`. */
  readonly isConstruct?: boolean;
  readonly frame: Frame;
}

/** What the parts of the interpreter ask of each other. */
export interface Machine {
  readonly unit: Unit;
  /** Some block on the way here has an exception handler. */
  readonly isGuarded: boolean;
  /** Calls any value. `state` may be changed. */
  call(state: State, callee: Value, self: Value | undefined, args: readonly Value[], site: Site): Outcome;
  construct(state: State, callee: Value, args: readonly Value[], site: Site): Outcome;
  /** Runs a class's base constructor and fields on an instance: `super(…)`. */
  constructBase(state: State, class_: ClassIr, self: Value, args: readonly Value[], site: Site): Outcome;
  /** What an imported name stands for: a function, class or value of another file. The import itself where that is not known. */
  resolve(value: Value): Value;
  read(state: State, variable: Variable): Value;
  load(state: State, object: Value, name: string | undefined, at: Origin): Value;
  store(state: State, object: Value, name: string | undefined, value: Value, at: Origin, frame: Frame): void;
  /** Runs something while nothing in the state need refer to the value yet. */
  whilePinned<T>(value: Value, run: () => T): T;
  /** A fresh identity for something made at a place of the source in this activation. */
  identity(state: State, prefix: string, at: Origin, frame: Frame): string;
}

/** A place of the source that makes something, where no call shows. */
export function siteFor(at: Origin, frame: Frame): Site {
  return { at, key: `${at.start}-${at.end}${frame.context}`, argumentOrigins: [], receiverOrigin: undefined, name: undefined, isResultUsed: true, isAwaited: false, frame };
}

/** A call that comes back in one way, with a value. */
export function returned(state: State, value: Value): Outcome {
  return { returns: [{ state, value }], throws: [] };
}

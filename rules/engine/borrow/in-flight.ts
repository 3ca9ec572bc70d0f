import type { Contract, ParameterEffect } from '../contracts/contract.js';
import type { Machine, Site } from './machine.js';
import { placeOf, type Places } from './sources.js';
import type { State } from './state.js';
import { callersTask, capturedValues, newTask, answersCaller, tasksOf } from './tasks.js';
import { valueKey, type TaskId, type Value } from './value.js';

/** When an operation that goes on after its call is over. */
export interface Flight {
  readonly tasks: readonly TaskId[];
  /** The task of the promise that the call gives, and of the function that it calls back. */
  readonly own: TaskId;
}

/** Events by which a stream says that it holds on to nothing any more. */
const drained: ReadonlySet<string> = new Set(['drain', 'finish', 'close', 'end']);

/**
 * Whether a call goes on using what it is given, and who is told when it is done.
 *
 * @returns undefined where nothing is kept, or where the caller of the code at hand is the one who is told
 */
export function flightOf(machine: Machine, state: State, contract: Contract, places: Places, site: Site): Flight | undefined {
  if (site.isAwaited || !state.hasMemory || !keepsUntilSettled(contract)) return undefined;
  const own = newTask(state, site);
  const tasks: TaskId[] = [own];
  if (places.self !== undefined) tasks.push(sinkTask(places.self));
  const last = contract.completion === undefined || places.arguments.length < 2 ? undefined : places.arguments.at(-1);
  switch (last?.kind) {
    case 'closure':
      for (const value of capturedValues(state, last)) if (value.kind === 'method') tasks.push(...tasksOf(value.receiver));
      if (answersCaller(state, last)) tasks.push(callersTask);
      break;
    case 'method': {
      const settled = tasksOf(last.receiver);
      if (settled.length === 0) return undefined;
      tasks.push(...settled);
      break;
    }
    case 'opaque': {
      const origin = site.argumentOrigins.at(-1);
      if (origin === undefined || machine.unit.world.typeOf(origin).kind !== 'primitive') return undefined;
      break;
    }
    case 'any':
    case 'api':
    case 'import':
      return undefined;
    default:
  }
  return { own, tasks };
}

function keepsUntilSettled(contract: Contract): boolean {
  const isKept = (effect: ParameterEffect | null | undefined): boolean => effect != null && ((effect.keeps === 'settle' && effect.callback === undefined && effect.writes === undefined) || isKept(effect.elements));
  return contract.parameters?.some(isKept) === true || isKept(contract.rest);
}

/** What a stream has in flight. */
function sinkTask(sink: Value): TaskId {
  return `sink:${valueKey(sink)}`;
}

/** A stream or file that has something in flight: what is called on it may wait for that. */
export function hasInFlight(state: State, sink: Value | undefined): boolean {
  if (state.loans.size === 0 || sink === undefined) return false;
  const task = sinkTask(sink);
  return [...state.loans.values()].some((loan) => loan.escape.tasks?.includes(task) === true);
}

/** What is in flight no more once a call has settled, or has called back: `once(stream, 'drain')`, `file.close()`. */
export function drainedBy(contract: Contract, places: Places): readonly TaskId[] {
  if (contract.drains === undefined) return [];
  const isOther = places.arguments.some((value) => value.kind === 'constant' && typeof value.value === 'string' && !drained.has(value.value));
  return isOther ? [] : contract.drains.flatMap((ref) => placeOf(places, ref) ?? []).map(sinkTask);
}

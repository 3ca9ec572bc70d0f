import type { Contract } from '../contracts/contract.js';
import type { Machine, Outcome, Site } from './machine.js';
import type { State } from './state.js';
import type { PromiseValue, TaskId, Value } from './value.js';

/** `resolve` and `reject` do nothing to what they are given but hand it on. */
const settles: Contract = { origin: 'catalog', isCertain: true, result: { from: 'primitive' } };

/** `new Promise(executor)`: the executor runs at once; whoever it gives `resolve` to is done when the promise settles. */
export function constructPromise(machine: Machine, state: State, executor: Value | undefined, site: Site): Outcome {
  const task: TaskId = machine.identity(state, 'p', site.at, site.frame);
  const promise: PromiseValue = { kind: 'promise', of: { kind: 'opaque', id: `call:${site.key}`, origin: site.at, root: { kind: 'call', call: site.at, key: site.key } }, tasks: [task] };
  if (executor?.kind !== 'closure') return { returns: [{ state, value: promise }], throws: [] };
  const resolver = (name: string): Value => ({ kind: 'method', contract: settles, receiver: promise, name });
  const at: Site = { ...site, key: `${site.key}/executor`, argumentOrigins: [], receiverOrigin: undefined, name: undefined, isResultUsed: false, isAwaited: false };
  const outcome = machine.call(state, executor, undefined, [resolver('resolve'), resolver('reject')], at);
  // What an executor throws, the promise rejects with.
  const states = [...outcome.returns.map((completion) => completion.state), ...outcome.throws];
  return { returns: (states.length === 0 ? [state] : states).map((one) => ({ state: one, value: promise })), throws: [] };
}

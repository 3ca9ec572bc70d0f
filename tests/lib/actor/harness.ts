import { onTestFinished } from 'vitest';
import { TaskScope, spawnActor } from '../../../lib/index.js';
import type { ActorEvent, ActorOptions, ActorRef, DeadLetter } from '../../../lib/index.js';

export interface Spawned<M, R> {
  readonly scope: TaskScope;
  readonly ref: ActorRef<M, R>;
  readonly letters: DeadLetter<M>[];
  readonly events: ActorEvent[];
  /** The types of the events, for short. */
  types(): string[];
}

/** An actor in a scope of its own, with what is told of it. It ends with the test. */
export function spawned<M, R = unknown>(options: Omit<ActorOptions<M, R>, 'capacity'> & { readonly capacity?: number }, scope = new TaskScope()): Spawned<M, R> {
  const letters: DeadLetter<M>[] = [];
  const events: ActorEvent[] = [];
  const ref = spawnActor<M, R>(scope, {
    capacity: 16,
    name: 'actor',
    onDeadLetter: (letter) => letters.push(letter),
    onEvent: (event) => events.push(event),
    ...options,
  });
  onTestFinished(() => scope.cancel());
  return { scope, ref, letters, events, types: () => events.map(({ type }) => type) };
}

/** A gate that handlers wait at. */
export function gate(): { readonly wait: () => Promise<void>; readonly open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { wait: () => opened, open };
}

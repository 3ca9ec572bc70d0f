import type { Cancellable } from '../channel/types.js';
import { spawnActor } from './actor.js';
import type { TaskScope } from '../scope/task-scope.js';
import type { ActorOptions, ActorRef, Handler, Init, SwapOptions } from './types.js';

export interface DispatcherOptions {
  /** How the actors are set up that `register` makes for a handler; `capacity` is 64 when not given. */
  readonly actor?: Partial<Omit<ActorOptions<unknown>, 'init' | 'name'>> | undefined;
  /** Is told of what was dispatched to a topic that nobody is registered for. */
  readonly onUnrouted?: ((topic: string, message: unknown) => void) | undefined;
}

/** Brings messages to the actors that are registered for a topic. `Topics` maps each topic to its messages' type. */
export class Dispatcher<Topics extends object> implements Disposable {
  readonly #scope: TaskScope;
  readonly #options: DispatcherOptions;
  readonly #routes = new Map<keyof Topics, Set<ActorRef<never>>>();

  /** @param scope - where the actors live that `register` makes */
  constructor(scope: TaskScope, options: DispatcherOptions = {}) {
    this.#scope = scope;
    this.#options = options;
  }

  /**
   * Registers an actor for a topic; a handler becomes an actor of that name.
   *
   * @returns a handle whose disposal takes it off the topic. An actor that was made for a handler then handles what waits, and ends
   */
  register<K extends keyof Topics & string>(topic: K, target: ActorRef<Topics[K]> | Handler<Topics[K]>): Disposable {
    const isRef = 'tell' in target;
    const ref: ActorRef<Topics[K]> = isRef ? target : this.#actorOf(topic, target);
    const refs = this.#routes.get(topic) ?? new Set<ActorRef<never>>();
    this.#routes.set(topic, refs.add(ref));
    return {
      [Symbol.dispose]: () => {
        if (!refs.delete(ref)) return;
        if (refs.size === 0 && this.#routes.get(topic) === refs) this.#routes.delete(topic);
        if (!isRef) void ref.stop({ drain: true });
      },
    };
  }

  /**
   * Tells a message to every actor of a topic, one after the other, and waits until each has taken it: the slowest sets the pace.
   *
   * @throws {ActorStoppedError} as a rejection, when one has stopped; those before it have the message
   */
  async dispatch<K extends keyof Topics & string>(topic: K, message: Topics[K], options?: Cancellable): Promise<void> {
    const refs = this.#refsOf(topic);
    if (refs.length === 0) this.#options.onUnrouted?.(topic, message);
    for (const ref of refs) await ref.tell(message, options);
  }

  /**
   * Replaces the handler of every actor of a topic: see `ActorRef.swap`.
   *
   * @throws {RangeError} as a rejection, when nobody is registered for it
   */
  async swap<K extends keyof Topics & string>(topic: K, next: Init<Topics[K]>, options?: SwapOptions): Promise<void> {
    const refs = this.#refsOf(topic);
    if (refs.length === 0) throw new RangeError(`nobody is registered for ${topic}`);
    for (const ref of refs) await ref.swap(next, options);
  }

  /** Takes everybody off their topics. Actors that were made for handlers go on until their scope ends. */
  [Symbol.dispose](): void {
    this.#routes.clear();
  }

  #refsOf<K extends keyof Topics>(topic: K): ActorRef<Topics[K]>[] {
    return [...(this.#routes.get(topic) ?? [])];
  }

  #actorOf<M>(name: string, handler: Handler<M>): ActorRef<M> {
    return spawnActor<M>(this.#scope, { capacity: 64, ...(this.#options.actor as Partial<ActorOptions<M>>), name, init: () => handler });
  }
}

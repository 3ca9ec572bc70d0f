/**
 * A host whose plugins can be replaced while they work: each is an actor, so that a swap is a message boundary. No event is lost, none
 * is handled twice, and a plugin that cannot be made leaves the one before in its place.
 */
import { Dispatcher, TaskScope, spawnActor } from 'borrowck-runtime';
import type { ActorRef, DeadLetter, Init } from 'borrowck-runtime';

export interface HostEvent {
  readonly id: number;
  readonly text: string;
}

/** What a plugin exports. */
export interface Plugin {
  readonly name: string;
  handle(event: HostEvent, signal: AbortSignal): Promise<void> | void;
  close?(): Promise<void> | void;
}

/** Makes a plugin: loads it, connects it. */
export type LoadPlugin = () => Promise<Plugin> | Plugin;

export class PluginHost implements AsyncDisposable {
  /** Events that a plugin failed at for good. */
  readonly failed: DeadLetter<HostEvent>[] = [];
  readonly #scope = new TaskScope({ name: 'plugins', onError: 'collect' });
  readonly #dispatcher = new Dispatcher<{ event: HostEvent }>(this.#scope);
  readonly #plugins = new Map<string, ActorRef<HostEvent>>();

  /** Adds a plugin under a name. It gets every event from now on. */
  add(name: string, load: LoadPlugin): void {
    const plugin = spawnActor<HostEvent>(this.#scope, {
      name,
      capacity: 64,
      init: initOf(load),
      retry: { maxAttempts: 2, baseMs: 5, capMs: 50 },
      supervise: { maxRestarts: 5, withinMs: 10_000, backoff: { baseMs: 5, capMs: 1000 } },
      onDeadLetter: (letter) => this.failed.push(letter),
    });
    this.#plugins.set(name, plugin);
    this.#dispatcher.register('event', plugin);
  }

  /** Gives an event to every plugin; the slowest sets the pace. */
  async emit(event: HostEvent): Promise<void> {
    await this.#dispatcher.dispatch('event', event);
  }

  /**
   * Replaces a plugin while events come in.
   *
   * @throws {SwapError} when the next one cannot be loaded: the old one goes on
   */
  async replace(name: string, load: LoadPlugin): Promise<void> {
    const plugin = this.#plugins.get(name);
    if (plugin === undefined) throw new RangeError(`there is no plugin ${name}`);
    await plugin.swap(initOf(load));
  }

  /** Lets every plugin handle what it has, and closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#plugins.values()].map((plugin) => plugin.stop({ drain: true })));
    await this.#scope.join();
  }
}

function initOf(load: LoadPlugin): Init<HostEvent> {
  return async () => {
    const plugin = await load();
    return {
      receive: (event, turn) => plugin.handle(event, turn.signal),
      dispose: () => plugin.close?.(),
    };
  };
}

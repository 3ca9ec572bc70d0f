import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fixturesRoot } from './support/fixtures.js';

/**
 * The fixtures about queues, executed: a producer hands over far more than a consumer that stands still takes. Then the consumer is let
 * go: what it is given from then on is what had been waiting in memory.
 */

type Exports = Readonly<Record<string, never>>;

async function load<T>(path: string): Promise<T> {
  const file = join(fixturesRoot, 'no-unbounded-channel', path);
  return (file.endsWith('.cjs') ? createRequire(import.meta.url)(file) : ((await import(pathToFileURL(file).href)) as Exports)) as T;
}

/** Stands still until it is let go; counts what it has been given. */
class SlowConsumer {
  taken = 0;
  #release: (() => void) | undefined;
  readonly #released = new Promise<void>((resolve) => (this.#release = resolve));

  readonly take = async (value?: unknown): Promise<void> => {
    await this.#released;
    this.taken += Array.isArray(value) ? value.length : 1;
    // Loops that never end and wait only here let others run.
    if (Array.isArray(value) && value.length === 0) await new Promise((resolve) => setTimeout(resolve, 10).unref());
  };

  release(): void {
    this.#release?.();
  }
}

/** Starts what empties the queue, and says how a value is handed over; false: it was refused. */
type Start = (take: SlowConsumer['take']) => Promise<(value: string) => boolean>;

const handed = 3000;

/** How many values waited. */
async function waiting(start: Start): Promise<number> {
  const consumer = new SlowConsumer();
  const hand = await start(consumer.take);
  for (let i = 0; i < handed; i++) if (!hand(`value ${i}`)) break;
  consumer.release();
  for (let before = -1; before !== consumer.taken; ) {
    before = consumer.taken;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return consumer.taken;
}

type Runner = (take: SlowConsumer['take']) => Promise<unknown>;

/** By events of an emitter. */
const byEvents = (event: string, connect: (source: EventEmitter) => Runner): Start => (take) => {
  const source = Object.assign(new EventEmitter(), { isPaused: false, pause() { this.isPaused = true; }, resume() { this.isPaused = false; } });
  void connect(source)(take);
  return Promise.resolve((value) => {
    if (source.isPaused) return false;
    return source.emit(event, value);
  });
};

/** By calls. */
const byCalls = (hand: (value: string) => unknown, run: Runner): Start => (take) => {
  hand('first');
  void run(take);
  return Promise.resolve((value) => {
    try {
      hand(value);
      return true;
    } catch {
      return false;
    }
  });
};

const iterating = async (values: AsyncIterable<unknown>, take: SlowConsumer['take']): Promise<void> => {
  for await (const value of values) await take(value);
};

type Made<Method extends string = string> = new (source: EventEmitter) => Readonly<Record<Method, Runner>>;
const ofClass = async (path: string, name: string, event: string, method: string): Promise<Start> => {
  const Class = (await load<Record<string, Made>>(path))[name] as Made;
  return byEvents(event, (source) => {
    const made = new Class(source);
    return (take) => made[method]?.(take) ?? Promise.reject(new Error(`there is no ${method}()`));
  });
};

interface Postbox {
  post(letter: string): void;
  deliver(send: SlowConsumer['take']): Promise<void>;
}
const postbox = async (path: string, name: string, ...given: unknown[]): Promise<Start> => {
  const box = new ((await load<Record<string, new (...args: unknown[]) => Postbox>>(path))[name] as new (...args: unknown[]) => Postbox)(...given);
  return byCalls((letter) => { box.post(letter); }, (send) => box.deliver(send));
};

const growing: Readonly<Record<string, () => Promise<Start>>> = {
  'class-event-loop.ts': () => ofClass('flagged/class-event-loop.ts', 'Worker', 'message', 'run'),
  'handler-method-reference.ts': () => ofClass('flagged/handler-method-reference.ts', 'Indexer', 'change', 'loop'),
  'deque-package.ts': async () => {
    const { Mailer } = await load<{ readonly Mailer: Made<'run'> }>('flagged/deque-package.ts');
    return byEvents('order', (source) => {
      const mailer = new Mailer(source);
      // Its loop ends where nothing is left.
      source.emit('order', 'first');
      return (take) => mailer.run(take);
    });
  },
  'batches.ts': () => ofClass('flagged/batches.ts', 'Shipper', 'record', 'ship'),
  'receive-method.ts': async () => {
    const { Inbox } = await load<{ readonly Inbox: new (source: EventEmitter) => { receive(): Promise<string | undefined> } }>('flagged/receive-method.ts');
    return byEvents('message', (source) => {
      const inbox = new Inbox(source);
      return async (take) => {
        for (;;) await take(await inbox.receive());
      };
    });
  },
  'closure-async-iterator.ts': async () => {
    const { messages } = await load<{ messages(source: EventEmitter): AsyncIterable<string> }>('flagged/closure-async-iterator.ts');
    return byEvents('message', (source) => (take) => iterating(messages(source), take));
  },
  'iterator-next-method.ts': async () => {
    const { events } = await load<{ events(source: EventEmitter, name: string): AsyncIterable<string> }>('flagged/iterator-next-method.ts');
    return byEvents('line', (source) => (take) => iterating(events(source, 'line'), take));
  },
  'events-on.mjs': async () => {
    const { record } = await load<{ record(source: EventEmitter, save: SlowConsumer['take']): Promise<void> }>('flagged/events-on.mjs');
    return byEvents('event', (source) => (take) => record(source, take));
  },
  'listeners-of-our-own.ts': async () => {
    const { orders, ship } = await load<{ readonly orders: { publish(order: string): void }; ship(send: SlowConsumer['take']): Promise<never> }>('flagged/listeners-of-our-own.ts');
    return (take) => {
      void ship(take);
      return Promise.resolve((order) => {
        orders.publish(order);
        return true;
      });
    };
  },
  'untyped-emitter.cjs': async () => {
    const { collect } = await load<{ collect(bus: EventEmitter, save: SlowConsumer['take']): Promise<never> }>('flagged/untyped-emitter.cjs');
    return byEvents('item', (bus) => (take) => collect(bus, take));
  },
  'swapped-array.ts': async () => {
    const { log, flushForever } = await load<{ log(text: string): void; flushForever(send: SlowConsumer['take']): Promise<never> }>('flagged/swapped-array.ts');
    return byCalls(log, flushForever);
  },
  'index-store.js': async () => {
    const { later, run } = await load<{ later(task: () => Promise<void>): void; run(): Promise<void> }>('flagged/index-store.js');
    return (take) => {
      later(take);
      void run();
      return Promise.resolve(() => {
        later(take);
        return true;
      });
    };
  },
  'optional-limit.ts': () => postbox('flagged/optional-limit.ts', 'Mailer'),
  'limit-defaults-to-infinity.js': () => postbox('flagged/limit-defaults-to-infinity.js', 'Mailbox'),
};

const bounded: Readonly<Record<string, () => Promise<Start>>> = {
  'refuses-when-full.ts': () => postbox('clean/refuses-when-full.ts', 'Mailbox', 100),
  'drops-the-oldest.ts': async () => {
    const { attach, send } = await load<{ attach(source: EventEmitter): void; send(post: SlowConsumer['take']): Promise<void> }>('clean/drops-the-oldest.ts');
    return byEvents('line', (source) => {
      attach(source);
      source.emit('line', 'first');
      return send;
    });
  },
  'interface-paused.ts': async () => {
    const { Importer } = await load<{ readonly Importer: Made<'run'> }>('clean/interface-paused.ts');
    return byEvents('item', (source) => {
      const importer = new Importer(source);
      source.emit('item', 'first');
      return (take) => importer.run(take);
    });
  },
  'pause-and-resume.ts': async () => {
    const { serve } = await load<{ serve(socket: EventEmitter, handle: SlowConsumer['take']): Promise<void> }>('clean/pause-and-resume.ts');
    return byEvents('data', (socket) => (take) => serve(socket, take));
  },
  'method-withholds-when-full.ts': async () => {
    const { Uploads } = await load<{ readonly Uploads: new () => { submit(file: string, accepted: () => void): void; run(upload: SlowConsumer['take']): Promise<void> } }>('clean/method-withholds-when-full.ts');
    const uploads = new Uploads();
    let isAccepted = true;
    return byCalls(
      (file) => {
        if (!isAccepted) throw new Error('the caller waits');
        isAccepted = false;
        uploads.submit(file, () => (isAccepted = true));
      },
      (take) => uploads.run(take),
    );
  },
};

describe('what waits while the consumer stands still', () => {
  test.each(Object.entries(growing))('is all there is: %s', async (_, prepare) => {
    expect(await waiting(await prepare())).toBeGreaterThanOrEqual(handed);
  });

  test.each(Object.entries(bounded))('is no more than the bound: %s', async (_, prepare) => {
    expect(await waiting(await prepare())).toBeLessThan(200);
  });
});

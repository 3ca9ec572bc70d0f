import { EventEmitter } from 'node:events';
import Denque from 'denque';
import { guarded } from './queues/guarded.mjs';
import { keyed } from './queues/keyed.mjs';
import { linked } from './queues/linked.mjs';

/** How to run each fixture: a driver gives how many values wait in memory while their consumer stands still. */

const iterating = (values) => async (take) => {
  for await (const value of values) await take(value);
};
const callback = (take) => (value, done) => void take(value).then(() => done());
const postbox = (box, strain) => strain.byCalls((letter) => box.post(letter), (take) => box.deliver(take));

export const flagged = {
  ...guarded,
  ...keyed,
  ...linked,
  'answered-before-it-is-sent.ts': ({ Sender }, strain) => strain.waiting((take) => {
    const each = async (data) => {
      for (const part of data.match(/value \d+/g) ?? []) await take(part);
    };
    const sender = new Sender({ connect: () => Promise.resolve(), send: each });
    return (part) => sender.send(part);
  }),
  'arrow-listener.ts': ({ follow, ship }, strain) => strain.byEvents('order', (shop) => {
    follow(shop);
    return ship;
  }),
  'async-queue-class.ts': ({ AsyncQueue }, strain) => {
    const queue = new AsyncQueue();
    return strain.byCalls((item) => queue.push(item), iterating(queue));
  },
  'batches.ts': ({ Shipper }, strain) => strain.byEvents('record', (source) => {
    const shipper = new Shipper(source);
    return (take) => shipper.ship(take);
  }),
  'class-event-loop.ts': ({ Worker }, strain) => strain.byEvents('message', (source) => {
    const worker = new Worker(source);
    return (take) => worker.run(take);
  }),
  'closed-in-turn.ts': ({ Pool }, strain) => {
    const pool = new Pool();
    let closing;
    return strain.byCalls((name) => pool.release({ idle: true, close: () => closing(name) }), (take) => {
      closing = take;
      return pool.run();
    });
  },
  'closure-async-iterator.ts': ({ messages }, strain) => strain.byEvents('message', (source) => iterating(messages(source))),
  'concat-and-slice.js': ({ add, drain }, strain) => strain.byCalls(add, drain),
  'counts-free-slots.ts': ({ Loader }, strain) => {
    const loader = new Loader((text) => ({ text }), 4, () => undefined);
    return strain.byCalls((url) => loader.begin(url), (take) => loader.run(take));
  },
  'deque-package.ts': ({ Mailer }, strain) => strain.byEvents('order', (source) => {
    const mailer = new Mailer(source);
    return (take) => mailer.run(take);
  }),
  'drain-event.ts': ({ Connection }, strain) => strain.waiting((take) => {
    let drained;
    // Full as long as nobody takes what it was given last.
    const socket = { on: (event, listener) => (drained = listener), write: (message) => (void take(message).then(() => drained()), false) };
    const connection = new Connection(socket);
    return (value) => connection.send(value);
  }),
  'endless-strategy.ts': async ({ fromSource }, strain) => {
    let pulled = 0;
    // It asks for more as long as there is room.
    fromSource({ pull: (controller) => (pulled < 3000 ? controller.enqueue(++pulled) : strain.never) });
    await strain.turns(20);
    return pulled;
  },
  'events-on.mjs': ({ record }, strain) => strain.byEvents('event', (source) => (take) => record(source, take)),
  'field-drained-elsewhere/peer.ts': async ({ Peer }, strain) => {
    const { read } = await strain.load('no-unbounded-channel/flagged/field-drained-elsewhere/reader.ts');
    return strain.byEvents('data', (socket) => {
      const peer = new Peer(socket);
      return (take) => read(peer, take);
    });
  },
  'filled-after-it-is-made.ts': ({ Pages }, strain) => {
    const pages = new Pages();
    return strain.byCalls((page) => pages.add([page]), (take) => pages.run(take));
  },
  'forgotten-concurrency-limit.ts': ({ Pool }, strain) => strain.waiting((take) => {
    const pool = new Pool();
    return () => pool.add(take);
  }),
  'given-deque.ts': ({ Relay }, strain) => strain.byEvents('line', (source) => {
    const relay = new Relay(source, new Denque());
    return (take) => relay.run(take);
  }),
  'handler-method-reference.ts': ({ Indexer }, strain) => strain.byEvents('change', (source) => {
    const indexer = new Indexer(source);
    return (take) => indexer.loop(take);
  }),
  'index-store.js': ({ later, run }, strain) => strain.waiting((take) => {
    later(take);
    void run();
    return () => later(take);
  }),
  'inherited-other-file/feed.ts': ({ Feed }, strain) => strain.byEvents('message', (source) => {
    const feed = new Feed();
    feed.listen(source);
    return (take) => feed.run(take);
  }),
  'inherited-queue.ts': ({ Feed }, strain) => strain.byEvents('message', (source) => {
    const feed = new Feed(source);
    return (take) => feed.run(take);
  }),
  'iterator-next-method.ts': ({ events }, strain) => strain.byEvents('line', (source) => iterating(events(source, 'line'))),
  'limit-defaults-to-infinity.js': ({ Mailbox }, strain) => postbox(new Mailbox(), strain),
  'limiter-without-limit.cjs': async ({ limiter }, strain) => {
    for (let i = 0; i < 1600; i++) limiter.schedule(() => strain.never).catch(() => undefined);
    // It takes in one after another.
    while (limiter.counts().RECEIVED > 0) await strain.sleep(10);
    return limiter.queued();
  },
  'handed-array.ts': ({ copy }, strain) => strain.byEvents('line', (source) => {
    const writer = copy(source);
    return (take) => writer.run(take);
  }),
  'handed-in-options.ts': ({ open }, strain) => strain.byEvents('order', (shop) => {
    const shipper = open(shop);
    return (take) => shipper.run(take);
  }),
  'handed-in-javascript/producer.mjs': async (_producer, strain) => {
    const { createPool } = await strain.load('no-unbounded-channel/flagged/handed-in-javascript/pool.mjs');
    return strain.waiting((take) => {
      const { producer, worker } = createPool(take);
      producer.accept('first');
      void worker.run();
      return (job) => producer.accept(job);
    });
  },
  'handed-lane.ts': ({ Lanes }, strain) => strain.waiting((take) => {
    const source = new EventEmitter();
    new Lanes(source, take);
    return (job) => source.emit('job', 'all', job);
  }),
  'handed-to-functions.ts': ({ load }, strain) => strain.byEvents('row', (source) => load(source)),
  'handed-to-two-classes/receiver.ts': async (_receiver, strain) => {
    const { open } = await strain.load('no-unbounded-channel/flagged/handed-to-two-classes/shop.ts');
    return strain.byEvents('order', (shop) => {
      const shipper = open(shop);
      return (take) => shipper.run(take);
    });
  },
  'list-of-promises.ts': ({ Mail }, strain) => strain.waiting((take) => {
    const mail = new Mail(take);
    let run;
    return (letter) => {
      mail.add(letter);
      run ??= mail.run();
    };
  }),
  'listener-taken-back.ts': ({ Feed }, strain) => strain.waiting((take) => {
    const feed = new Feed();
    void iterating(feed.values())(take);
    return (value) => feed.bring(value);
  }),
  'listeners-of-our-own.ts': ({ orders, ship }, strain) => strain.waiting((take) => {
    void ship(take);
    return (order) => orders.publish(order);
  }),
  'made-by-a-function/index.mjs': ({ attach, work }, strain) => strain.waiting((take) => {
    const source = new EventTarget();
    attach(source);
    const hand = (detail) => source.dispatchEvent(Object.assign(new Event('job'), { detail }));
    hand('first');
    void work(take);
    return hand;
  }),
  'job-with-options.js': ({ Jobs }, strain) => strain.waiting((take) => {
    const jobs = new Jobs((item, options, done) => callback(take)(item, done), 1);
    return (item) => jobs.push(item, {});
  }),
  'jobs-in-turn.cjs': (Bucket, strain) => strain.waiting((take) => {
    const bucket = new Bucket(1);
    return (job) => bucket.add((done) => callback(take)(job, done));
  }),
  'mailbox.ts': ({ Mailbox }, strain) => {
    const mailbox = new Mailbox();
    return strain.byCalls((mail) => mailbox.push(mail), async (take) => {
      for (;;) await take(await mailbox.take());
    });
  },
  'merged-sources.ts': ({ merge }, strain) => strain.byEvents('value', (source) => iterating(merge([source], new AbortController().signal))),
  'module-variable-worker.ts': ({ submit, work }, strain) => strain.byCalls((url) => submit({ url }), (take) => {
    strain.replace(globalThis, 'fetch', take);
    return work();
  }),
  'no-high-water-mark.cjs': ({ wide }, strain) => strain.accepted(wide()),
  'onmessage.ts': ({ listen }, strain) => strain.waiting((take) => {
    const socket = {};
    listen(socket, take);
    return (data) => socket.onmessage({ data });
  }),
  'optional-limit.ts': ({ Mailer }, strain) => postbox(new Mailer(), strain),
  'own-linked-list.ts': ({ Router }, strain) => {
    const router = new Router();
    return strain.byCalls((packet) => router.receive(packet), (take) => router.forward(take));
  },
  'own-queue-given.ts': ({ mailer }, strain) => {
    const box = mailer();
    return strain.byCalls((letter) => box.post(letter), (take) => box.run(take));
  },
  'pauses-something-else.ts': ({ Recorder }, strain) => strain.byEvents('request', (server) => {
    const recorder = new Recorder(server, { pause: () => undefined, resume: () => undefined });
    return (take) => recorder.replay(take);
  }, (url) => ({ url })),
  'pool-without-limit.ts': async ({ pool }) => {
    const jobs = Array.from({ length: 3000 }, () => pool.run({}).catch(() => undefined));
    const { queueSize } = pool;
    await pool.destroy();
    await Promise.all(jobs);
    return queueSize;
  },
  'predicate-is-no-bound.ts': ({ Warned }, strain) => {
    strain.replace(console, 'warn', () => undefined);
    const lines = new Warned();
    return strain.byCalls((line) => lines.offer(line), (take) => lines.run(take));
  },
  'prototype-pump.cjs': (Sender, strain) => strain.waiting((take) => {
    const sender = new Sender({ write: callback(take) });
    return (message) => sender.send(message);
  }),
  'pump-with-callback.js': ({ watch }, strain) => strain.byEvents('line', (source) => (take) => {
    strain.replace(strain.fs, 'writeFile', (path, line, done) => callback(take)(line, done));
    watch(source);
  }),
  'put-together-anew.ts': ({ Shipper }, strain) => strain.byEvents('line', (source) => {
    const shipper = new Shipper(source);
    return (take) => shipper.ship(take);
  }),
  'receive-method.ts': ({ Inbox }, strain) => strain.byEvents('message', (source) => {
    const inbox = new Inbox(source);
    return async (take) => {
      for (;;) await take(await inbox.receive());
    };
  }),
  'replays-until-the-end.ts': ({ Output }) => {
    const output = new Output();
    for (let i = 0; i < 3000; i++) output.take(`line ${i}`);
    let kept = 0;
    output.lines().subscribe(() => kept++);
    return kept;
  },
  'replay-subject.ts': ({ Log }) => {
    const { lines } = new Log();
    for (let i = 0; i < 3000; i++) lines.next(`line ${i}`);
    let kept = 0;
    lines.subscribe(() => kept++);
    return kept;
  },
  'retry-is-no-bound.ts': ({ Uploader }, strain) => {
    const uploader = new Uploader();
    const later = globalThis.setTimeout;
    return strain.waiting((take) => {
      strain.replace(globalThis, 'fetch', take);
      strain.replace(globalThis, 'setTimeout', (run, ms) => (ms === 100 ? undefined : later(run, ms)));
      return (file) => uploader.add(file);
    });
  },
  'self-alias.cjs': ({ collect }, strain) => strain.byEvents('item', (source) => (take) => collect(source, take)),
  'set-of-values.ts': ({ Saver }, strain) => strain.byEvents('change', (model) => {
    const saver = new Saver(model);
    return (take) => saver.save(take);
  }, (name) => ({ name })),
  'share-replay.ts': async ({ ticks }, strain) => {
    const tick = strain.timers();
    const first = ticks.subscribe();
    tick(3000);
    let kept = 0;
    ticks.subscribe(() => kept++).unsubscribe();
    first.unsubscribe();
    return kept;
  },
  'stream-loop.ts': ({ read, store }, strain) => strain.waiting((take) => {
    strain.replace(process, 'stdin', strain.lines(3000));
    void read();
    void store(take);
    return () => false;
  }),
  'struck-off-when-done.ts': ({ Terminal }, strain) => strain.waiting((take) => {
    strain.replace(strain.fs, 'write', (fd, bytes, offset, done) => void take(String(bytes)).then(() => done(null, bytes.length)));
    const terminal = new Terminal(1);
    return (text) => terminal.write(text);
  }),
  'swapped-array.ts': ({ log, flushForever }, strain) => strain.byCalls(log, flushForever),
  'tells-nobody-when-empty.js': ({ channel }, strain) => {
    const queue = channel(() => undefined);
    return strain.byCalls((chunk) => queue.write(chunk), iterating(queue));
  },
  'turn-and-another.cjs': ({ createWorker }, strain) => {
    let worker;
    let deal;
    const redis = { lpop: (name, done) => void deal(name ?? 'none').then(() => name && done()), del: (name, done) => done() };
    return strain.byCalls((name) => (worker ??= createWorker(redis)).add(name), (take) => {
      deal = take;
      worker.start();
    });
  },
  'two-files/producer.ts': async ({ attach }, strain) => {
    const { consume } = await strain.load('no-unbounded-channel/flagged/two-files/consumer.ts');
    return strain.byEvents('message', (source) => {
      attach(source);
      return consume;
    });
  },
  'untyped-emitter.cjs': ({ collect }, strain) => strain.byEvents('item', (bus) => (take) => collect(bus, take)),
  'taken-by-a-helper.ts': ({ Feed }, strain) => strain.waiting((take) => {
    const source = new EventEmitter();
    new Feed(source, take);
    return (line) => source.emit('line', line);
  }),
  'taken-by-position.ts': ({ Worker }, strain) => strain.byEvents('message', (source) => {
    const worker = new Worker(source);
    return (take) => worker.run(take);
  }, (value) => ({ isReady: value.endsWith('0') })),
  'warning-is-no-bound.ts': ({ Ingest }, strain) => strain.byEvents('data', (socket) => {
    strain.replace(console, 'warn', () => undefined);
    const ingest = new Ingest();
    ingest.attach(socket);
    return (take) => ingest.drain(take);
  }),
};

/** Why some are not run. */
export const notRun = {
  'poll-with-interval.js': 'its consumer is a timer that starts with the module and prints: nobody sees what waits',
  'timer-producer.ts': 'its producer is a timer that starts with the module: it would take half a minute',
};

export const clean = {
  'awaited-send.ts': ({ Channel }, strain) => {
    const channel = new Channel(16);
    let isSent = true;
    return strain.waiting((take) => {
      const send = (value) => {
        if (!isSent) return false;
        isSent = false;
        void channel.send(value).then(() => (isSent = true));
      };
      send('first');
      void iterating(channel)(take);
      return send;
    });
  },
  'counted-in-flight.ts': ({ Gate }, strain) => {
    const gate = new Gate();
    return strain.waiting((take) => {
      gate.submit('first');
      void gate.work(take);
      return (request) => gate.submit(request);
    });
  },
  'drops-the-oldest.ts': ({ attach, send }, strain) => strain.byEvents('line', (source) => {
    attach(source);
    return send;
  }),
  'interface-paused.ts': ({ Importer }, strain) => strain.byEvents('item', (source) => {
    const importer = new Importer(source);
    return (take) => importer.run(take);
  }),
  'library-queues-bounded.ts': async ({ recent, pool }) => {
    await pool.destroy();
    for (let i = 0; i < 3000; i++) recent.next(`value ${i}`);
    let kept = 0;
    recent.subscribe(() => kept++);
    return kept;
  },
  'method-withholds-when-full.ts': ({ Uploads }, strain) => {
    const uploads = new Uploads();
    let isAccepted = true;
    return strain.byCalls((file) => {
      if (!isAccepted) throw new Error('the caller waits');
      isAccepted = false;
      uploads.submit(file, () => (isAccepted = true));
    }, (take) => uploads.run(take));
  },
  'pause-and-resume.ts': ({ serve }, strain) => strain.byEvents('data', (socket) => (take) => serve(socket, take)),
  'refuses-by-a-closure.mjs': ({ post, run }, strain) => strain.byCalls(post, run),
  'refuses-by-a-predicate.ts': ({ Asked }, strain) => {
    const lines = new Asked();
    return strain.byCalls((line) => lines.offer(line), (take) => lines.run(take));
  },
  'refuses-when-full.ts': ({ Mailbox }, strain) => postbox(new Mailbox(100), strain),
  'says-whether-there-is-room.ts': ({ Buffered }, strain) => {
    const buffered = new Buffered();
    return strain.waiting((take) => {
      buffered.write('first');
      void buffered.drain(take);
      return (item) => buffered.write(item);
    });
  },
  'withheld-callback.ts': ({ Store }, strain) => strain.accepted(new Store({ highWaterMark: 10_000 })),
};

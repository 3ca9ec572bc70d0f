/**
 * Drivers: how to run each fixture so that its consumer keeps what the work that goes on is given. Plain JavaScript, because what
 * fixtures export has no type in common. A driver is given the fixture's exports and the tools of `consumer.ts`.
 */

const later = (keep) => async (bytes) => {
  await null;
  keep(bytes);
};

/** Looks at the bytes when other things have happened, and no longer than its promise says. */
const late = (keep) => async (bytes) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  keep(Buffer.from(bytes));
};

export const flagged = {
  'async-arrow-captures.mjs': ({ scan }, { keep, fd, quiet }) => quiet(() => scan(fd(), keep)),
  'async-callback.ts': ({ readBlocks }, { keep, fd, quiet }) => quiet(() => readBlocks(fd(), later(keep))),
  'async-iife.ts': ({ frames }, { keep, fd, quiet }) => quiet(() => frames(fd(), keep)),
  'awaited-handler-starts-work.ts': ({ copyPartsInTurn }, { keep, path, quiet }) => quiet(() => copyPartsInTurn(path, keep)),
  'catch-only.mjs': ({ relay }, { keep, fd, quiet }) => quiet(() => relay(fd(), { ready: Promise.resolve(), write: keep })),
  'conditional-await.ts': ({ persist }, { keep, fd, quiet }) => quiet(() => persist(fd(), () => false, keep)),
  'element-reads.ts': ({ checksums }, { keep, fd, quiet }) => quiet(() => checksums(fd(), keep)),
  'error-callback.cjs': ({ readAll }, { keep, fd, path, quiet }) => quiet(() => readAll(fd(), `${path}/none`, keep)),
  'filled-before-its-turn.ts': ({ writeAll }, { keep }) => writeAll({ write: async (bytes) => keep(bytes) }, [1, 2]),
  'floats.ts': ({ transform }, { keep }) => Promise.all(transform([[1, 2], [3, 4]], keep)),
  'helper-other-file/index.ts': ({ backup }, { keep, fd, quiet }) => quiet(() => backup(fd(), keep)),
  // It is done with the bytes when it returns.
  'iife-of-the-whole-buffer.ts': ({ storeAll }, { keep, quiet }) => quiet(() => storeAll((async function* () { yield* [1, 2, 3]; })(), () => new Promise((resolve) => setTimeout(resolve, 5)), (bytes) => keep(Buffer.from(bytes)))),
  'jobs-awaited-at-the-end.ts': async ({ digestAll }, { keep, handle }) => digestAll(await handle(), keep),
  'lent-set-immediate.ts': ({ watch }, { keep, quiet }) => quiet(() => {
    const parser = {};
    watch(parser, keep);
    const message = new Uint8Array(8);
    for (const value of [1, 2, 3]) parser.onMessage(message.fill(value));
  }),
  'lent-tagged.mjs': ({ show }, { keep, quiet }) => quiet(() => {
    const chunk = new Uint8Array(8);
    for (const value of [65, 66, 67]) show(chunk.fill(value), keep);
  }),
  'lent-unawaited.ts': ({ onBlock }, { keep, quiet }) => quiet(() => {
    const block = new Uint8Array(8);
    for (const value of [1, 2, 3]) onBlock(block.fill(value), keep);
  }),
  'loop-goes-on.mjs': ({ drip }, { keep, fd, quiet }) => quiet(() => drip(fd(), keep)),
  'method-of-class.ts': ({ Journal }, { keep, quiet }) => quiet(() => {
    const journal = new Journal(keep);
    for (const text of ['one', 'two']) journal.add(text);
  }),
  'microtask-of-the-whole-buffer.ts': ({ showAll }, { keep, quiet }) => quiet(() => showAll([1, 2, 3], keep)),
  'module-buffer-in-timer.ts': ({ blink, rewrite, screen }, { keep, quiet }) => quiet(() => {
    screen.show = keep;
    for (const byte of [1, 2]) {
      rewrite(byte);
      blink();
    }
  }),
  'module-buffer-in-work.ts': ({ Blinker, rewrite, screen }, { keep, quiet }) => quiet(() => {
    screen.show = keep;
    for (const byte of [1, 2]) {
      rewrite(byte);
      new Blinker().blink();
    }
  }),
  'module-scratch.ts': ({ announce, outbox }, { keep, quiet }) => quiet(() => {
    outbox.send = keep;
    for (const id of [1, 2]) announce(id);
  }),
  // Random bytes: what counts is how many of them differ.
  'named-function.mjs': async ({ tokens }, { keep, quiet }) => {
    const seen = new Set();
    await quiet(() => tokens(3, (token) => seen.add(token.toString('hex'))));
    keep(seen.size);
  },
  'nested-timers.ts': ({ poll }, { keep, fd, quiet }) => quiet(() => poll(fd(), keep)),
  'next-tick.cjs': ({ Sender }, { keep, quiet }) => quiet(() => {
    const sender = new Sender(keep);
    for (const message of ['one', 'two']) sender.send(message);
  }),
  'once-listener.ts': ({ writeLines }, { keep, emitter }) => {
    const sink = emitter();
    writeLines(sink, ['one', 'two'], keep);
    sink.emit('drain');
  },
  'open-signature.ts': async ({ mirror, collect }, { keep, handle, quiet }) => {
    globalThis.store = late(keep);
    await quiet(async () => mirror(await handle(), { put: late(keep) }));
    await quiet(async () => collect(await handle()));
  },
  'plugins.ts': ({ dispatch }, { keep, fd, quiet }) => quiet(() => dispatch(fd(), [{ handle: later(keep) }])),
  'promise-awaited-too-late.ts': async ({ copy }, { keep, handle }) => copy(await handle(), keep),
  'promise-chain.ts': ({ queueUp }, { keep }) => queueUp([1, 2, 3], keep),
  'promise-then.ts': ({ greet }, { keep, quiet }) => quiet(() => greet(['Ada', 'Grace'], Promise.resolve(), keep)),
  'queue-microtask.mjs': ({ encodeLines }, { keep, quiet }) => quiet(() => encodeLines(['one', 'two'], keep)),
  'race.ts': ({ twice }, { keep, fd, quiet }) => quiet(() => twice(fd(), keep)),
  'read-buffer-in-immediate.ts': ({ showBlocks }, { keep, fd, quiet }) => quiet(() => showBlocks(fd(), ({ bytes }) => keep(bytes))),
  'rebound-variable.ts': ({ showSized }, { keep, quiet }) => quiet(() => showSized([1, 2, 3], keep)),
  'set-immediate.ts': ({ eachRecord }, { keep, fd, quiet }) => quiet(() => eachRecord(fd(), keep)),
  // Whoever waits for the upload may overwrite what it was given: the bytes count that it found.
  'spawn-in-loop.ts': ({ mirror }, { keep, quiet }) => {
    let turn = 0;
    const open = () => new Promise((resolve) => setImmediate(resolve));
    return quiet(() => mirror({ read: async (block) => ({ bytesRead: ++turn > 3 ? 0 : block.fill(turn).length }) }, { open, put: (part) => keep(Buffer.from(part)) }));
  },
  'timer-that-clears.ts': ({ blink, screen }, { keep, quiet }) => quiet(() => {
    screen.show = keep;
    blink(3);
  }),
  'timer-argument.ts': ({ sample }, { keep, fd, quiet }) => quiet(() => sample(fd(), keep)),
  'view-cut-before-the-loop.ts': ({ showParts }, { keep, quiet }) => quiet(() => showParts([1, 2, 3], keep)),
  'view-in-object.ts': ({ serve }, { keep, fd, quiet }) => quiet(() => serve(fd(), keep)),
  'worker-of-the-file.mjs': async ({ feed, sink }, { keep, quiet }) => {
    await quiet(() => feed(3));
    for (const byte of sink.seen) keep(byte);
  },
  'worker-of-the-file.ts': async ({ mirror, stored }, { keep, handle, quiet }) => {
    await quiet(async () => mirror(await handle()));
    for (const text of stored) keep(text);
  },
};

export const clean = {
  'copy-captured.ts': ({ eachRecord }, { keep, fd, quiet }) => quiet(() => eachRecord(fd(), keep)),
};

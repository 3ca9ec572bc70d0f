/** How to call each fixture: a driver gives what the code found in the end, a count or something that has a length. */

const bytes = (length = 8) => new Uint8Array(length).fill(1);
const stream = (...sizes) =>
  new ReadableStream({
    type: 'bytes',
    start(controller) {
      for (const size of sizes) controller.enqueue(bytes(size));
      controller.close();
    },
  });
const sizeOf = async (readable) => {
  let size = 0;
  for await (const chunk of readable) size += chunk.length;
  return size;
};

/** Runs code and gives the views of bytes that it made, in order. */
const viewsMadeBy = (run) => {
  const made = [];
  const { Uint8Array: Real } = globalThis;
  globalThis.Uint8Array = class extends Real {
    constructor(...given) {
      super(...given);
      made.push(this);
    }
  };
  try {
    run();
  } finally {
    globalThis.Uint8Array = Real;
  }
  return made;
};

export const flagged = {
  'a-try-that-does-more-than-ask.ts': ({ send, relay, isHashed }, { port }) => {
    const seen = [];
    const look = (block) => seen.push(block.length);
    send(port, bytes(), look);
    relay(port, { write: look }, bytes());
    isHashed(port, { update: (block) => (look(block), { digest() {} }) }, bytes());
    return Math.min(...seen);
  },
  'async-gzip.mjs': ({ compress }) => compress(bytes(), () => {}),
  'back-to-the-pool.cjs': ({ render }, { port }) => render(port)[0].byteLength,
  'byob-loop.ts': ({ size }) => size(stream(3, 3)),
  'byob-view.ts': ({ firstBytes }) => firstBytes(stream(4)),
  'byte-stream-constant.ts': ({ records }) => sizeOf(records(3)),
  'byte-stream-count.ts': async ({ once }) => {
    const sizes = [];
    await sizeOf(once('text', (size) => sizes.push(size)));
    return sizes[0];
  },
  'clone-with-list.mjs': ({ detach }) => {
    const image = { width: 2, pixels: new Uint8ClampedArray(8) };
    detach(image);
    return image.pixels.length;
  },
  'closure-keeps-it.mjs': ({ makeSender }) => makeSender(4),
  'conditional-transfer.mjs': ({ send }) => send(16),
  'finally-reads.cjs': ({ post }) => {
    const lines = [];
    post([1, 2], (line) => lines.push(line));
    return lines[0].replace('posted ', '').length;
  },
  'hash-after-post.cjs': ({ send }) => Number(send('text') !== 'da39a3ee5e6b4b0d3255bfef95601890afd80709'),
  'kept-field.ts': ({ Recorder }, { port }) => new Recorder(port).flush(),
  'length-after-post.ts': ({ send }, { port }) => send(port, bytes()),
  'on-every-message.ts': ({ serve }, { port, arrived }) => {
    serve(port, 4);
    port.emit('message');
    port.emit('message');
    return arrived();
  },
  'posted-in-a-loop.ts': ({ broadcast }, { port, other, arrived }) => (broadcast([port, other], new ArrayBuffer(8)), arrived()),
  'read-above-the-transfer.ts': ({ stream: run }, { port }) => run(port, new Float32Array(4).fill(1), 2),
  'retried-after-failure.ts': ({ sendToBoth }, { port, other, arrived }) => (sendToBoth(port, other, new ArrayBuffer(8)), arrived()),
  'returned-after-post.ts': ({ publish }, { port }) => publish(port, [1, 2, 3]),
  'spread-after-post.ts': ({ sendAndList }, { port }) => sendAndList(port, bytes()),
  'structured-clone.ts': ({ archive }) => archive(new ArrayBuffer(8)).size,
  'switch-falls-through.ts': ({ dispatch }, { port }) => dispatch(port, 'move', bytes()),
  'through-a-helper.ts': ({ store }, { port }) => store(port, 'text'),
  'timer-resends.ts': async ({ resend }, { port }) => {
    const sent = [];
    const { postMessage } = port;
    port.postMessage = (message, list) => {
      sent.push(message);
      postMessage.call(port, message, list);
    };
    await new Promise((resolve) => resend(port, resolve));
    return sent[0];
  },
  'transfer-method.ts': ({ grow }) => grow(bytes().buffer),
  'untyped-port.cjs': ({ send }, { port }) => send(port, bytes()),
  'moved-by-other-file/index.ts': ({ archive }) => archive('text', () => undefined),
  'used-in-other-file/index.ts': ({ send }, { port }) => send(port, bytes()),
  'view-of-moved-buffer.ts': ({ encode }, { port }) => encode(port, 16),
  'read-in-a-try.ts': ({ sendAndTell }, { port }) => sendAndTell(port, bytes()),
  'write-after-post.ts': ({ sendFrame }, { port }) => viewsMadeBy(() => sendFrame(port))[0][15],
};

export const clean = {
  'answered-with-a-new-buffer.mjs': ({ send }) => send(4),
  'branch-that-returns.ts': ({ send }, { port }) => send(port, bytes(), false),
  'byob-buffer-handed-back.ts': ({ size }) => size(stream(3, 3)),
  'byob-value.ts': ({ firstBytes }) => firstBytes(stream(4)),
  'byte-stream-fresh.ts': ({ records }) => sizeOf(records(3)),
  'clone-without-list.cjs': ({ archive }) => archive(new ArrayBuffer(8)),
  'copied-message.ts': ({ send }, { port }) => send(port, bytes()),
  'copy-is-transferred.ts': ({ snapshot }, { port }) => snapshot(port, bytes()),
  'default-stream.ts': async ({ once }) => {
    const sizes = [];
    for await (const chunk of once('text', (size) => sizes.push(size))) sizes.push(chunk.length);
    return sizes[0];
  },
  'every-ring-slot-its-own.mjs': ({ sendAll }) => sendAll(3),
  'forgotten-by-identity.ts': ({ send }, { port }) => send(port, new Set(), new ArrayBuffer(4)),
  'fresh-each-turn.ts': ({ stream: run }, { port }) => run(port, 3),
  'other-buffer.ts': ({ send }, { port }) => send(port),
  'port-kept.cjs': ({ connect }, { port }) => connect(port),
  'replaced-after-post.ts': ({ stream: run }, { port }) => run(port, 3),
  'replaced-field.ts': ({ Recorder }, { port }) => {
    const recorder = new Recorder(port);
    for (let i = 0; i < 20; i++) recorder.add(i);
    return recorder.add(0);
  },
  'same-condition-twice.ts': ({ send }, { port }) => send(port, bytes(), false),
  'same-variable-transferred.ts': ({ grow }) => grow(4),
  'shared-memory.ts': ({ share }, { port }) => share(port),
  'size-read-before.ts': ({ send }, { port }) => send(port, 'text'),
  'transfer-result.ts': ({ grow }) => grow(new ArrayBuffer(4), 8),
  'user-class-of-that-name.ts': ({ Bus, send }) => send(new Bus(), bytes()),
  'window-origin.cjs': ({ notify }) => notify({ postMessage: () => undefined }, bytes()),
};

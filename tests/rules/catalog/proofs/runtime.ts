import { strict as assert } from 'node:assert';
import { Arena, ByteArena, Bytes, broadcast, channel, oneshot, spawnBlocking, watch, workerStream } from '../../../../lib/index.js';
import { changes, isDetached, type Proofs } from './proof.js';

const bytes = (): Uint8Array<ArrayBuffer> => Uint8Array.of(1, 2, 3, 4);
/** What arrives is the very view that was sent. */
const arrives = (sent: Uint8Array, received: { readonly ok: boolean; readonly value?: unknown }): void => assert.equal(received.value, sent);

export const runtimeProofs: Proofs = {
  'borrowck-runtime#Bytes.adopt transfers': () => {
    const { buffer } = bytes();
    Bytes.adopt(buffer);
    isDetached(buffer);
  },
  'borrowck-runtime#Bytes#copyTo writes': () => {
    const target = new Uint8Array(4);
    changes(target, () => Bytes.copyFrom(bytes()).copyTo(target));
  },
  'borrowck-runtime#spawnBlocking transfers': async () => {
    const { buffer } = bytes();
    const pool = { run: () => Promise.resolve(), close: () => Promise.resolve(), destroy: () => Promise.resolve() };
    const done = spawnBlocking('file:///hash.js', 'hash', buffer, { transfer: [buffer], pool });
    isDetached(buffer);
    await done;
  },
  'borrowck-runtime#workerStream transfers': () => {
    const { buffer } = bytes();
    using _items = workerStream('data:text/javascript,export default function* () {}', { capacity: 1, input: buffer, transfer: [buffer] });
    isDetached(buffer);
  },
  'borrowck-runtime#Sender#send escapes': async () => {
    const [tx, rx] = channel<Uint8Array>(1);
    const sent = bytes();
    await tx.send(sent);
    arrives(sent, rx.tryRecv());
  },
  'borrowck-runtime#Sender#trySend escapes': () => {
    const [tx, rx] = channel<Uint8Array>(1);
    const sent = bytes();
    tx.trySend(sent);
    arrives(sent, rx.tryRecv());
  },
  'borrowck-runtime#Permit#send escapes': async () => {
    const [tx, rx] = channel<Uint8Array>(1);
    const sent = bytes();
    (await tx.reserve()).send(sent);
    arrives(sent, rx.tryRecv());
  },
  'borrowck-runtime#OneshotSender#send escapes': () => {
    const [tx, rx] = oneshot<Uint8Array>();
    const sent = bytes();
    tx.send(sent);
    arrives(sent, rx.tryRecv());
  },
  'borrowck-runtime#WatchSender#send escapes': () => {
    const [tx, rx] = watch(new Uint8Array());
    const sent = bytes();
    tx.send(sent);
    assert.equal(rx.latest(), sent);
  },
  'borrowck-runtime#BroadcastSender#send escapes': () => {
    const tx = broadcast<Uint8Array>(1);
    const rx = tx.subscribe();
    const sent = bytes();
    tx.send(sent);
    arrives(sent, rx.tryRecv());
  },
  'borrowck-runtime#Arena#insert keeps': () => {
    const arena = new Arena<Uint8Array>();
    const kept = bytes();
    assert.equal(arena.get(arena.insert(kept)), kept);
  },
  'borrowck-runtime#Arena#replace keeps': () => {
    const arena = new Arena<Uint8Array>();
    const kept = bytes();
    const ref = arena.insert(new Uint8Array());
    arena.replace(ref, kept);
    assert.equal(arena.get(ref), kept);
  },
  'borrowck-runtime#ByteArena#with lent': () => {
    const arena = new ByteArena({ poison: true });
    const ref = arena.alloc(bytes());
    const lent: { readonly [index: number]: number }[] = [];
    arena.with(ref, (block) => {
      lent.push(block);
      assert.equal(block[0], 1);
    });
    arena.release(ref);
    assert.notEqual(lent[0]?.[0], 1, 'the memory was not reused');
  },
};

import { strict as assert } from 'node:assert';
import { Arena, ByteArena, Bytes, PermitUsedError, StaleRefError, broadcast, channel, oneshot, spawnBlocking, watch, workerStream } from '../../../../lib/index.js';
import { changes, forEachOf, isDetached, type Proofs } from './proof.js';

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
  'borrowck-runtime#Arena#insert acquires': () => {
    const arena = new Arena<string>();
    arena.insert('kept');
    assert.equal(arena.size, 1, 'nothing holds the value');
  },
  'borrowck-runtime#Arena#remove ends': () => {
    const arena = new Arena<string>();
    const ref = arena.insert('kept');
    arena.remove(ref);
    assert.equal(arena.size, 0);
    assert.throws(() => arena.deref(ref), StaleRefError);
  },
  ...forEachOf('alloc tryAlloc lease', (name) => `borrowck-runtime#ByteArena#${name} acquires`, (name) => () => {
    const arena = new ByteArena();
    arena[name as 'alloc'](bytes());
    assert.equal(arena.size, 1, 'nothing holds the block');
  }),
  'borrowck-runtime#ByteArena#release ends': () => {
    const arena = new ByteArena();
    const ref = arena.alloc(bytes());
    assert.equal(arena.release(ref), true);
    assert.equal(arena.size, 0);
    assert.equal(arena.release(ref), false);
    assert.throws(() => arena.read(ref), StaleRefError);
  },
  'borrowck-runtime#ByteLease#[Symbol.dispose] ends': () => {
    const arena = new ByteArena();
    const lease = arena.lease(bytes());
    lease[Symbol.dispose]();
    lease[Symbol.dispose]();
    assert.equal(arena.size, 0);
  },
  ...forEachOf('reserve tryReserve', (name) => `borrowck-runtime#Sender#${name} acquires`, (name) => async () => {
    const [tx] = channel<number>(1);
    await tx[name as 'reserve']();
    assert.equal(tx.trySend(1).ok, false, 'no slot was taken');
  }),
  'borrowck-runtime#Permit#send ends': async () => {
    const [tx] = channel<number>(2);
    const permit = await tx.reserve();
    permit.send(1);
    assert.throws(() => permit.send(2), PermitUsedError);
  },
  ...forEachOf('release [Symbol.dispose]', (name) => `borrowck-runtime#Permit#${name} ends`, (name) => async () => {
    const [tx] = channel<number>(1);
    const permit = await tx.reserve();
    const giveBack = (): void => {
      if (name === 'release') permit.release();
      else permit[Symbol.dispose]();
    };
    giveBack();
    giveBack();
    assert.equal(tx.trySend(1).ok, true, 'the slot is still taken');
  }),
};

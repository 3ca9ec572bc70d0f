import { describe, expect, it } from 'vitest';
import { catalogModules } from '../../../rules/catalog/index.js';
import { queueClaimsOf } from './queue-claims.js';
import { queueProofs } from './proofs/queues.js';

/** Claims that nothing here can run, and what they rest on. */
const unproved: Readonly<Record<string, string>> = {
  'amqplib#Channel#publish signals': 'needs a broker: Channel.publish() returns the result of the connection’s write, false when full, and the channel emits drain',
  'amqplib#Channel#sendToQueue signals': 'needs a broker: as publish',
  'bluebird#map opens': 'the package’s API reference: concurrency is unlimited by default',
  'bullmq#Queue#add signals': 'needs Redis: the promise settles when the job is stored',
  'bullmq#Queue#addBulk signals': 'needs Redis: as add',
  'double-ended-queue#Deque collects': 'the package’s read-me: grows as needed',
  'effect#PubSub.unbounded opens': 'by its name and reference: no capacity',
  'effect#Queue.unbounded opens': 'by its name and reference: no capacity',
  'emittery#Emittery#anyEvent opens': 'the package’s source: events wait in an array',
  'emittery#Emittery#events opens': 'the package’s source: events wait in an array',
  'fast-fifo#FIFO collects': 'the package’s source: a new ring is chained when one is full',
  'generic-pool#createPool opens': 'the package’s read-me: maxWaitingClients is unlimited by default',
  'global#RTCDataChannel#send signals': 'only in browsers: WebRTC, RTCDataChannel.bufferedAmount',
  'global#WebSocket#send signals': 'needs a server that does not read: WebSockets, WebSocket.bufferedAmount; see ws, which has the same interface',
  'graphql-redis-subscriptions#PubSub#asyncIterableIterator opens': 'the package’s source: pushQueue',
  'graphql-redis-subscriptions#PubSub#asyncIterator opens': 'the package’s source: pushQueue',
  'graphql-subscriptions#PubSub#asyncIterableIterator opens': 'the package’s source: pushQueue',
  'graphql-subscriptions#PubSub#asyncIterator opens': 'the package’s source: pushQueue',
  'it-pushable#pushable opens': 'the package’s read-me: readableLength tells how much waits',
  'it-pushable#pushableV opens': 'the package’s read-me: readableLength tells how much waits',
  'mysql#createPool opens': 'needs a server: queueLimit is 0 by default, which is no limit',
  'mysql2#createPool opens': 'needs a server: queueLimit is 0 by default, which is no limit',
  'mysql2/promise#createPool opens': 'needs a server: as mysql2',
  'rxjs#flatMap opens': 'another name of mergeMap',
  'rxjs#publishReplay opens': 'a ReplaySubject by another name',
  'tinypool opens': 'the package’s read-me: as piscina, whose fork it is',
  'tinypool#Tinypool opens': 'the package’s read-me: as piscina, whose fork it is',
  'tinypool#Tinypool#run signals': 'the package’s read-me: as piscina, whose fork it is',
  'tinyqueue#TinyQueue collects': 'the package’s source: a heap in an array',
  'workerpool#pool opens': 'the package’s read-me: maxQueueSize is Infinity by default',
  'yallist#Yallist collects': 'the package’s source: a linked list',
};

/** The same functions under another name. */
const isRepeated = (claim: string): boolean => /^node:stream\/web#|^node:events#EventEmitter\./.test(claim);

const claims = new Set([...queueClaimsOf(catalogModules)].filter((claim) => !isRepeated(claim)));

describe('what the catalog claims about queues', () => {
  for (const [claim, prove] of Object.entries(queueProofs)) it(claim, prove);

  it('is proved, or listed with the reason why it is not', () => {
    const missing = [...claims].filter((claim) => !Object.hasOwn(queueProofs, claim) && !Object.hasOwn(unproved, claim));
    expect(missing).toEqual([]);
  });

  it('is what the proofs are about', () => {
    const idle = [...Object.keys(queueProofs), ...Object.keys(unproved)].filter((claim) => !claims.has(claim));
    expect(idle).toEqual([]);
    expect(Object.keys(unproved).filter((claim) => Object.hasOwn(queueProofs, claim))).toEqual([]);
  });
});

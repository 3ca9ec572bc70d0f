import { parentPort } from 'node:worker_threads';

// Installed with the other peers.
const { load } = await import('../../.packages/runtime-peers/load.mjs');
const { expose } = await load('comlink');
const { default: nodeEndpoint } = await load('comlink/dist/esm/node-adapter.mjs');
expose({ echo: (input) => input }, nodeEndpoint(parentPort));

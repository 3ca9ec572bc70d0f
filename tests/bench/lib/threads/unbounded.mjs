import { parentPort, workerData } from 'node:worker_threads';
import { items } from './functions.mjs';

let batch = [];
for (const item of items(workerData)) {
  batch.push(item.slice());
  if (batch.length === workerData.batch) {
    parentPort.postMessage(batch);
    batch = [];
  }
}
parentPort.postMessage(batch);

import type { Table } from '../table.js';
import { arenaTable } from './arena.js';
import { blockingTable } from './blocking.js';
import { channelTable } from './channel.js';
import { retryTable } from './retry.js';
import { scopeTable } from './scope.js';
import { snapshotTable } from './snapshot.js';
import { workerStreamTable } from './worker-stream.js';

/** A table for each part of the runtime: to add one, describe it in a file here and list it. */
export const tables: readonly Table[] = [channelTable, snapshotTable, arenaTable, blockingTable, workerStreamTable, scopeTable, retryTable];

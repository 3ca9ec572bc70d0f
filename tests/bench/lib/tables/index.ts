import type { Table } from '../table.js';
import { channelTable } from './channel.js';
import { scopeTable } from './scope.js';

/** A table for each part of the runtime: to add one, describe it in a file here and list it. */
export const tables: readonly Table[] = [channelTable, scopeTable];

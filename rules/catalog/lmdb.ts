import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import { each, fresh, gives, instance, lent, primitive, promise, reads, readsLater, unknown } from './shorthand.js';

/** Every read may use the memory again that the last `getBinaryFast` gave. */
const reuses = { reuses: true };

export const lmdb: ModuleData = {
  module: 'lmdb',
  exports: { open: { call: gives(instance('RootDatabase')) }, openAsClass: { call: gives(unknown) } },
  types: {
    Database: {
      methods: {
        // Shared by all databases of the thread: other code that runs meanwhile may read, too.
        getBinaryFast: { receiver: reuses, result: lent('first await', 'Buffer') },
        getBinary: { receiver: reuses, result: fresh('Buffer') },
        ...each<ContractData>('get getEntry', { receiver: reuses, result: unknown }),
        ...each<ContractData>('getMany prefetch put remove ifNoExists ifVersion transaction childTransaction', { result: promise(unknown) }),
        ...each<ContractData>('getRange getKeys getValues', { result: unknown }),
        ...each<ContractData>('doesExist getCount getKeysCount getValuesCount putSync removeSync transactionSync', reads),
        ...each<ContractData>('close drop clearAsync flushed committed', readsLater),
      },
    },
    RootDatabase: { extends: 'Database', methods: { openDB: gives(instance('Database')), backup: readsLater } },
  },
};

/** Views of the map, valid until the transaction ends. */
const mapped = gives(lent('close', 'Buffer'));
const ends: ContractData = { receiver: { releases: true }, result: primitive };

export const nodeLmdb: ModuleData = {
  module: 'node-lmdb',
  exports: { Env: { type: 'Env' }, Cursor: { type: 'Cursor' } },
  types: {
    Env: { methods: { beginTxn: gives(instance('Txn')), openDbi: gives(unknown), ...each<ContractData>('close open', reads) } },
    Txn: {
      methods: {
        getBinaryUnsafe: mapped,
        getBinary: gives(fresh('Buffer')),
        ...each<ContractData>('abort commit reset', ends),
        // What is written may move what was read.
        ...each<ContractData>('del putBinary putBoolean putNumber putString', ends),
      },
    },
    Cursor: { methods: { getCurrentBinaryUnsafe: mapped, getCurrentBinary: gives(fresh('Buffer')), close: ends } },
  },
};

import { describe, expect, it } from 'vitest';
import { catalogModules } from '../../../../rules/catalog/index.js';
import { linkCatalog } from '../../../../rules/engine/contracts/link.js';
import { readUserContracts } from '../../../../rules/engine/contracts/user.js';

describe('readUserContracts', () => {
  it('has nothing to say where nothing is written', () => {
    const none = readUserContracts(undefined, '/app');
    expect(none.modules).toEqual([]);
    expect(none.problems).toEqual([]);
    expect(none.project.of('/app/a.ts', 'f')).toBeUndefined();
  });

  it('declares functions, methods, statics and constructors of modules', () => {
    const lent = { result: { from: 'lent', until: 'next call', type: 'Buffer' } };
    const user = readUserContracts(
      { 'lmdb#open': {}, 'lmdb#Database.getBinaryFast': lent, 'lmdb#static Database.load': lent, 'lmdb#new Database': { parameters: [{ keeps: 'forever' }] } },
      '/app',
    );
    expect(user.problems).toEqual([]);
    const catalog = linkCatalog(catalogModules, user.modules);
    const lmdb = catalog.module('lmdb');
    expect(lmdb?.member('open')?.call).toEqual({ origin: 'settings', isCertain: true });
    expect(catalog.type('lmdb#Database')?.method('getBinaryFast')?.result).toEqual(lent.result);
    expect(lmdb?.member('Database')?.member('load')?.call?.origin).toBe('settings');
    expect(lmdb?.member('Database')?.construct?.parameters).toEqual([{ keeps: 'forever' }]);
  });

  it('wins over the catalog', () => {
    const user = readUserContracts({ 'fs#readSync': { result: { from: 'primitive' } }, 'global#Buffer.slice': { result: { from: 'fresh' } } }, '/app');
    const catalog = linkCatalog(catalogModules, user.modules);
    expect(catalog.module('node:fs')?.member('readSync')?.call?.parameters).toBeUndefined();
    expect(catalog.viewType('Buffer').method('slice')?.result).toEqual({ from: 'fresh' });
    expect(catalog.viewType('Buffer').method('subarray')?.result?.from).toBe('view');
    expect(catalog.viewType('Buffer').view).toBe('Buffer');
  });

  it.each([
    ['./src/pool.ts#take', '/app/src/pool.ts', 'take'],
    ['./src/pool#take', '/app/src/pool.ts', 'take'],
    ['./src/pool#take', '/app/src/pool.mjs', 'take'],
    ['../shared/pool.ts#Pool.take', '/shared/pool.ts', 'Pool#take'],
    ['./pool.ts#Pool.#grow', '/app/pool.ts', 'Pool##grow'],
    ['./pool.ts#static Pool.make', '/app/pool.ts', 'Pool#make'],
  ])('%s is found', (key, file, name) => {
    const user = readUserContracts({ [key]: { result: { from: 'fresh' } } }, '/app/');
    expect(user.problems).toEqual([]);
    expect(user.project.of(file, name)).toEqual({ origin: 'settings', isCertain: true, result: { from: 'fresh' } });
    expect(user.project.of(file, `${name}2`)).toBeUndefined();
    expect(user.project.of(`/elsewhere${file}`, name)).toBeUndefined();
  });

  it.each(['fs', 'fs#', '#readSync', 'fs#a.b.c', 'fs#new A.b', 'fs#static a', './a.ts#new A', 'fs#a b'])('does not take "%s" for a key', (key) => {
    const user = readUserContracts({ [key]: {} }, '/app');
    expect(user.problems).toEqual([`settings.borrowck.contracts[${JSON.stringify(key)}]: expected a key like "module#name", "module#Type.method" or "./file#name"`]);
    expect(user.modules).toEqual([]);
  });

  it('leaves out what is wrong and keeps the rest', () => {
    const user = readUserContracts({ 'm#f': { parameters: [{ keeps: 'forevr' }] }, 'm#g': {} }, '/app');
    expect(user.problems).toEqual([
      'settings.borrowck.contracts["m#f"].parameters[0].keeps: expected one of "return", "settle", "callback", "next call", "first await", "close", "forever", got "forevr"',
    ]);
    expect(Object.keys(user.modules[0]?.exports ?? {})).toEqual(['g']);
  });

  it.each([[[]], ['x'], [null], [4]])('says that %j is no set of contracts', (written) => {
    expect(readUserContracts(written, '/app').problems).toEqual([`settings.borrowck.contracts: expected an object from functions to contracts, got ${JSON.stringify(written)}`]);
  });
});

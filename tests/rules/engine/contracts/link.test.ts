import { describe, expect, it } from 'vitest';
import { catalogModules } from '../../../../rules/catalog/index.js';
import type { ModuleData } from '../../../../rules/engine/contracts/catalog-format.js';
import { linkCatalog } from '../../../../rules/engine/contracts/link.js';

const catalog = linkCatalog(catalogModules);

describe('linkCatalog', () => {
  it('finds a module by any of its specifiers', () => {
    expect(catalog.module('fs')).toBe(catalog.module('node:fs'));
    expect(catalog.module('node:fs')?.path).toBe('node:fs');
    expect(catalog.module('left-pad')).toBeUndefined();
    expect(catalog.module('global')).toBeUndefined();
  });

  it('gives functions their contract, certain and from the catalog', () => {
    const readSync = catalog.module('fs')?.member('readSync');
    expect(readSync?.path).toBe('node:fs#readSync');
    expect(readSync?.call).toEqual({
      origin: 'catalog',
      isCertain: true,
      parameters: [null, { writes: { range: { start: 2, length: 3 } } }],
      result: { from: 'primitive', atMost: 3 },
      blocks: { on: 'disk', path: 'node:fs#readSync' },
    });
  });

  it('gives statics a path of their own', () => {
    expect(catalog.global('Buffer')?.member('alloc')?.path).toBe('global#Buffer.alloc');
    expect(catalog.global('Buffer')?.member('alloc')?.call?.result).toEqual({ from: 'fresh', type: 'Buffer' });
  });

  it('looks members up through what a type extends', () => {
    const buffer = catalog.viewType('Buffer');
    expect(buffer.base?.path).toBe('global#Uint8Array');
    expect(buffer.method('slice')?.result).toMatchObject({ from: 'view', of: 'this' });
    expect(buffer.method('copyWithin')?.receiver).toEqual({ writes: { range: { start: 0 } } });
    expect(buffer.property('buffer')).toEqual({ from: 'view', of: 'this', type: 'ArrayBuffer' });
    expect(catalog.viewType('Uint8Array').method('slice')?.result).toEqual({ from: 'fresh', type: 'same' });
    expect(catalog.type('node:fs#ReadStream')?.method('emit')?.rest?.escapes).toBe('emit');
    expect(catalog.type('stream#Transform')?.implemented('_transform')?.arguments).toHaveLength(3);
  });

  it('does not take what every object inherits for a member', () => {
    const buffer = catalog.viewType('Buffer');
    expect(buffer.method('constructor')).toBeUndefined();
    expect(buffer.property('__proto__')).toBeUndefined();
    expect(catalog.global('hasOwnProperty')).toBeUndefined();
    expect(catalog.module('fs')?.member('toString')).toBeUndefined();
  });

  it('writes out the module of the types that contracts name', () => {
    expect(catalog.module('fs')?.member('createReadStream')?.call?.result).toEqual({ from: 'instance', type: 'node:fs#ReadStream' });
    expect(catalog.type('node:stream#Readable')?.method('map')?.result).toEqual({ from: 'instance', type: 'node:stream#Readable' });
  });

  it('makes a fresh instance where a class says nothing of its constructor', () => {
    expect(catalog.global('TextEncoder')?.construct?.result).toEqual({ from: 'instance', type: 'global#TextEncoder' });
    expect(catalog.global('Blob')?.instance?.path).toBe('global#Blob');
  });

  it('takes the default for the namespace, with its call and its members', () => {
    const events = catalog.module('events');
    expect(events?.member('default')).toBe(events);
    expect(events?.instance?.path).toBe('node:events#EventEmitter');
    expect(events?.member('EventEmitter')?.instance).toBe(events?.instance);
    expect(events?.member('once')?.call).toBeDefined();
  });

  it('finds a re-exported class by the name it is exported under', () => {
    expect(catalog.type('node:buffer#Buffer')).toBe(catalog.viewType('Buffer'));
    expect(catalog.type('buffer#Blob')?.path).toBe('global#Blob');
    expect(catalog.type('buffer#Nothing')).toBeUndefined();
  });

  it('lists every name that is worth a question', () => {
    for (const name of ['subarray', 'readSync', 'FileHandle', 'byteLength', '_transform', 'Buffer', 'alloc', 'pipeline']) {
      expect(catalog.names).toContain(name);
    }
    expect(catalog.names).not.toContain('leftPad');
  });

  it('lays what the user declared over the data files', () => {
    const override: ModuleData = {
      module: 'fs',
      exports: { readSync: { call: { result: { from: 'fresh' } } }, mine: { call: {} } },
      types: { ReadStream: { methods: { bytes: { result: { from: 'primitive' } } } } },
    };
    const mine = linkCatalog(catalogModules, [override]);
    expect(mine.module('node:fs')?.member('readSync')?.call).toEqual({ origin: 'settings', isCertain: true, result: { from: 'fresh' } });
    expect(mine.module('node:fs')?.member('mine')?.call?.origin).toBe('settings');
    expect(mine.module('node:fs')?.member('read')?.call?.origin).toBe('catalog');
    expect(mine.type('node:fs#ReadStream')?.method('bytes')?.origin).toBe('settings');
    expect(mine.type('node:fs#ReadStream')?.method('close')?.origin).toBe('catalog');
  });

  it('refuses two data files that declare one name', () => {
    const twice: ModuleData = { module: 'm', exports: { f: { call: {} } } };
    expect(() => linkCatalog([twice, twice])).toThrow('Two data files declare f in the m exports');
  });
});

import * as childProcess from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { catalogModules } from '../../../rules/catalog/index.js';
import { harmlessSynchronous } from '../../../rules/catalog/synchronous.js';
import { linkCatalog } from '../../../rules/engine/contracts/link.js';
import { repositoryRoot } from '../support/fixtures.js';
import { modules, synchronousFunctions, synchronousText } from './synchronous.js';

const catalog = linkCatalog(catalogModules);
const running: Readonly<Record<(typeof modules)[number], object>> = { 'node:child_process': childProcess, 'node:crypto': crypto, 'node:fs': fs, 'node:zlib': zlib };
const isClassified = (module: string, name: string): boolean => catalog.module(module)?.member(name)?.call?.blocks !== undefined || harmlessSynchronous.has(`${module}#${name}`);

describe('the synchronous functions of Node', () => {
  test('are written down as its declarations have them', () => {
    const path = join(repositoryRoot, 'rules/catalog/node-synchronous.ts');
    const text = synchronousText();
    if (process.env['UPDATE'] === '1') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.each(modules)('of %s are all said to block, or not to', (module) => {
    const declared = Object.keys(synchronousFunctions()[module] ?? {});
    const exported = Object.keys(running[module]).filter((name) => name.endsWith('Sync'));
    expect(exported.length).toBeGreaterThan(2);
    expect([...declared, ...exported].filter((name) => !isClassified(module, name))).toEqual([]);
  });

  test('a function that is new would be noticed', () => {
    expect(isClassified('node:fs', 'teleportSync')).toBe(false);
  });

  test('say which function does the same without blocking', () => {
    const twinOf = (module: string, name: string): string | undefined => catalog.module(module)?.member(name)?.call?.blocks?.twin;
    expect(twinOf('fs', 'readFileSync')).toBe('node:fs/promises#readFile');
    expect(twinOf('node:zlib', 'gzipSync')).toBe('node:zlib#gzip');
    expect(twinOf('fs', 'existsSync'), 'access() gives no boolean').toBeUndefined();
    expect(twinOf('fs', 'openSync'), 'a FileHandle is no descriptor').toBeUndefined();
  });
});

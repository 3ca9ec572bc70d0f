import type { ApiData } from '../engine/contracts/catalog-format.js';
import type { BlockedOn } from '../engine/contracts/contract.js';
import { nodeSynchronous } from './node-synchronous.js';

/** What the synchronous functions of Node's modules wait for. */
const waitsFor: Readonly<Record<string, BlockedOn>> = {
  'node:fs': 'disk',
  'node:child_process': 'process',
  'node:crypto': 'computation',
  'node:zlib': 'computation',
};

/** Synchronous by name, and done before anyone could notice: they fill a few bytes. */
export const harmlessSynchronous: ReadonlySet<string> = new Set(['node:crypto#randomFillSync']);

/** Of the functions that look like twins, those that give something else: a FileHandle for a descriptor, an iterator for a list. */
const otherwiseShaped: ReadonlySet<string> = new Set(['node:fs#openSync', 'node:fs#globSync', 'node:fs#mkdtempDisposableSync', 'node:child_process#execSync', 'node:child_process#execFileSync', 'node:child_process#spawnSync']);

/**
 * Says of a Node module's synchronous functions that they block.
 *
 * @param module - the module's name
 * @param exports - what is known of its exports besides
 * @returns the same exports, with what blocks marked
 */
export function withBlocking(module: keyof typeof nodeSynchronous, exports: { readonly [name: string]: ApiData }): { readonly [name: string]: ApiData } {
  const on = waitsFor[module] ?? 'computation';
  const marked: Record<string, ApiData> = { ...exports };
  for (const [name, twin] of Object.entries(nodeSynchronous[module])) {
    const api = exports[name];
    const path = `${module}#${name}`;
    if (harmlessSynchronous.has(path)) continue;
    const hasTwin = twin !== '' && !otherwiseShaped.has(path);
    marked[name] = { ...api, call: { ...api?.call, blocks: { on, ...(hasTwin && { twin }) } } };
  }
  return marked;
}

import ts from 'typescript';
import { expect, test } from 'vitest';
import { catalogModules } from '../../../../rules/catalog/index.js';
import { canMove } from '../../../../rules/engine/borrow/may-move.js';
import { linkCatalog } from '../../../../rules/engine/contracts/link.js';
import { lowerModule } from '../../../../rules/engine/lower/index.js';
import { createWorld } from '../../../../rules/engine/types/world.js';
import { programOf, virtualPath } from '../../fixes/program.js';

function moves(text: string): boolean {
  const path = virtualPath('a.ts');
  const program = programOf({ [path]: text });
  const file = program.getSourceFile(path);
  if (file === undefined) throw new Error('the program has no such file');
  const world = createWorld({ ts, program, catalog: linkCatalog(catalogModules, []), lowerModule: (one) => lowerModule(ts, one), projectContracts: { of: () => undefined } });
  return canMove(lowerModule(ts, file), world);
}

test.each([
  ['transfers', 'export const f = (b: ArrayBuffer) => structuredClone(b, { transfer: [b] });', true],
  ['posts a list of what goes along', 'export const f = (w: Worker, b: ArrayBuffer) => w.postMessage(b, [b]);', true],
  ['may post anything, with arguments that nobody counts', 'export const f = (w: Worker, args: [unknown, Transferable[]]) => w.postMessage(...args);', true],
  ['hands the mover itself on', 'export const f = structuredClone;', true],
  ['calls it on something of which nothing is known', 'export const f = (x: any, y: any) => x.transfer(y);', true],
  ['has a memory that may grow', 'export const f = (wasm: { memory: WebAssembly.Memory }) => wasm.memory.buffer;', true],
  ['clones without moving', 'export const f = (b: ArrayBuffer) => structuredClone(b);', false],
  ['posts without a list', 'export const f = (w: Worker, b: ArrayBuffer) => w.postMessage(b);', false],
  ["calls its own class's method of that name", 'class Bank { transfer(n: number) { return n; } } export const f = (bank: Bank) => bank.transfer(1);', false],
  ['calls nothing of the kind', 'export const f = (b: Uint8Array) => b.subarray(1);', false],
])('a file that %s', (_, text, answer) => {
  expect(moves(text)).toBe(answer);
});

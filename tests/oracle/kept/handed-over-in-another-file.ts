// corrupted: helpers:2
// parked: none
// branch-exact: yes
// helpers:2 is overwritten at main:6, called from main:5
// file: main.ts
import { byte } from './opaque.js';
import { give } from './helpers.js';
const pool = Buffer.alloc(8);
export function read(out: unknown[]) {
  give(out, pool);
  pool.fill(byte());
}
// file: helpers.ts
export function give(to: unknown[], b: Buffer) {
  to.push(b);
}

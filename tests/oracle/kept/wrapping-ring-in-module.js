// corrupted: main:9
// parked: none
// branch-exact: yes
// main:9 is overwritten at main:6
// file: main.js
import { byte } from './opaque.js';
let slab = Buffer.alloc(6);
let position = 0;
export function take(n) {
  if (position + n > slab.length) position = 0;
  slab.fill(byte(), position, position + n);
  const piece = slab.subarray(position, position + n);
  position += n;
  return piece;
}

// corrupted: main:3
// parked: none
// branch-exact: yes
// main:3 is overwritten at main:7
// file: main.ts
import { byte } from './opaque.js';
export async function* stream1(chunk: Uint8Array) {
  yield chunk.subarray(0, 4);
  refillUint8Array(chunk);
}
function refillUint8Array(b: Uint8Array) {
  b.fill(byte());
}

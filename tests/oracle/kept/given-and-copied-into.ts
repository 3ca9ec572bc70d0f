// corrupted: main:4
// parked: none
// branch-exact: yes
// main:4 is overwritten at main:5
// file: main.ts
import { byte } from './opaque.js';

export function* stream1(chunk: Uint8Array) {
  yield chunk.subarray(0, 4);
  new DataView(chunk.buffer, chunk.byteOffset, 4).setUint8(2, byte());
}

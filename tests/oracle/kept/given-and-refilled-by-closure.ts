// corrupted: main:5
// parked: none
// branch-exact: yes
// main:5 is overwritten at main:4
// file: main.ts
import { byte } from './opaque.js';

export function* stream1(chunk: Uint8Array) {
  const put2 = () => { chunk.fill(byte()); };
  yield chunk.subarray(0, 4);
  put2();
}

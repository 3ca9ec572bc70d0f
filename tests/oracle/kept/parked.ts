// corrupted: main:10
// parked: main:8
// branch-exact: yes
// main:10 is overwritten at main:7
// file: main.ts
import { c, byte } from './opaque.js';
export class Reader {
  #field: Buffer = Buffer.alloc(8);
  read() {
    const results: Buffer[] = [];
    while (c(1)) {
      new Uint8Array(this.#field.buffer, this.#field.byteOffset, 4).fill(byte());
      results.push(this.#field.subarray(0, 4));
    }
    return results;
  }
}

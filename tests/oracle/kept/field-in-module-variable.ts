// corrupted: main:4
// parked: none
// branch-exact: yes
// main:4 is overwritten at main:9
// file: main.ts
import { byte } from './opaque.js';
let pool: Buffer = Buffer.alloc(8);
export function give(cb: (error: null, value: unknown) => void) {
  cb(null, pool.subarray(0, 4));
}
export class Reader {
  field: Buffer = Buffer.alloc(8);
  refill() {
    this.field.fill(byte());
  }
  share() {
    pool = Buffer.from(this.field.buffer, this.field.byteOffset, 4);
  }
}

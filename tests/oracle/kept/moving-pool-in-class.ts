// corrupted: none
// parked: none
// branch-exact: yes
// file: main.ts
import { byte } from './opaque.js';
export class Reader {
  #slab = Buffer.allocUnsafe(6);
  #position = 0;
  next(n: number) {
    if (this.#position + n > this.#slab.length) {
      this.#slab = Buffer.allocUnsafe(6);
      this.#position = 0;
    }
    const start = this.#position;
    this.#position += n;
    this.#slab.set([byte(), byte()], start);
    return this.#slab.subarray(start, this.#position);
  }
}

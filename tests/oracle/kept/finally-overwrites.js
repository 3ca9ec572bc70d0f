// corrupted: main:5
// parked: none
// branch-exact: yes
// main:5 is overwritten at main:9
// file: main.js
import { byte, t } from './opaque.js';
export function* read() {
  const buf = Buffer.alloc(8);
  try {
    yield buf.subarray(0, 4);
    t(1);
    yield Buffer.from(buf);
  } finally {
    buf.fill(byte());
  }
}

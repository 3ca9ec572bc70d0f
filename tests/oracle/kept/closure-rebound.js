// corrupted: main:8
// parked: none
// branch-exact: yes
// main:8 is overwritten at main:4
// file: main.js
import { byte, c } from './opaque.js';
export function* read() {
  let buf = Buffer.alloc(8);
  const put = () => { buf.fill(byte()); };
  yield buf.subarray(0, 4);
  buf = Buffer.alloc(8);
  put();
  yield buf;
  if (c(1)) put();
}

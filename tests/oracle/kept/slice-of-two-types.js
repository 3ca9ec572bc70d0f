// corrupted: main:8
// parked: none
// branch-exact: yes
// main:8 is overwritten at main:6
// file: main.js
const { byte, c } = require('./opaque.js');
function* read() {
  const buffer = Buffer.alloc(8);
  const bytes = new Uint8Array(8);
  while (c(1)) {
    buffer.fill(byte());
    bytes.fill(byte());
    yield buffer.slice(0, 4);
    yield bytes.slice(0, 4);
  }
}
module.exports = { read };

// corrupted: none
// parked: none
// branch-exact: yes
// file: main.js
const { byte } = require('./opaque.js');
function make() {
  let slab = new Uint8Array(6);
  let position = 0;
  return {
    next(n) {
      if (slab.length - position < n) {
        slab = new Uint8Array(6);
        position = 0;
      }
      const piece = slab.subarray(position, position + n);
      piece.fill(byte());
      position += n;
      return piece;
    },
  };
}
module.exports = { make };

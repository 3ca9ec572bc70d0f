import type { Builder } from './builder.js';
import type { Dice } from './dice.js';
import type { ByteType } from './scope.js';

/** @returns a statement that changes the first four bytes of a place, or the third */
export function writeTo(builder: Builder, dice: Dice, text: string, type: ByteType): string {
  const byte = builder.call('byte');
  switch (dice.pick([[4, 0], [2, 1], [2, 2], [2, 3], [1, 4], [1, 5], [1, 6], [1, 7], [1, 8]] as const)) {
    case 0:
      builder.use('fill');
      return `${text}.fill(${byte});`;
    case 1:
      builder.use('set');
      return `${text}.set([${byte}, ${byte}, ${byte}]);`;
    case 2:
      builder.use('element store');
      return `${text}[2] = ${byte};`;
    case 3:
      return `${builder.helper('refill', type)}(${text});`;
    case 4:
      builder.use('copy target');
      return `Buffer.alloc(4, ${byte}).copy(${text});`;
    case 5:
      builder.use('write through a view');
      return `${text}.subarray(0, 4).fill(${byte});`;
    case 6:
      builder.use('write through an alias');
      return `new Uint8Array(${text}.buffer, ${text}.byteOffset, 4).fill(${byte});`;
    case 7:
      builder.use('DataView write');
      return `new DataView(${text}.buffer, ${text}.byteOffset, 4).setUint8(2, ${byte});`;
    case 8:
      return `${builder.helper('deepRefill', type)}(${text});`;
  }
}

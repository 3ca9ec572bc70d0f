import type { Builder } from './builder.js';
import type { Dice } from './dice.js';
import type { ByteType } from './scope.js';

type PoolKind = 'moving pool' | 'wrapping ring' | 'refilled in place';

/** Where the pool's variables live and how its pieces leave. */
type PoolHome = 'module' | 'generator' | 'class' | 'factory';

/**
 * Writes a pool that hands out pieces: its cursor only advances and the slab is replaced when it is used up (safe), or
 * the cursor goes back to the start of the same slab, or there is no cursor at all.
 */
export function writePool(builder: Builder, dice: Dice): void {
  const kind = dice.pick<PoolKind>([[3, 'moving pool'], [2, 'wrapping ring'], [1, 'refilled in place']]);
  const home = dice.pick<PoolHome>([[2, 'module'], [2, 'generator'], [2, 'class'], [1, 'factory']]);
  const type: ByteType = dice.isOneIn(2) ? 'Uint8Array' : 'Buffer';
  builder.use(kind, type, 'subarray');
  const name = builder.name('take');
  builder.export(name);
  const slabName = builder.name('slab');
  const positionName = builder.name('position');
  const slab = home === 'class' ? `this.#${slabName}` : slabName;
  const position = home === 'class' ? `this.#${positionName}` : positionName;
  const allocation = type === 'Buffer' ? dice.pick([[2, 'Buffer.allocUnsafe(6)'], [1, 'Buffer.alloc(6)']] as const) : 'new Uint8Array(6)';
  const step = (leave: string): void => {
    const size = kind === 'wrapping ring' || kind === 'moving pool' ? 'n' : '4';
    writeMakeRoom(builder, dice, kind, slab, position, allocation);
    const piece = kind === 'refilled in place' ? `${slab}.subarray(0, ${size})` : `${slab}.subarray(${position}, ${position} + n)`;
    const byte = builder.call('byte');
    if (kind === 'refilled in place') {
      builder.line(`${slab}.fill(${byte});`);
      builder.line(`${leave} ${piece};`);
      return;
    }
    switch (dice.roll(3)) {
      case 0:
        builder.line(`const piece = ${piece};`);
        builder.line(`piece.fill(${byte});`);
        builder.line(`${position} += n;`);
        builder.line(`${leave} piece;`);
        break;
      case 1:
        builder.line(`${slab}.fill(${byte}, ${position}, ${position} + n);`);
        builder.line(`const piece = ${piece};`);
        builder.line(`${position} += n;`);
        builder.line(`${leave} piece;`);
        break;
      case 2:
        builder.line(`const start = ${position};`);
        builder.line(`${position} += n;`);
        builder.line(`${slab}.set([${byte}, ${byte}], start);`);
        builder.line(`${leave} ${slab}.subarray(start, ${position});`);
        break;
    }
  };
  const hasCursor = kind !== 'refilled in place';
  const declare = (keyword: string, prefix: string): void => {
    builder.line(`${keyword}${prefix}${slabName} = ${allocation};`);
    if (hasCursor) builder.line(`${keyword}${prefix}${positionName} = 0;`);
  };
  switch (home) {
    case 'module':
      builder.use('module buffer', 'return from export');
      declare('let ', '');
      builder.block(`«export »function ${name}(n‹: number›) {`, () => {
        step('return');
      });
      break;
    case 'generator':
      builder.use('yield', 'while', 'alloc in function');
      builder.block(`«export »function* ${name}(n‹: number›) {`, () => {
        declare('let ', '');
        builder.block(`while (${builder.call('c')}) {`, () => {
          step('yield');
        });
      });
      break;
    case 'class':
      builder.use('field buffer', 'return from method');
      builder.block(`«export »class ${name} {`, () => {
        declare('', '#');
        builder.block('next(n‹: number›) {', () => {
          step('return');
        });
      });
      break;
    case 'factory':
      builder.use('factory', 'closure buffer');
      builder.block(`«export »function ${name}() {`, () => {
        declare('let ', '');
        builder.block('return {', () => {
          builder.block('next(n‹: number›) {', () => {
            step('return');
          });
        }, '};');
      });
      break;
  }
}

function writeMakeRoom(builder: Builder, dice: Dice, kind: PoolKind, slab: string, position: string, allocation: string): void {
  if (kind === 'refilled in place') return;
  const test = dice.pick([
    [2, `${position} + n > ${slab}.length`],
    [1, `${slab}.length - ${position} < n`],
    [1, `${slab}.length < ${position} + n`],
  ] as const);
  if (kind === 'wrapping ring') {
    builder.line(`if (${test}) ${position} = 0;`);
    return;
  }
  builder.block(`if (${test}) {`, () => {
    builder.line(`${slab} = ${allocation};`);
    builder.line(`${position} = 0;`);
  });
}

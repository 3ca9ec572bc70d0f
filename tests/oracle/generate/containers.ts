import type { Builder } from './builder.js';
import type { Dice } from './dice.js';
import { anyPlace, anyType, bytes } from './expressions.js';
import type { ByteType, Place } from './scope.js';
import { writeTo } from './writes.js';

/** Declares an object, a nested object or an array that holds bytes, or an array to push to. */
export function writeContainer(builder: Builder, dice: Dice): void {
  const type = anyType(builder, dice);
  const text = bytes(builder, dice, type);
  switch (dice.pick([[3, 'box'], [1, 'nested'], [4, 'array'], [3, 'results'], [1, 'copied']] as const)) {
    case 'box': {
      const name = builder.name('box');
      builder.line(`const ${name}‹: { v: ${type}; w?: ${type} }› = { v: ${text} };`);
      builder.scope.declare(name, 'box', type, true);
      break;
    }
    case 'nested': {
      const name = builder.name('outer');
      builder.use('nested container');
      builder.line(`const ${name}‹: { inner: { v: ${type} } }› = { inner: { v: ${text} } };`);
      builder.scope.declare(name, 'nested', type, true);
      break;
    }
    case 'array': {
      const name = builder.name('list');
      builder.line(`const ${name}‹: ${type}[]› = [${text}, ${bytes(builder, dice, type)}];`);
      builder.scope.declare(name, 'array', type, true);
      break;
    }
    case 'results': {
      const name = builder.name('results');
      builder.line(`const ${name}‹: ${type}[]› = [];`);
      builder.scope.declare(name, 'results', type, true);
      if (!dice.isOneIn(3)) writeGathering(builder, dice, name, type);
      break;
    }
    case 'copied': {
      const box = builder.scope.all('box')[0];
      const name = builder.name('box');
      if (box === undefined) {
        builder.line(`const ${name}‹: { v: ${type}; w?: ${type} }› = { v: ${text} };`);
        builder.scope.declare(name, 'box', type, true);
      } else {
        builder.use('object spread');
        builder.line(`const ${name} = { ...${box.text} };`);
        builder.scope.declare(name, 'box', box.type, true);
      }
      break;
    }
  }
}

/** A loop that fills an array, as readers do that collect everything first. */
function writeGathering(builder: Builder, dice: Dice, name: string, type: ByteType): void {
  builder.use('local array push', 'while');
  builder.block(`while (${builder.call('c')}) {`, () => {
    const place = anyPlace(builder, dice, type);
    if (place !== undefined) builder.line(writeTo(builder, dice, place.text, type));
    builder.line(`${name}.push(${bytes(builder, dice, type)});`);
  });
}

function anyContainer(builder: Builder, dice: Dice, kinds: readonly Place['kind'][]): Place | undefined {
  const places = kinds.flatMap((kind) => builder.scope.all(kind));
  return places[dice.roll(Math.max(1, places.length))];
}

/** Stores bytes into a container in sight. */
export function writeStore(builder: Builder, dice: Dice): void {
  const place = anyContainer(builder, dice, ['results', 'box', 'nested', 'array']);
  if (place === undefined) return;
  const text = bytes(builder, dice, place.type);
  switch (place.kind) {
    case 'box':
      builder.use('object field');
      builder.line(`${place.text}.v = ${text};`);
      break;
    case 'nested':
      builder.use('nested container');
      builder.line(`${place.text}.inner.v = ${text};`);
      break;
    case 'array':
      builder.use('array element');
      builder.line(`${place.text}[0] = ${text};`);
      break;
    default:
      builder.use('local array push');
      builder.line(`${place.text}.push(${text});`);
  }
}

/** Takes a container apart. */
export function writeDestructuring(builder: Builder, dice: Dice): void {
  const place = anyContainer(builder, dice, ['array', 'box', 'nested']);
  if (place === undefined) return;
  const name = builder.name('part');
  switch (place.kind) {
    case 'box':
      builder.use('object destructuring');
      if (dice.isOneIn(2)) {
        builder.use('default value');
        builder.line(`const { w: ${name} = ${bytes(builder, dice, place.type)} } = ${place.text};`);
      } else {
        builder.line(`const { v: ${name} } = ${place.text};`);
      }
      break;
    case 'nested':
      builder.use('object destructuring', 'nested container');
      builder.line(`const { inner: { v: ${name} } } = ${place.text};`);
      break;
    default:
      builder.use('array destructuring', 'default value');
      builder.line(`const [${name} = ${bytes(builder, dice, place.type)}] = ${place.text};`);
  }
  builder.scope.declare(name, 'bytes', place.type, false);
}

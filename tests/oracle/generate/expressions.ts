import type { Builder } from './builder.js';
import type { Construct } from './constructs.js';
import type { Dice } from './dice.js';
import type { ByteType, Place } from './scope.js';

/** @returns an expression for newly allocated memory of 8 bytes */
export function fresh(builder: Builder, dice: Dice, type: ByteType): string {
  builder.use(type);
  const forms: readonly (readonly [number, readonly [string, Construct | undefined]])[] =
    type === 'Buffer'
      ? [
          [4, ['Buffer.alloc(8)', undefined]],
          [1, ['Buffer.allocUnsafe(8)', undefined]],
          [1, ['Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])', undefined]],
          [1, ['Buffer.from(new ArrayBuffer(8))', 'Buffer.from(ab)']],
        ]
      : [
          [4, ['new Uint8Array(8)', undefined]],
          [1, ['Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])', undefined]],
          [1, ['new Uint8Array(new ArrayBuffer(8))', 'new Uint8Array(ab)']],
        ];
  const [text, construct] = dice.pick(forms);
  if (construct !== undefined) builder.use(construct, 'ArrayBuffer');
  return text;
}

/** @returns which of the two types to use next: one that is in sight where possible */
export function anyType(builder: Builder, dice: Dice): ByteType {
  const places = builder.scope.all('bytes');
  return places[dice.roll(Math.max(1, Math.min(places.length, 4)))]?.type ?? (dice.isOneIn(2) ? 'Uint8Array' : 'Buffer');
}

/** @returns a place of bytes in sight, if any */
export function anyPlace(builder: Builder, dice: Dice, type?: ByteType): Place | undefined {
  const places = builder.scope.all('bytes', type);
  return places[dice.roll(Math.max(1, Math.min(places.length, 5)))];
}

function copyOf(builder: Builder, dice: Dice, place: Place): string {
  builder.use('copy');
  const { text } = place;
  if (place.type === 'Buffer') {
    return dice.pick([
      [3, `Buffer.from(${text})`],
      [1, `Buffer.concat([${text}])`],
      [1, `Buffer.copyBytesFrom(${text})`],
    ]);
  }
  const form = dice.roll(4);
  if (form === 2) builder.use('Uint8Array#slice');
  return [`new Uint8Array(${text})`, `Uint8Array.from(${text})`, `${text}.slice()`, `Uint8Array.of(...${text})`][form] ?? text;
}

function viewOf(builder: Builder, dice: Dice, place: Place): string {
  const { text, type } = place;
  switch (dice.pick([[4, 0], [2, 1], [1, 2], [1, 3]] as const)) {
    case 0:
      builder.use('subarray');
      return `${text}.subarray(0, 4)`;
    case 1:
      builder.use(type === 'Buffer' ? 'Buffer#slice' : 'Uint8Array#slice');
      return `${text}.slice(0, 4)`;
    case 2:
      builder.use('subarray');
      return `${text}.subarray(0)`;
    case 3:
      builder.use(type === 'Buffer' ? 'Buffer.from(ab)' : 'new Uint8Array(ab)', 'ArrayBuffer');
      return type === 'Buffer' ? `Buffer.from(${text}.buffer, ${text}.byteOffset, 4)` : `new Uint8Array(${text}.buffer, ${text}.byteOffset, 4)`;
  }
}

function helperCall(builder: Builder, dice: Dice, place: Place): string {
  const kind = dice.pick([[3, 'head'], [2, 'copyOf'], [1, 'same'], [2, 'sliceOf'], [1, 'deepHead'], [1, 'wrap'], [1, 'orItself'], [1, 'choose']] as const);
  const name = builder.helper(kind, place.type);
  if (kind === 'wrap') return `${name}(${place.text}).v`;
  if (kind === 'choose') return `${name}(${place.text}, ${(anyPlace(builder, dice, place.type) ?? place).text})`;
  return `${name}(${place.text})`;
}

type Form = 'place' | 'view' | 'copy' | 'helper' | 'conditional' | 'optional' | 'chain' | 'box' | 'nested' | 'array' | 'reader' | 'fresh';

/**
 * An expression whose value is bytes.
 * @param type what it must be
 * @returns its text; newly allocated memory when nothing fitting is in sight
 */
export function bytes(builder: Builder, dice: Dice, type: ByteType): string {
  const place = anyPlace(builder, dice, type);
  if (place === undefined) return fresh(builder, dice, type);
  const ofKind = (kind: Place['kind']): Place | undefined => builder.scope.all(kind, type)[0];
  const forms: [number, Form][] = [[8, 'view'], [4, 'place'], [4, 'copy'], [4, 'helper'], [2, 'conditional'], [1, 'fresh']];
  if (ofKind('optional') !== undefined) forms.push([6, 'optional'], [6, 'chain']);
  if (ofKind('box') !== undefined) forms.push([4, 'box']);
  if (ofKind('nested') !== undefined) forms.push([4, 'nested']);
  if (ofKind('array') !== undefined) forms.push([4, 'array']);
  if (ofKind('reader') !== undefined) forms.push([6, 'reader']);
  switch (dice.pick(forms)) {
    case 'place':
      return place.text;
    case 'view':
      return viewOf(builder, dice, place);
    case 'copy':
      return copyOf(builder, dice, place);
    case 'helper':
      return helperCall(builder, dice, place);
    case 'fresh':
      return fresh(builder, dice, type);
    case 'conditional': {
      builder.use('conditional expression');
      const other = anyPlace(builder, dice, type) ?? place;
      return `(${builder.call('c')} ? ${viewOf(builder, dice, place)} : ${dice.isOneIn(2) ? copyOf(builder, dice, other) : other.text})`;
    }
    case 'optional':
      builder.use('nullish expression');
      return `(${ofKind('optional')?.text ?? ''} ?? ${viewOf(builder, dice, place)})`;
    case 'chain':
      builder.use('optional chain', 'nullish expression');
      return `(${ofKind('optional')?.text ?? ''}?.subarray(0, 4) ?? ${place.text})`;
    case 'box':
      builder.use('object field');
      return `${ofKind('box')?.text ?? ''}.v`;
    case 'nested':
      builder.use('object field', 'nested container');
      return `${ofKind('nested')?.text ?? ''}.inner.v`;
    case 'array':
      builder.use('array element');
      return `${ofKind('array')?.text ?? ''}[0]‹!›`;
    case 'reader':
      builder.use('closure that views');
      return `${ofKind('reader')?.text ?? ''}()`;
  }
}

type ValueForm = 'bytes' | 'object' | 'array' | 'nested object' | 'box' | 'nested' | 'list' | 'spread box' | 'spread list' | 'results' | 'number' | 'text';

/** @returns the text of something to give away: bytes, a container of bytes, or what was computed from bytes */
export function value(builder: Builder, dice: Dice, canBeNumber = true): string {
  const inSight = (kind: Place['kind']): Place | undefined => builder.scope.all(kind)[0];
  const forms: [number, ValueForm][] = [[10, 'bytes'], [2, 'object'], [1, 'array'], [1, 'nested object']];
  if (canBeNumber) forms.push([1, 'number'], [1, 'text']);
  if (inSight('box') !== undefined) forms.push([2, 'box'], [2, 'spread box']);
  if (inSight('nested') !== undefined) forms.push([2, 'nested']);
  if (inSight('array') !== undefined) forms.push([2, 'list'], [14, 'spread list']);
  if (inSight('results') !== undefined) forms.push([6, 'results']);
  const inner = (): string => bytes(builder, dice, anyType(builder, dice));
  switch (dice.pick(forms)) {
    case 'bytes':
      return inner();
    case 'object':
      builder.use('object field');
      return `{ v: ${inner()}, n: 1 }`;
    case 'array':
      builder.use('array element');
      return `[${inner()}, ${inner()}]`;
    case 'nested object':
      builder.use('nested container');
      return `{ inner: { v: ${inner()} } }`;
    case 'number':
      return dice.isOneIn(2) ? `${inner()}.length` : `${inner()}[0]`;
    case 'text':
      return `String(${inner()})`;
    case 'box':
      builder.use('object field');
      return inSight('box')?.text ?? '';
    case 'nested':
      builder.use('nested container');
      return inSight('nested')?.text ?? '';
    case 'list':
      builder.use('array element');
      return inSight('array')?.text ?? '';
    case 'spread box':
      builder.use('object spread');
      return `{ ...${inSight('box')?.text ?? ''}, n: 2 }`;
    case 'spread list':
      builder.use('array spread');
      return `[...${inSight('array')?.text ?? ''}]`;
    case 'results':
      return inSight('results')?.text ?? '';
  }
}

import type { Builder, FunctionContext, Outlet } from './builder.js';
import { Dice } from './dice.js';
import { anyType, bytes, fresh, value } from './expressions.js';
import { writeMover } from './movers.js';
import { writePool } from './pools.js';
import type { Raw, RawEntry } from './raw.js';
import type { ByteType } from './scope.js';
import { StatementWriter } from './statements.js';
import { writeTo } from './writes.js';

type Shape =
  | 'generator' | 'async generator' | 'function' | 'giver' | 'async giver' | 'class' | 'factory'
  | 'readable' | 'transform' | 'emitter class' | 'pool' | 'mover';

/** Writes something that the program exports. */
export function writeEntry(builder: Builder, entry: RawEntry): void {
  const dice = new Dice(entry.a, entry.b);
  const shape = new Dice(entry.shape).pick<Shape>([
    [6, 'generator'], [4, 'async generator'], [5, 'function'], [6, 'giver'], [6, 'async giver'], [9, 'class'], [2, 'factory'],
    [2, 'readable'], [2, 'transform'], [2, 'emitter class'], [5, 'pool'], [4, 'mover'],
  ]);
  builder.scope.nest(() => {
    switch (shape) {
      case 'generator':
      case 'async generator':
      case 'function':
      case 'giver':
      case 'async giver': {
        const name = builder.name(shape === 'function' ? 'read' : shape.endsWith('giver') ? 'give' : 'stream');
        builder.export(name);
        writeCallable(builder, dice, shape, name, '«export »function', entry.body, 'return from export');
        break;
      }
      case 'class':
        writeClass(builder, dice, entry);
        break;
      case 'factory':
        writeFactory(builder, dice, entry);
        break;
      case 'readable':
      case 'transform':
      case 'emitter class':
        writeStreamClass(builder, dice, shape, entry);
        break;
      case 'pool':
        writePool(builder, dice);
        break;
      case 'mover':
        writeMover(builder, dice, entry.body);
        break;
    }
  });
}

type CallableShape = 'generator' | 'async generator' | 'function' | 'giver' | 'async giver';

const outletTypes: Readonly<Record<string, string>> = {
  cb: '(error: null, value: unknown) => void',
  out: 'unknown[]',
  emitter: 'EventEmitter',
  controller: 'ReadableStreamDefaultController<unknown>',
  sink: '(value: unknown) => Promise<void>',
  file: 'FileHandle',
};

/**
 * Writes a function or method with its body.
 * @param keyword what stands before the name: `«export »function`, or nothing for a method
 */
function writeCallable(
  builder: Builder, dice: Dice, shape: CallableShape, name: string, keyword: string, body: readonly Raw[], returns: FunctionContext['returns'],
): void {
  const isGenerator = shape === 'generator' || shape === 'async generator';
  const isAsync = shape === 'async generator' || shape === 'async giver';
  const outlets = new Set<Outlet>();
  if (isGenerator) outlets.add('yield');
  if (shape === 'function') outlets.add('return');
  if (shape === 'giver') outlets.add(dice.pick([[2, 'cb'], [2, 'out'], [1, 'emitter'], [1, 'controller']] as const));
  if (shape === 'async giver') outlets.add('sink');
  if (shape === 'async giver' && dice.isOneIn(3)) outlets.add('out');
  if (shape === 'async giver' && dice.isOneIn(2)) outlets.add('file');
  const parameters = [...outlets].filter((outlet) => outlet in outletTypes).map((outlet) => `${outlet === 'file' ? "⟦/** @type {import('node:fs/promises').FileHandle} */ ⟧" : ''}${outlet}‹: ${outletTypes[outlet] ?? ''}›`);
  const hasChunk = dice.isOneIn(8);
  if (hasChunk) parameters.push('⟦/** @type {Uint8Array} */ ⟧chunk‹: Uint8Array›');
  const [before, star] = keyword === '' ? [isAsync ? 'async ' : '', isGenerator ? '*' : ''] : [isAsync ? keyword.replace('function', 'async function') : keyword, isGenerator ? '*' : ''];
  const head = keyword === '' ? `${before}${star}${name}` : `${before}${star} ${name}`;
  writeBody(builder, dice, `${head}(${parameters.join(', ')}) {`, { isAsync, isGenerator, outlets, returns: shape === 'function' ? returns : undefined }, body, hasChunk);
}

function writeBody(builder: Builder, dice: Dice, head: string, context: FunctionContext, body: readonly Raw[], hasChunk: boolean): void {
  builder.loops = [];
  builder.hasEscape = false;
  const writer = new StatementWriter(builder, context);
  builder.block(head, () => {
    if (hasChunk) {
      builder.use('parameter buffer');
      builder.scope.declare('chunk', 'bytes', 'Uint8Array', false);
    }
    if (builder.scope.all('bytes').length === 0 || dice.isOneIn(3)) writer.alloc(dice);
    writer.all(body);
    if (context.returns !== undefined) {
      builder.use(context.returns);
      builder.line(`return ${value(builder, dice)};`);
    } else if (!builder.hasEscape) {
      if (context.outlets.has('sink')) builder.line(`void sink(${value(builder, dice)});`);
      else writer.escape(dice);
    }
  });
}

function writeFields(builder: Builder, dice: Dice): void {
  const count = 1 + dice.roll(2);
  for (let index = 0; index < count; index++) {
    const type: ByteType = dice.isOneIn(2) ? 'Uint8Array' : 'Buffer';
    const name = builder.name(dice.isOneIn(3) ? 'field' : '#field');
    builder.use('field buffer');
    if (dice.isOneIn(6)) {
      builder.line(`${name}‹: { v: ${type}; w?: ${type} }› = { v: ${fresh(builder, dice, type)} };`);
      builder.scope.declare(`this.${name}`, 'box', type, true);
    } else {
      builder.line(`${name}‹: ${type}› = ${fresh(builder, dice, type)};`);
      builder.scope.declare(`this.${name}`, 'bytes', type, true);
    }
  }
  if (builder.scope.all('bytes').length === 0) {
    builder.line(`#field‹: Buffer› = ${fresh(builder, dice, 'Buffer')};`);
    builder.scope.declare('this.#field', 'bytes', 'Buffer', true);
  }
}

function writePrivateMethod(builder: Builder, dice: Dice): void {
  const place = builder.scope.all('bytes').find(({ text }) => text.startsWith('this.'));
  if (place === undefined) return;
  builder.use('private method');
  if (dice.isOneIn(2)) {
    builder.block('#refill() {', () => {
      builder.line(writeTo(builder, dice, place.text, place.type));
    });
    builder.scope.declare('this.#refill', 'writer', place.type, false);
  } else {
    builder.block('#view() {', () => {
      builder.line(`return ${bytes(builder, dice, place.type)};`);
    });
    builder.scope.declare('this.#view', 'reader', place.type, false);
  }
}

function writeClass(builder: Builder, dice: Dice, entry: RawEntry): void {
  const name = builder.name('Reader');
  builder.export(name);
  builder.block(`«export »class ${name} {`, () => {
    writeFields(builder, dice);
    if (dice.isOneIn(3)) writePrivateMethod(builder, dice);
    const bodies = [entry.body, entry.second, entry.third].slice(0, 1 + dice.roll(3));
    for (const body of bodies) {
      const shape = dice.pick<CallableShape>([[6, 'function'], [2, 'generator'], [2, 'giver'], [1, 'async generator'], [1, 'async giver']]);
      builder.scope.nest(() => {
        writeCallable(builder, dice, shape, builder.name('method'), '', body, 'return from method');
      });
    }
    if (dice.isOneIn(2)) writeOverwriter(builder, dice);
  });
}

/** A method that does nothing but write to a field, or replace it. */
function writeOverwriter(builder: Builder, dice: Dice): void {
  const place = builder.scope.all('bytes').find(({ text }) => text.startsWith('this.'));
  if (place === undefined) return;
  builder.block(`${builder.name('refill')}() {`, () => {
    if (dice.isOneIn(3)) {
      builder.use('rebinding to fresh memory');
      builder.line(`${place.text} = ${fresh(builder, dice, place.type)};`);
    }
    builder.line(writeTo(builder, dice, place.text, place.type));
  });
}

function writeFactory(builder: Builder, dice: Dice, entry: RawEntry): void {
  const name = builder.name('make');
  builder.export(name);
  builder.use('factory', 'closure buffer');
  builder.block(`«export »function ${name}() {`, () => {
    const type = anyType(builder, dice);
    const buffer = builder.name('buf');
    builder.line(`let ${buffer}‹: ${type}› = ${fresh(builder, dice, type)};`);
    builder.scope.declare(buffer, 'bytes', type, true);
    if (dice.isOneIn(3)) {
      builder.line(`return () => ${bytes(builder, dice, type)};`);
      return;
    }
    builder.block('return {', () => {
      writeCallable(builder, dice, 'function', builder.name('next'), '', entry.body, 'return from method');
      builder.lines.push(`${builder.lines.pop() ?? ''},`);
      builder.block(`${builder.name('refill')}() {`, () => {
        builder.line(writeTo(builder, dice, buffer, type));
      }, '},');
    }, '};');
  });
}

function writeStreamClass(builder: Builder, dice: Dice, shape: 'readable' | 'transform' | 'emitter class', entry: RawEntry): void {
  const base = { readable: 'Readable', transform: 'Transform', 'emitter class': 'EventEmitter' }[shape];
  const name = builder.name('Source');
  builder.export(name);
  const context = (outlet: Outlet): FunctionContext => ({ isAsync: false, isGenerator: false, outlets: new Set([outlet]), returns: undefined });
  builder.block(`«export »class ${name} extends ${base} {`, () => {
    writeFields(builder, dice);
    if (dice.isOneIn(3)) writePrivateMethod(builder, dice);
    switch (shape) {
      case 'readable':
        writeBody(builder, dice, '_read() {', context('this.push'), entry.body, false);
        break;
      case 'transform': {
        const outlet = dice.isOneIn(2) ? 'this.push' : 'cb';
        if (outlet === 'cb') builder.use('Transform callback');
        else builder.use('Readable#push');
        writeBody(builder, dice, '_transform(chunk‹: Buffer›, _encoding‹: string›, cb‹: TransformCallback›) {', context(outlet), entry.body, false);
        break;
      }
      case 'emitter class':
        writeBody(builder, dice, `${builder.name('poll')}() {`, context('this.emit'), entry.body, false);
        break;
    }
  });
}

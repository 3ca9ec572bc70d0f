import type { Builder, FunctionContext } from './builder.js';
import { Dice } from './dice.js';
import { anyPlace, anyType, bytes, fresh, value } from './expressions.js';
import { writeJump, writeLoop, writeSwitch, writeTry } from './control.js';
import { writeContainer, writeDestructuring, writeStore } from './containers.js';
import type { Raw } from './raw.js';
import { hasPromises, writePromise, writeTask } from './tasks.js';
import { writeTo } from './writes.js';

type StatementKind =
  | 'write' | 'escape' | 'alloc' | 'view' | 'rebind' | 'if' | 'loop' | 'switch' | 'try' | 'jump' | 'return'
  | 'container' | 'store' | 'destructuring' | 'closure' | 'optional' | 'await' | 'promise' | 'task' | 'flag' | 'unknown callee';

/** Writes statements of a function. */
export class StatementWriter {
  readonly builder: Builder;
  readonly context: FunctionContext;

  constructor(builder: Builder, context: FunctionContext) {
    this.builder = builder;
    this.context = context;
  }

  /** Writes all of them, in the present block. */
  all(raws: readonly Raw[]): void {
    for (const raw of raws) this.one(raw);
  }

  one(raw: Raw): void {
    const { builder, context } = this;
    const kinds: [number, StatementKind][] = [[7, 'write'], [3, 'view'], [3, 'alloc'], [4, 'rebind'], [3, 'container'], [2, 'closure'], [2, 'optional'], [builder.scope.all('flag').length > 0 ? 1 : 3, 'flag'], [1, 'unknown callee']];
    if (!builder.isInFinally) kinds.push([10, 'escape']);
    if (raw.kids.length > 0) kinds.push([6, 'if'], [12, 'loop'], [2, 'switch'], [4, 'try']);
    if (builder.loops.length > 0 && !builder.isInFinally) kinds.push([4, 'jump']);
    if (!builder.isInFinally) kinds.push([1, 'return']);
    if (['box', 'nested', 'array', 'results'].some((kind) => builder.scope.all(kind as 'box').length > 0)) kinds.push([4, 'store'], [6, 'destructuring']);
    if (context.isAsync) kinds.push([1, 'await']);
    if (!builder.isInFinally) kinds.push([2, 'task']);
    if (context.isAsync && !builder.isInFinally) kinds.push([hasPromises(builder) ? 40 : context.outlets.has('sink') ? 18 : 2, 'promise']);
    const dice = new Dice(raw.a, raw.b, raw.c);
    switch (new Dice(raw.op).pick(kinds)) {
      case 'write':
        this.#write(dice);
        break;
      case 'escape':
        this.escape(dice);
        break;
      case 'alloc':
        this.alloc(dice);
        break;
      case 'view':
        this.#view(dice);
        break;
      case 'rebind':
        this.#rebind(dice);
        break;
      case 'if':
        this.#if(dice, raw);
        break;
      case 'loop':
        writeLoop(this, dice, raw);
        break;
      case 'switch':
        writeSwitch(this, dice, raw);
        break;
      case 'try':
        writeTry(this, dice, raw);
        break;
      case 'jump':
        writeJump(builder, dice);
        break;
      case 'return':
        this.#earlyReturn(dice);
        break;
      case 'container':
        writeContainer(builder, dice);
        break;
      case 'store':
        writeStore(builder, dice);
        break;
      case 'destructuring':
        writeDestructuring(builder, dice);
        break;
      case 'closure':
        this.#closure(dice);
        break;
      case 'optional':
        this.#optional(dice);
        break;
      case 'await':
        builder.use('await');
        builder.line(`await ${builder.call('tick')};`);
        break;
      case 'promise':
        writePromise(builder, dice, context);
        break;
      case 'task':
        writeTask(builder, dice);
        break;
      case 'flag':
        this.#flag();
        break;
      case 'unknown callee':
        this.#unknownCallee(dice);
        break;
    }
  }

  alloc(dice: Dice): void {
    const { builder } = this;
    const type = dice.isOneIn(2) ? 'Uint8Array' : 'Buffer';
    const name = builder.name('buf');
    const isMutable = dice.isOneIn(2);
    builder.use(builder.loops.length > 0 ? 'alloc in loop' : 'alloc in function');
    builder.line(`${isMutable ? 'let' : 'const'} ${name}${isMutable ? `‹: ${type}›` : ''} = ${fresh(builder, dice, type)};`);
    builder.scope.declare(name, 'bytes', type, isMutable);
  }

  #view(dice: Dice): void {
    const { builder } = this;
    const type = anyType(builder, dice);
    const name = builder.name('view');
    const text = bytes(builder, dice, type);
    const isMutable = dice.isOneIn(3);
    builder.line(`${isMutable ? 'let' : 'const'} ${name}${isMutable ? `‹: ${type}›` : ''} = ${text};`);
    builder.scope.declare(name, 'bytes', type, isMutable);
  }

  #rebind(dice: Dice): void {
    const { builder } = this;
    const places = builder.scope.all('bytes').filter((place) => place.isMutable);
    const place = places[dice.roll(Math.max(1, places.length))];
    if (place === undefined) {
      this.#write(dice);
      return;
    }
    if (place.isCaptured) builder.use('captured variable rebound');
    if (dice.isOneIn(3)) {
      builder.use('rebinding to another view');
      builder.line(`${place.text} = ${bytes(builder, dice, place.type)};`);
    } else {
      builder.use('rebinding to fresh memory');
      builder.line(`${place.text} = ${fresh(builder, dice, place.type)};`);
    }
  }

  #write(dice: Dice): void {
    const { builder } = this;
    const place = anyPlace(builder, dice);
    if (place === undefined) {
      this.alloc(dice);
      return;
    }
    const writers = builder.scope.all('writer');
    const writer = writers[dice.roll(Math.max(1, writers.length))];
    if (writer !== undefined && dice.isOneIn(2)) {
      builder.use('closure that writes');
      builder.line(`${writer.text}();`);
      return;
    }
    builder.line(writeTo(builder, dice, place.text, place.type));
  }

  #optional(dice: Dice): void {
    const { builder } = this;
    const type = anyType(builder, dice);
    const name = builder.name('maybe');
    builder.use('conditional expression');
    builder.line(`const ${name} = ${builder.call('c')} ? ${bytes(builder, dice, type)} : undefined;`);
    builder.scope.declare(name, 'optional', type, false);
  }

  #closure(dice: Dice): void {
    const { builder } = this;
    const place = anyPlace(builder, dice);
    if (place === undefined) return;
    place.isCaptured = true;
    if (dice.isOneIn(2)) {
      const name = builder.name('put');
      builder.line(`const ${name} = () => { ${writeTo(builder, dice, place.text, place.type)} };`);
      builder.scope.declare(name, 'writer', place.type, false);
    } else {
      const name = builder.name('get');
      const text = bytes(builder, dice, place.type);
      // A closure decides anew at each call: fine, as long as nothing that it names is gone by then.
      builder.line(`const ${name} = () => ${text};`);
      builder.scope.declare(name, 'reader', place.type, false);
    }
  }

  #if(dice: Dice, raw: Raw): void {
    const { builder } = this;
    builder.use('if');
    const parts: [string, () => void][] = [
      [
        `if (${this.#test(dice)}) {`,
        () => {
          this.all(raw.kids);
        },
      ],
    ];
    if (raw.more.length > 0 && dice.isOneIn(2)) {
      parts.push([
        '} else {',
        () => {
          this.all(raw.more);
        },
      ]);
    }
    builder.chain(parts);
  }

  /** A condition that several branches share: not every combination of branches is a path. */
  #flag(): void {
    const { builder } = this;
    const name = builder.name('flag');
    builder.line(`const ${name} = ${builder.call('c')};`);
    builder.scope.declare(name, 'flag', 'Buffer', false);
  }

  #unknownCallee(dice: Dice): void {
    const { builder } = this;
    const place = anyPlace(builder, dice);
    if (place === undefined || !dice.isOneIn(2)) {
      this.#write(dice);
      return;
    }
    builder.isBranchExact = false;
    builder.use('unknown callee');
    builder.line(`inspect(${place.text});`);
  }

  #test(dice: Dice): string {
    const { builder } = this;
    const flag = builder.scope.all('flag')[0];
    if (flag === undefined || dice.isOneIn(3)) return builder.call('c');
    builder.isBranchExact = false;
    builder.use('correlated branches');
    return flag.text;
  }

  #earlyReturn(dice: Dice): void {
    const { builder, context } = this;
    builder.use('early return');
    if (context.returns !== undefined && !context.isGenerator) {
      builder.hasEscape = true;
      builder.use(context.returns);
      builder.line(`if (${builder.call('c')}) return ${value(builder, dice)};`);
    } else {
      builder.line(`if (${builder.call('c')}) return;`);
    }
  }

  /** Gives something away, in one of the ways that the function has. */
  escape(dice: Dice): void {
    const { builder, context } = this;
    const outlets = [...context.outlets].filter((outlet) => outlet !== 'return' && outlet !== 'sink' && outlet !== 'file');
    const outlet = outlets[dice.roll(Math.max(1, outlets.length))];
    if (outlet === undefined) {
      this.#write(dice);
      return;
    }
    builder.hasEscape = true;
    switch (outlet) {
      case 'yield':
        builder.use(context.isAsync ? 'yield in async generator' : 'yield');
        builder.line(`yield ${value(builder, dice)};`);
        break;
      case 'cb':
        builder.use('callback');
        builder.line(`cb(null, ${value(builder, dice)});`);
        break;
      case 'out':
        builder.use('collector');
        this.#collect(dice);
        break;
      case 'emitter':
        builder.use('emit');
        builder.line(`emitter.emit('data', ${value(builder, dice)});`);
        break;
      case 'controller':
        builder.use('enqueue');
        builder.line(`controller.enqueue(${value(builder, dice)});`);
        break;
      case 'this.push':
        builder.use('Readable#push');
        builder.line(`this.push(${bytes(builder, dice, anyType(builder, dice))});`);
        break;
      case 'this.emit':
        builder.use('emit');
        builder.line(`this.emit('data', ${value(builder, dice)});`);
        break;
    }
  }

  #collect(dice: Dice): void {
    const { builder } = this;
    const type = anyType(builder, dice);
    const place = anyPlace(builder, dice, type);
    if (place !== undefined && dice.isOneIn(5)) builder.line(`${builder.helper('give', type)}(out, ${place.text});`);
    else builder.line(`out.push(${value(builder, dice)});`);
  }
}

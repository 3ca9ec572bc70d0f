import type { Builder, FunctionContext } from './builder.js';
import type { Dice } from './dice.js';
import { anyPlace, anyType, bytes, value } from './expressions.js';

/** @returns whether some promise is in sight */
export function hasPromises(builder: Builder): boolean {
  return builder.scope.all('promise').length > 0 || builder.scope.all('promises').length > 0;
}

/** @returns a call that gives a promise, and goes on with the bytes it is given until that settles */
function sending(builder: Builder, dice: Dice, { outlets }: FunctionContext): string {
  const forms: [number, 'sink' | 'file' | 'later' | 'passLater'][] = [];
  if (outlets.has('sink')) forms.push([8, 'sink']);
  if (outlets.has('file')) forms.push([8, 'file']);
  forms.push([3, 'later'], [1, 'passLater']);
  const form = dice.pick(forms);
  if (form === 'sink') {
    builder.hasEscape = true;
    return `sink(${value(builder, dice, false)})`;
  }
  const type = anyType(builder, dice);
  if (form === 'file') {
    builder.hasEscape = true;
    builder.use('write in flight');
    return `file.write(${bytes(builder, dice, type)})`;
  }
  return `${builder.helper(form, type)}(${bytes(builder, dice, type)})`;
}

/** Begins something that takes time, or waits for what was begun. */
export function writePromise(builder: Builder, dice: Dice, context: FunctionContext): void {
  const promises = builder.scope.all('promise');
  const lists = builder.scope.all('promises');
  const forms: [number, 'await' | 'void' | 'later' | 'list' | 'push' | 'await later' | 'all' | 'each'][] = [[4, 'await'], [2, 'void'], [5, 'later'], [5, 'list']];
  if (promises.length > 0) forms.push([6, 'await later']);
  if (lists.length > 0) forms.push([4, 'push'], [14, 'all'], [14, 'each']);
  switch (dice.pick(forms)) {
    case 'await':
      builder.use('sink awaited', 'await');
      builder.line(`await ${sending(builder, dice, context)};`);
      break;
    case 'void':
      builder.use('sink not awaited');
      builder.line(`void ${sending(builder, dice, context)};`);
      break;
    case 'later': {
      const name = builder.name('done');
      builder.line(`const ${name} = ${sending(builder, dice, context)};`);
      builder.scope.declare(name, 'promise', 'Buffer', false);
      break;
    }
    case 'list': {
      const name = builder.name('all');
      builder.line(`const ${name}‹: Promise<unknown>[]› = [${sending(builder, dice, context)}];`);
      builder.scope.declare(name, 'promises', 'Buffer', false);
      break;
    }
    case 'push':
      builder.line(`${lists[0]?.text ?? ''}.push(${sending(builder, dice, context)});`);
      break;
    case 'await later':
      builder.use('sink awaited later', 'await');
      builder.line(`await ${promises[0]?.text ?? ''};`);
      break;
    case 'all':
      builder.use('Promise.all', 'await');
      builder.line(`await Promise.${dice.isOneIn(4) ? 'allSettled' : 'all'}(${lists[0]?.text ?? ''});`);
      break;
    case 'each':
      builder.use('promises awaited one by one', 'await');
      builder.line(`for (const one of ${lists[0]?.text ?? ''}) await one;`);
      break;
  }
}

/** Work that goes on while this function does: nobody waits for it. What it looks at, it has borrowed. */
export function writeTask(builder: Builder, dice: Dice): void {
  const place = anyPlace(builder, dice);
  if (place === undefined) return;
  const text = dice.isOneIn(2) ? `${place.text}.subarray(0, 4)` : place.text;
  switch (dice.pick([[3, 'later'], [2, 'timer'], [1, 'immediate'], [1, 'microtask'], [2, 'then'], [2, 'closure']] as const)) {
    case 'later':
      builder.line(`void ${builder.helper('later', place.type)}(${text});`);
      break;
    case 'timer':
      builder.use('timer');
      builder.line(`setTimeout(() => { look(${text}); }, 9);`);
      break;
    case 'immediate':
      builder.use('timer');
      builder.line(`setImmediate(() => { look(${text}); });`);
      break;
    case 'microtask':
      builder.use('microtask');
      builder.line(`queueMicrotask(() => { look(${text}); });`);
      break;
    case 'then':
      builder.use('then');
      builder.line(`void ${builder.call('slow')}.then(() => { look(${text}); });`);
      break;
    case 'closure':
      builder.use('spawned closure');
      builder.line(`void (async () => { await ${builder.call('slow')}; look(${text}); })();`);
      break;
  }
}

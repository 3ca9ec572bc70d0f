import type { Builder } from './builder.js';
import type { Dice } from './dice.js';
import type { Raw } from './raw.js';
import type { StatementWriter } from './statements.js';

/** Writes a loop; how often it turns is open, as every test is opaque. */
export function writeLoop(writer: StatementWriter, dice: Dice, raw: Raw): void {
  const { builder, context } = writer;
  const label = dice.isOneIn(3) ? builder.name('loop') : undefined;
  const prefix = label === undefined ? '' : `${label}: `;
  const body = (): void => {
    builder.loops.push({ label });
    writer.all(raw.kids);
    builder.loops.pop();
  };
  const forms: [number, 'while' | 'for' | 'do' | 'for-of' | 'endless' | 'for-await'][] = [[4, 'while'], [2, 'for'], [2, 'do'], [3, 'for-of'], [3, 'endless']];
  if (context.isAsync) forms.push([3, 'for-await']);
  const form = dice.pick(forms);
  switch (form) {
    case 'while':
      builder.use('while');
      builder.block(`${prefix}while (${builder.call('c')}) {`, body);
      break;
    case 'for': {
      const index = builder.name('i');
      builder.use('for');
      builder.block(`${prefix}for (let ${index} = 0; ${builder.call('c')}; ${index}++) {`, body);
      break;
    }
    case 'do':
      builder.use('do');
      builder.block(`${prefix}do {`, body, `} while (${builder.call('c')});`);
      break;
    case 'for-of':
      builder.use('for-of');
      builder.block(`${prefix}for (const ${builder.name('item')} of ${builder.call('items')}) {`, body);
      break;
    case 'for-await':
      builder.use('for-await');
      builder.block(`${prefix}for await (const ${builder.name('item')} of ${builder.call('arrivals')}) {`, body);
      break;
    case 'endless':
      builder.use('endless loop', 'break');
      builder.block(`${prefix}for (;;) {`, () => {
        builder.line(`if (${builder.call('c')}) break;`);
        body();
      });
      break;
  }
}

/** Leaves or goes on with a loop, by its label where it has one. */
export function writeJump(builder: Builder, dice: Dice): void {
  const labels = builder.loops.flatMap(({ label }) => (label === undefined ? [] : [label]));
  const label = labels[dice.roll(Math.max(1, labels.length))];
  const keyword = dice.isOneIn(2) ? 'break' : 'continue';
  builder.use(keyword);
  if (label !== undefined) builder.use('labelled jump');
  builder.line(`if (${builder.call('c')}) ${keyword}${label === undefined ? '' : ` ${label}`};`);
}

/** A switch whose first case falls through, or not. */
export function writeSwitch(writer: StatementWriter, dice: Dice, raw: Raw): void {
  const { builder } = writer;
  const falls = !dice.isOneIn(2);
  // A bare `continue` inside is the loop's; a bare `break` would be the switch's: the jumps written here are all conditional, so both are fine.
  builder.block(`switch (${builder.call('pick')}) {`, () => {
    builder.block('case 0: {', () => {
      writer.all(raw.kids);
      if (!falls) builder.line('break;');
    });
    if (falls) builder.use('switch fall-through');
    builder.block('case 1: {', () => {
      writer.all(raw.more);
      builder.line('break;');
    });
    builder.line('default:');
  });
}

/** try/catch, try/finally or both. What may throw on purpose stands first, in the middle or last. */
export function writeTry(writer: StatementWriter, dice: Dice, raw: Raw): void {
  const { builder } = writer;
  const form = dice.pick([[3, 'catch'], [3, 'finally'], [1, 'both']] as const);
  const throwAt = dice.roll(raw.kids.length + 1);
  const body = (): void => {
    raw.kids.forEach((kid, index) => {
      if (index === throwAt) builder.line(`${builder.call('t')};`);
      writer.one(kid);
    });
    if (throwAt === raw.kids.length) builder.line(`${builder.call('t')};`);
  };
  const handler = (): void => {
    writer.all(raw.more);
  };
  const cleanUp = (): void => {
    const outer = builder.isInFinally;
    builder.isInFinally = true;
    writer.all(raw.more);
    builder.isInFinally = outer;
  };
  if (form !== 'finally') builder.use('try/catch');
  if (form !== 'catch') builder.use('try/finally');
  const parts: [string, () => void][] = [['try {', body]];
  if (form !== 'finally') parts.push(['} catch {', handler]);
  if (form !== 'catch') parts.push(['} finally {', cleanUp]);
  builder.chain(parts);
}

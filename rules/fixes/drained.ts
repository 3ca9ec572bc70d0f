import type { FixContext } from './context.js';
import type { Draft } from './draft.js';
import { freeName } from './imports.js';
import { stepIn } from './layout.js';

/**
 * A function of the file that waits until a stream has room again: one that is there, or one that is declared behind the imports. The
 * platform has none that ends where the stream is closed: `once(stream, 'drain')` waits for ever.
 *
 * @param draft - what is to change in the file
 * @param context - the file
 * @returns its name
 */
export function declareDrained(draft: Draft, context: FixContext): string {
  const text = folded(context.text);
  for (let name = 'drained'; !context.isUnused(name); name += '_') if (text.includes(folded(written(name, context)))) return name;
  const name = freeName('drained', context);
  const { at, before, after } = context.importSlot;
  const { newline } = context.style;
  const declared = `${comment(context)}${newline}${written(name, context)}`;
  draft.replace({ start: at, end: at }, before === '' ? `${declared}${after}` : `${before}${newline}${declared}${after}`);
  return name;
}

const purpose = 'Waits until a stream has room again, or is closed and never will have.';

function comment({ isTyped, style }: FixContext): string {
  if (isTyped) return `/** ${purpose} */`;
  return ['/**', ` * ${purpose}`, ' *', ' * @param {NodeJS.EventEmitter & { destroyed?: boolean }} stream', ' * @returns {Promise<void>}', ' */'].join(style.newline);
}

function written(name: string, { text, isTyped, style }: FixContext): string {
  const { quote, semicolon, newline } = style;
  const step = stepIn(text);
  const events = (method: string): string => `stream.${method}(${quote}drain${quote}, settle).${method}(${quote}close${quote}, settle)${semicolon}`;
  return [
    isTyped ? `function ${name}(stream: NodeJS.EventEmitter & { readonly destroyed?: boolean }): Promise<void> {` : `function ${name}(stream) {`,
    `${step}return new Promise((resolve) => {`,
    `${step}${step}const settle = ()${isTyped ? ': void' : ''} => {`,
    `${step}${step}${step}${events('off')}`,
    `${step}${step}${step}resolve()${semicolon}`,
    `${step}${step}}${semicolon}`,
    `${step}${step}if (stream.destroyed) resolve()${semicolon}`,
    `${step}${step}else ${events('on')}`,
    `${step}})${semicolon}`,
    '}',
  ].join(newline);
}

/** However it is laid out. */
function folded(text: string): string {
  return text.replaceAll(/[\s;]+/g, '').replaceAll('"', "'");
}

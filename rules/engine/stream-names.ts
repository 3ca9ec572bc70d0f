import type { ModuleIr } from './ir/index.js';

/** Words without which no file has a stream in its hands. */
const streamWords = /[Rr]eadable|[Dd]uplex|[Ss]tream|^Transform|PassThrough/;

const known = new WeakMap<ModuleIr, boolean>();

/**
 * Whether a file can have a stream in its hands, as far as the names in it tell: of what it imports, extends, constructs and refers to.
 *
 * @param module - the file
 * @returns false where nothing speaks of streams
 */
export function namesStreams(module: ModuleIr): boolean {
  let answer = known.get(module);
  if (answer === undefined) known.set(module, (answer = speaksOfStreams(module)));
  return answer;
}

function speaksOfStreams({ classes, functions, top }: ModuleIr): boolean {
  const isNamed = (names: Iterable<string>): boolean => [...names].some((name) => streamWords.test(name));
  if (classes.some(({ superNames }) => isNamed(superNames))) return true;
  if (functions.some(({ outline }) => isNamed(outline.freeNames) || isNamed(outline.constructed))) return true;
  const instructions = (top.body?.blocks ?? []).flatMap((block) => block.instructions);
  return instructions.some((one) => (one.op === 'import' && streamWords.test(one.specifier)) || (one.op === 'literal' && typeof one.value === 'string' && /stream/.test(one.value)));
}

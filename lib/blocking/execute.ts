import type { BlockingContext, BlockingTask } from './protocol.js';

type BlockingFunction = (input: unknown, context: BlockingContext) => unknown;

/** Functions found, by the module's URL and their name: importing again costs a turn of the loop. */
const found = new Map<string, BlockingFunction>();

/** The function of a task, if it was looked up before. */
export function knownFunction({ module, name }: BlockingTask): BlockingFunction | undefined {
  return found.get(`${module}#${name}`);
}

/**
 * The function of a task.
 *
 * @throws {TypeError} when the module exports no such function
 * @throws whatever loading the module throws
 */
export async function findFunction({ module, name }: BlockingTask): Promise<BlockingFunction> {
  const namespace = (await import(/* webpackIgnore: true */ /* @vite-ignore */ module)) as Readonly<Record<string, unknown>>;
  const exported = namespace[name];
  if (typeof exported !== 'function') throw new TypeError(`${module} exports no function named ${name}`);
  found.set(`${module}#${name}`, exported as BlockingFunction);
  return exported as BlockingFunction;
}

/** What a function is given beside its input, and what it gave away. */
export class Context implements BlockingContext {
  readonly moved: object[] = [];
  readonly #isCancelled: () => boolean;

  constructor(isCancelled: () => boolean) {
    this.#isCancelled = isCancelled;
  }

  get cancelled(): boolean {
    return this.#isCancelled();
  }

  throwIfCancelled(): void {
    if (this.#isCancelled()) throw new DOMException('the caller has given up', 'AbortError');
  }

  move(...transferables: readonly object[]): void {
    this.moved.push(...transferables);
  }
}

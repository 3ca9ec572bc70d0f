import { isUsable } from './bytes.js';
import type { Corruption, Site } from './recorder.js';

/** Notices uses of memory that was transferred, or that grew or shrank away. */
export class GoneMemory {
  /** The first use of each memory that was not there any more. */
  readonly uses: Corruption[] = [];
  /** Later uses of the same memory. */
  readonly laterUses: Corruption[] = [];
  readonly #known = new WeakSet<ArrayBufferLike>();
  /** What is used instead of gone memory, and that memory. */
  readonly #standIns = new WeakMap<ArrayBufferLike, ArrayBufferLike>();
  /** The use for which something stands in. */
  readonly #usesOf = new WeakMap<ArrayBufferLike, { readonly callers: Site[] }>();

  /**
   * Work looks at a view that it was given: where the memory is gone, this is a use, too. What was gone when the work was begun may
   * be told of at either place.
   */
  useByWork(view: Uint8Array, site: Site, callers: readonly Site[]): void {
    this.#usesOf.get(view.buffer)?.callers.push(site);
    if (this.#standIns.has(view.buffer) || !isUsable(view)) this.laterUses.push({ site, callers, by: site });
  }

  /**
   * A view is used.
   * @returns it, or another one where its memory is gone: the run goes on, so that what follows is seen, too
   */
  use<T extends Uint8Array>(value: T, site: Site, callers: readonly Site[]): T {
    const isThere = isUsable(value);
    const lost = this.#standIns.get(value.buffer) ?? (isThere ? undefined : value.buffer);
    if (lost === undefined) return value;
    const use = { site, callers: [...callers], by: site };
    (this.#known.has(lost) ? this.laterUses : this.uses).push(use);
    this.#known.add(lost);
    if (isThere) return value;
    const standIn = new Uint8Array(8);
    this.#standIns.set(standIn.buffer, lost);
    this.#usesOf.set(standIn.buffer, use);
    return standIn as unknown as T;
  }

}

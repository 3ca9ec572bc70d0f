declare const owned: unique symbol;
declare const borrowed: unique symbol;

/**
 * Bytes that nobody else refers to: they may cross an `await`, a queue or a thread.
 *
 * A brand: it exists for the type checker only and costs nothing at run time. An `Owned<T>` can be used wherever a `T` can; a `T`
 * becomes an `Owned<T>` through `snapshot`.
 */
export type Owned<T> = T & { readonly [owned]: true };

/**
 * A value that is valid until the function that received it returns.
 *
 * Write it in the signature of a callback whose argument will be overwritten: `(message: Borrowed<Uint8Array>) => void`. Any `T` can
 * be passed, and the parameter can be read like a `T`; a function that asks for an `Owned<T>` does not accept it.
 */
export type Borrowed<T> = T & { readonly [borrowed]?: true };

/**
 * An async iterable whose items are valid until the next one is asked for.
 *
 * A generator typed to lend may reuse one buffer for every item; whoever iterates it takes a `snapshot` of what it wants to keep.
 */
export type Lending<T> = AsyncIterable<Borrowed<T>, void, undefined>;

/**
 * Bytes to look at: what a `Uint8Array` offers without its setters, its buffer and its methods that share memory. Any `Uint8Array`
 * can be passed as one.
 */
export interface ReadonlyBytes {
  /** In bytes. */
  readonly length: number;
  readonly [index: number]: number;
  /** The byte at an index, counted from the end when negative; `undefined` outside. */
  at(index: number): number | undefined;
  [Symbol.iterator](): IterableIterator<number>;
}

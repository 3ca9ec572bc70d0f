/** A promise, and the hands that settle it. */
export interface Deferred<R> {
  readonly promise: Promise<R>;
  readonly resolve: (value: R | PromiseLike<R>) => void;
  readonly reject: (reason: unknown) => void;
}

/** What `Promise.withResolvers` gives on newer engines. */
export function deferred<R = void>(): Deferred<R> {
  let resolve!: (value: R | PromiseLike<R>) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<R>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

import type { BlockingContext } from 'borrowck-runtime';

/** Where the functions are that the tests run in threads. */
export const MODULE = new URL('./functions.mjs', import.meta.url);

interface Signs {
  /** Shared: 1 at 0 once it runs, at 1 once it stopped. */
  readonly signs: Int32Array;
}

export interface Functions {
  describe(input: { bytes: ArrayBufferView | ArrayBufferLike }): { kind: string; bytes: number[]; held: number };
  echo(input: unknown): unknown;
  add(input: { a: number; b: number }): number;
  later(input: string): Promise<string>;
  thenable(input: string): PromiseLike<string>;
  spin(input: Signs, context: BlockingContext): string;
  check(input: undefined, context: BlockingContext): boolean;
  hang(input: Signs): never;
  fail(message: string): never;
  failLater(message: string): Promise<never>;
  exit(code: number): never;
  crash(): Promise<never>;
  fill(): never;
  uncloneable(): unknown;
  part(length: number): Uint8Array;
  scratchLength(): number;
  moved(length: number, context: BlockingContext): { bytes: Uint8Array };
  missing(): never;
  notAFunction(): never;
}

export const signs = (): Int32Array => new Int32Array(new SharedArrayBuffer(8));

/** Settles when a thread has given the sign. */
export async function sign(shared: Int32Array, at: number): Promise<void> {
  while (Atomics.load(shared, at) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
}

import { describe, expectTypeOf, test } from 'vitest';
import type { Arena, ArenaRef, Blocking, BlockingContext, Borrowed, ByteArena, ByteRef, Bytes, Owned, ReadonlyBytes, Receiver, workerStream } from '../../../lib/index.js';

// Checked by the compiler with the rest of the tests; at run time there is nothing to see.
describe('types', () => {
  test('refs to different things do not mix', () => {
    expectTypeOf<ArenaRef<string>>().not.toExtend<ArenaRef<number>>();
    expectTypeOf<ArenaRef<'a'>>().toExtend<ArenaRef<string>>();
    expectTypeOf<ArenaRef<string>>().not.toExtend<ByteRef>();
    expectTypeOf<Arena<number>['get']>().returns.toEqualTypeOf<number | undefined>();
    expectTypeOf<Arena<number>['deref']>().returns.toEqualTypeOf<number>();
  });

  test('a block is lent, a copy is owned', () => {
    expectTypeOf<Parameters<Parameters<ByteArena['with']>[1]>[0]>().toEqualTypeOf<Borrowed<ReadonlyBytes>>();
    expectTypeOf<Borrowed<ReadonlyBytes>>().not.toExtend<Owned<ReadonlyBytes>>();
    expectTypeOf<Bytes['toUint8Array']>().returns.toEqualTypeOf<Owned<Uint8Array<ArrayBuffer>>>();
  });

  test('bytes to look at have no setter and no buffer', () => {
    expectTypeOf<Uint8Array>().toExtend<ReadonlyBytes>();
    expectTypeOf<ReadonlyBytes>().not.toExtend<Uint8Array>();
    expectTypeOf<ReadonlyBytes>().not.toHaveProperty('buffer');
    expectTypeOf<ReadonlyBytes>().not.toHaveProperty('set');
  });

  test('functions of a module are called with their input, and promise their result', () => {
    interface Module {
      hash(input: string, context: BlockingContext): number;
      load(input?: URL): Promise<string>;
      now(): Date;
      readonly version: string;
    }
    expectTypeOf<keyof Blocking<Module>>().toEqualTypeOf<'hash' | 'load' | 'now'>();
    expectTypeOf<Blocking<Module>['hash']>().parameter(0).toEqualTypeOf<string>();
    expectTypeOf<Blocking<Module>['hash']>().returns.toEqualTypeOf<Promise<number>>();
    expectTypeOf<Blocking<Module>['load']>().returns.toEqualTypeOf<Promise<string>>();
    expectTypeOf<Blocking<Module>['load']>().toBeCallableWith();
    expectTypeOf<Blocking<Module>['now']>().toBeCallableWith();
    expectTypeOf<typeof workerStream<number>>().returns.toEqualTypeOf<Receiver<number>>();
  });
});

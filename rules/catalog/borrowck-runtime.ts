import type { ModuleData } from '../engine/contracts/catalog-format.js';
import { fresh, gives, opaque } from './shorthand.js';

/** What the fixes rewrite to. */
export const borrowckRuntime: ModuleData = {
  module: 'borrowck-runtime',
  exports: {
    snapshot: { call: gives(fresh('Uint8Array')) },
    DetachedBufferError: { construct: gives(opaque) },
  },
};

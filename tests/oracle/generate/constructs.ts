/**
 * Everything the generator can write that the engine must get right. A run counts in how many programs each occurs, and fails
 * when one has become rare.
 */
export const constructs = [
  // memory
  'Buffer', 'Uint8Array', 'ArrayBuffer', 'alloc in function', 'alloc in loop', 'module buffer', 'field buffer', 'closure buffer', 'parameter buffer',
  'rebinding to fresh memory', 'rebinding to another view',
  // views and copies
  'subarray', 'Buffer#slice', 'Uint8Array#slice', 'new Uint8Array(ab)', 'Buffer.from(ab)', 'copy',
  // writes
  'fill', 'set', 'element store', 'copy target', 'write through a view', 'write through an alias', 'helper that writes', 'closure that writes', 'DataView write',
  // escapes
  'yield', 'yield in async generator', 'return from export', 'return from method', 'callback', 'collector', 'emit', 'enqueue', 'Readable#push', 'Transform callback',
  'sink not awaited', 'sink awaited', 'sink awaited later', 'Promise.all', 'promises awaited one by one',
  'spawned work', 'spawned closure', 'timer', 'microtask', 'then', 'write in flight',
  // control flow
  'if', 'for', 'while', 'do', 'for-of', 'for-await', 'endless loop', 'labelled jump', 'break', 'continue', 'switch fall-through', 'try/catch', 'try/finally', 'early return', 'await',
  // memory that goes away
  'transfer', 'structuredClone', 'postMessage', 'buffer.transfer()', 'helper that moves', 'wasm growth', 'resize', 'view derived anew',
  // values
  'conditional expression', 'nullish expression', 'optional chain', 'default value', 'object destructuring', 'array destructuring', 'object spread', 'array spread',
  'object field', 'array element', 'nested container', 'local array push',
  // functions
  'helper that views', 'helper that copies', 'helper that returns its argument', 'helper that wraps', 'helper that hands over', 'helper of a helper', 'slice helper', 'helper in second file',
  'closure that views', 'captured variable rebound', 'private method', 'factory',
  // pools
  'moving pool', 'wrapping ring', 'refilled in place',
  // not branch-exact
  'correlated branches', 'unknown callee',
  // printing
  'ESM', 'CommonJS',
] as const;

export type Construct = (typeof constructs)[number];

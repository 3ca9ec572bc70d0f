export { DetachedBufferError } from './errors.js';
export { snapshot } from './snapshot.js';
export type { Borrowed, Lending, Owned } from './types.js';

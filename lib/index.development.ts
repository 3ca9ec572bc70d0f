/** What bundlers and `node --conditions=development` take for `borrowck-runtime`: the same, and it tells of handles that were never closed. */
import { watchLeaks } from './leaks.js';

watchLeaks();

export * from './index.js';

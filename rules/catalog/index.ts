import type { ModuleData } from '../engine/contracts/catalog-format.js';
import { globalBytes } from './global-bytes.js';
import { globalBuffer, nodeBuffer } from './node-buffer.js';
import { nodeEvents } from './node-events.js';
import { nodeFs } from './node-fs.js';
import { nodeFsPromises } from './node-fs-promises.js';
import { nodeStream, nodeStreamPromises } from './node-stream.js';

/** Every module the catalog knows. Several files may add to `global`. */
export const catalogModules: readonly ModuleData[] = [
  globalBytes,
  globalBuffer,
  nodeBuffer,
  nodeEvents,
  nodeFs,
  nodeFsPromises,
  nodeStream,
  nodeStreamPromises,
];

import type { ModuleData } from '../engine/contracts/catalog-format.js';
import { borrowckRuntime } from './borrowck-runtime.js';
import { globalBytes } from './global-bytes.js';
import { globalCollections, nodeTimers, nodeTimersPromises } from './global-collections.js';
import { globalStreams, nodeStreamConsumers, nodeStreamWeb, nodeWorkerThreads } from './global-streams.js';
import { globalBuffer, nodeBuffer } from './node-buffer.js';
import { nodeCrypto } from './node-crypto.js';
import { nodeEvents } from './node-events.js';
import { nodeFs } from './node-fs.js';
import { nodeFsPromises } from './node-fs-promises.js';
import { nodeHttp, nodeHttps, nodeZlib } from './node-http.js';
import { nodeChildProcess, nodeDgram, nodeNet, nodeTls } from './node-net.js';
import { globalNodeStreams, nodeStream, nodeStreamPromises } from './node-stream.js';
import { globalProcess, nodeProcess, nodeStringDecoder, nodeUtil } from './node-util.js';

/** Every module the catalog knows. Several files may add to `global`. */
export const catalogModules: readonly ModuleData[] = [
  borrowckRuntime,
  globalBytes,
  globalBuffer,
  globalCollections,
  globalStreams,
  globalNodeStreams,
  globalProcess,
  nodeBuffer,
  nodeChildProcess,
  nodeCrypto,
  nodeDgram,
  nodeEvents,
  nodeFs,
  nodeFsPromises,
  nodeHttp,
  nodeHttps,
  nodeNet,
  nodeProcess,
  nodeStream,
  nodeStreamConsumers,
  nodeStreamPromises,
  nodeStreamWeb,
  nodeStringDecoder,
  nodeTimers,
  nodeTimersPromises,
  nodeTls,
  nodeUtil,
  nodeWorkerThreads,
  nodeZlib,
];

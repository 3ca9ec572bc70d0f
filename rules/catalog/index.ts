import type { ModuleData } from '../engine/contracts/catalog-format.js';
import { filePackages } from './blocking-files.js';
import { workPackages } from './blocking-work.js';
import { borrowckRuntime } from './borrowck-runtime.js';
import { globalAtomics, globalBytes } from './global-bytes.js';
import { globalCollections, nodeTimers, nodeTimersPromises } from './global-collections.js';
import { globalStreams, nodeStreamConsumers, nodeStreamWeb, nodeWorkerThreads } from './global-streams.js';
import { globalBuffer, nodeBuffer } from './node-buffer.js';
import { nodeCrypto } from './node-crypto.js';
import { nodeEvents } from './node-events.js';
import { nodeFs } from './node-fs.js';
import { nodeFsPromises } from './node-fs-promises.js';
import { nodeHttp, nodeHttps, nodeZlib } from './node-http.js';
import { nodeChildProcess, nodeDgram, nodeNet, nodeTls } from './node-net.js';
import { nodeAssert, nodeDiagnosticsChannel, nodeHttp2, nodeOs, nodePath, nodeTty, nodeUrl } from './node-plain.js';
import { globalNodeStreams, nodeStream, nodeStreamPromises } from './node-stream.js';
import { globalProcess, nodeProcess, nodeStringDecoder, nodeUtil } from './node-util.js';
import { cborX, flatbuffers, msgpack, msgpackr, wasmMediaEncoders } from './codecs.js';
import { electron, pyodide, sqliteWasm, stdIo, waSqlite } from './lending-runtimes.js';
import { lmdb, nodeLmdb } from './lmdb.js';
import { comlink, duckdb, ffmpeg, fflate, pdfjs } from './moving-packages.js';
import { denoCore, globalPrimordials } from './primordials.js';
import { queuePackages } from './queue-packages.js';
import { handlerPackages } from './request-handlers.js';
import { uwebsockets } from './uwebsockets.js';
import { globalFrames, globalLent } from './web-lent.js';

/** Every module the catalog knows. Several files may add to `global`. */
export const catalogModules: readonly ModuleData[] = [
  borrowckRuntime,
  denoCore,
  globalAtomics,
  globalBytes,
  globalBuffer,
  globalCollections,
  globalStreams,
  globalNodeStreams,
  globalPrimordials,
  globalProcess,
  nodeAssert,
  nodeBuffer,
  nodeChildProcess,
  nodeCrypto,
  nodeDgram,
  nodeDiagnosticsChannel,
  nodeEvents,
  nodeFs,
  nodeFsPromises,
  nodeHttp,
  nodeHttp2,
  nodeHttps,
  nodeNet,
  nodeOs,
  nodePath,
  nodeProcess,
  nodeStream,
  nodeStreamConsumers,
  nodeStreamPromises,
  nodeStreamWeb,
  nodeStringDecoder,
  nodeTimers,
  nodeTimersPromises,
  nodeTls,
  nodeTty,
  nodeUrl,
  nodeUtil,
  nodeWorkerThreads,
  nodeZlib,
  ...filePackages,
  ...workPackages,
  ...handlerPackages,
  ...queuePackages,
  cborX,
  comlink,
  duckdb,
  electron,
  ffmpeg,
  fflate,
  flatbuffers,
  globalFrames,
  globalLent,
  lmdb,
  msgpack,
  msgpackr,
  nodeLmdb,
  pdfjs,
  pyodide,
  sqliteWasm,
  stdIo,
  uwebsockets,
  waSqlite,
  wasmMediaEncoders,
];

/** What crosses without a copy: an ArrayBuffer, a MessagePort and their like. */
export type Transferable = object;

/** A thread, as seen from the one that started it. */
export interface Thread {
  /**
   * @throws {DOMException} a `DataCloneError` for what cannot cross; nothing was sent then
   */
  post(message: unknown, transfer: readonly Transferable[]): void;
  /** Ends the thread where it stands. Its end is still reported. */
  terminate(): void;
  /** Keeps the process alive, or not, as long as the thread runs. A page lives as it pleases. */
  keepAlive(isNeeded: boolean): void;
}

/** What is heard of a thread. */
export interface ThreadEvents {
  message(message: unknown): void;
  /** Once, and nothing after it. */
  ended(exitCode: number | undefined, cause: unknown): void;
}

/** The other side: how a thread talks to the one that started it. */
export interface Host {
  post(message: unknown, transfer: readonly Transferable[]): void;
  listen(hear: (message: unknown) => void): void;
  /** Stops listening, so that the thread can end by itself. */
  close(): void;
}

/** What a Web Worker has that is used here, on both sides. */
interface WebPort {
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onmessageerror: (() => void) | null;
}

interface WebWorker extends WebPort {
  onerror: ((event: { readonly message?: string; readonly error?: unknown; preventDefault(): void }) => void) | null;
  terminate(): void;
}

/** Node's threads, which Deno and Bun have too; looked up, not imported, so that a page can load this file. */
function nodeThreads() {
  return typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:worker_threads');
}

type NodeWorker = InstanceType<NonNullable<ReturnType<typeof nodeThreads>>['Worker']>;

/** Starts a thread that runs a module. */
export function openThread(module: URL, events: ThreadEvents): Thread {
  const node = nodeThreads();
  return node === undefined ? openWebWorker(module, events) : openNodeWorker(new node.Worker(module), events);
}

function openNodeWorker(worker: NodeWorker, events: ThreadEvents): Thread {
  let cause: unknown;
  worker.on('message', events.message);
  worker.on('messageerror', (error) => {
    cause = error;
    void worker.terminate();
  });
  worker.on('error', (error: unknown) => {
    cause = error;
  });
  worker.on('exit', (exitCode) => events.ended(exitCode, cause));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as ArrayBuffer[]),
    terminate: () => void worker.terminate(),
    keepAlive: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
  };
}

function openWebWorker(module: URL, events: ThreadEvents): Thread {
  const { Worker } = globalThis as unknown as { readonly Worker: new (module: URL, options: { readonly type: 'module' }) => WebWorker };
  const worker = new Worker(module, { type: 'module' });
  let hasEnded = false;
  // A Web Worker does not say that it was terminated; whoever does it says so here.
  const end = (cause: unknown): void => {
    if (hasEnded) return;
    hasEnded = true;
    worker.terminate();
    events.ended(undefined, cause);
  };
  worker.onmessage = ({ data }) => events.message(data);
  worker.onmessageerror = () => end(new TypeError('a message from the thread could not be read'));
  worker.onerror = (event) => {
    event.preventDefault();
    end(event.error ?? new Error(event.message ?? `the thread could not run ${module.href}`));
  };
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => queueMicrotask(() => end(undefined)),
    keepAlive: () => undefined,
  };
}

/** The side of the thread that calls it. */
export function hostOfThread(): Host {
  const port = nodeThreads()?.parentPort;
  if (port !== undefined && port !== null) {
    return {
      post: (message, transfer) => port.postMessage(message, transfer as ArrayBuffer[]),
      listen: (hear) => void port.on('message', hear),
      // Deno's has no close of its own: there the thread itself is closed.
      close: () => (typeof port.close === 'function' ? port.close() : (globalThis as unknown as { close(): void }).close()),
    };
  }
  const self = globalThis as unknown as WebPort & { close(): void };
  return {
    post: (message, transfer) => self.postMessage(message, transfer),
    listen: (hear) => (self.onmessage = ({ data }) => hear(data)),
    close: () => self.close(),
  };
}

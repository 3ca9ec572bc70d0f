import type { LoopEntry } from '../contracts/contract.js';
import type { ClassIr, FunctionIr, ModuleIr } from '../ir/index.js';
import { isTestFile } from '../test-files.js';
import type { World } from '../world.js';
import { nameOf } from './calls.js';
import type { ProgramFile } from './files.js';
import { fromStaticType, type Values } from './values.js';
import type { Use, Uses } from './uses.js';

/** Code that the event loop runs while other work waits: an `async` function, or a function that the loop calls. */
export type Context = LoopEntry | 'async' | 'extension';

/**
 * Why nothing waits while a function runs: its file is a worker's own, a script, a configuration or a test; it is the synchronous half
 * of an API; it runs before the program serves anyone. `callers`: whoever calls it answers for it.
 */
export type NoContext = 'file' | 'twin' | 'start-up' | 'callers';

/** Objects that are made for one request. */
const OF_A_REQUEST: ReadonlySet<string> = new Set([
  'node:http#IncomingMessage', 'node:http#ServerResponse', 'express#Request', 'express#Response', 'koa#Context', 'koa#ParameterizedContext', 'fastify#FastifyRequest',
  'fastify#FastifyReply', 'hono#Context', 'h3#H3Event', 'next#NextApiRequest', 'next#NextApiResponse',
]);
const REQUEST_NAMES: readonly string[] = [...OF_A_REQUEST].map((path) => path.slice(path.indexOf('#') + 1));
/** Functions looked at to find out who calls one. */
const MOST_CALLERS = 200;

/** Says which functions the event loop runs while others wait. */
export class Contexts {
  readonly #world: World;
  readonly #values: Values;
  readonly #uses: Uses;
  readonly #files: ReadonlyMap<string, ProgramFile>;
  readonly #contexts = new Map<FunctionIr, { readonly context: Context | undefined }>();
  readonly #startUp = new Map<FunctionIr, boolean>();
  readonly #exempt = new Map<string, boolean>();

  constructor(parts: { readonly world: World; readonly values: Values; readonly uses: Uses; readonly files: readonly ProgramFile[] }) {
    this.#world = parts.world;
    this.#values = parts.values;
    this.#uses = parts.uses;
    this.#files = new Map(parts.files.map((file) => [file.path, file]));
  }

  /** How the event loop comes to a function; undefined where others call it, or where nothing waits. */
  of(fn: FunctionIr): Context | undefined {
    const known = this.#contexts.get(fn);
    if (known !== undefined) return known.context;
    this.#contexts.set(fn, { context: undefined });
    const context = this.isExempt(fn.module) ? undefined : this.#find(fn);
    this.#contexts.set(fn, { context });
    return context;
  }

  /** Why a function is none that the event loop runs while others wait; undefined where it is one. */
  whyNot(fn: FunctionIr): NoContext | undefined {
    if (this.of(fn) !== undefined) return undefined;
    if (this.isExempt(fn.module)) return 'file';
    if (isTwin(fn)) return 'twin';
    return this.#isRoot(fn) || this.isStartUp(fn) ? 'start-up' : 'callers';
  }

  #find(fn: FunctionIr): Context | undefined {
    if (fn.kind === 'module' || fn.kind === 'static-block' || fn.kind === 'fields' || fn.kind === 'constructor') return undefined;
    if (isTwin(fn)) return undefined;
    const uses = this.#uses.of(fn);
    const entries = uses.filter((use) => use.kind === 'later');
    const entry = entries.find((use) => use.entry === 'handler') ?? entries.find((use) => !this.#isOfStartUp(use));
    if (this.isStartUp(fn)) return undefined;
    if (fn.isAsync) return entry?.entry === 'handler' || this.#takesRequest(fn) ? 'handler' : 'async';
    if (entry !== undefined) return entry.entry;
    if (this.#isStreamMethod(fn)) return 'stream';
    if (this.#isActivation(fn)) return 'extension';
    return this.#takesRequest(fn) ? 'handler' : undefined;
  }

  /** Nothing waits in a worker's own file, in a script, in a configuration or in a test. */
  isExempt({ file }: ModuleIr): boolean {
    let isExempt = this.#exempt.get(file);
    if (isExempt === undefined) {
      const source = this.#files.get(file);
      isExempt = source === undefined || isScript(source) || isWorker(source) || isTestFile(source);
      this.#exempt.set(file, isExempt);
    }
    return isExempt;
  }

  /** A function that runs before the program serves anyone, or when it no longer does: at a module's top level, or only from there. */
  isStartUp(fn: FunctionIr): boolean {
    let isStartUp = this.#startUp.get(fn);
    if (isStartUp === undefined) {
      isStartUp = this.#isReachedFromStartUpOnly(fn);
      this.#startUp.set(fn, isStartUp);
    }
    return isStartUp;
  }

  /** Goes from callers to callers: all ways must end at a top level, and there must be one. */
  #isReachedFromStartUpOnly(fn: FunctionIr): boolean {
    const seen = new Set([fn]);
    const queue = [fn];
    let isReached = false;
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
      if (this.#isRoot(one)) {
        isReached = true;
        continue;
      }
      const uses = this.#uses.of(one).filter((use) => use.kind !== 'exported');
      if (uses.length === 0 || seen.size > MOST_CALLERS) return false;
      for (const use of uses) {
        if (use.kind === 'idle') {
          isReached = true;
          continue;
        }
        const isPartOfCaller = use.kind === 'called' || use.kind === 'now' || (use.kind === 'later' && use.isOnce && use.entry === 'promise');
        if (!isPartOfCaller) return false;
        if (seen.has(use.by)) continue;
        seen.add(use.by);
        queue.push(use.by);
      }
    }
    return isReached;
  }

  #isRoot(fn: FunctionIr): boolean {
    return fn.kind === 'module' || fn.kind === 'static-block' || this.isExempt(fn.module);
  }

  /** `init().then(listen)` at the top level; the executor of a promise made there. */
  #isOfStartUp(use: Use): boolean {
    return use.kind === 'later' && use.isOnce && use.entry === 'promise' && this.isStartUp(use.by);
  }

  /** `_transform` of a class that extends a stream. */
  #isStreamMethod(fn: FunctionIr): boolean {
    const { ownerClass } = fn;
    return ownerClass !== undefined && this.#implements(ownerClass, nameOf(fn), 0);
  }

  #implements(class_: ClassIr, name: string, depth: number): boolean {
    if (depth > 8) return false;
    return this.#values.superOf(class_).some((base) => {
      if (base.kind === 'class') return this.#implements(base.class, name, depth + 1);
      return base.kind === 'api' && base.api.instance?.implemented(name) !== undefined;
    });
  }

  /** `activate` of an editor's extension: one process runs all of them. */
  #isActivation(fn: FunctionIr): boolean {
    if (nameOf(fn) !== 'activate' || fn.parent?.kind !== 'module') return false;
    return this.#files.get(fn.module.file)?.specifiers.includes('vscode') === true && this.#uses.of(fn).some((use) => use.kind === 'exported');
  }

  #takesRequest(fn: FunctionIr): boolean {
    // A file that writes down no such type has no parameter of one but by its uses, which are known.
    const names = this.#files.get(fn.module.file)?.names;
    if (names === undefined || !REQUEST_NAMES.some((name) => names.has(name))) return false;
    return fn.parameters.slice(0, 3).some((parameter) => {
      const values = this.#values.of(parameter);
      const known = values.length > 0 || parameter.storage !== 'parameter' ? values : fromStaticType(this.#world.typeOf(parameter.origin));
      return known.some((value) => value.kind === 'instance' && OF_A_REQUEST.has(value.type.path));
    });
  }
}

/** The synchronous half of an API that has an asynchronous one: who calls it wants that. */
export function isTwin(fn: FunctionIr): boolean {
  if (!fn.isAsync && nameOf(fn).endsWith('Sync')) return true;
  if (fn.ownerClass?.name.endsWith('Sync') === true) return true;
  return fn.parent !== undefined && !fn.isAsync && isTwin(fn.parent);
}

function isScript({ text, path }: ProgramFile): boolean {
  return text.startsWith('#!') || /\.config\.[cm]?[jt]s$/.test(path) || /\/\.[\w-]+rc\.[cm]?[jt]s$/.test(path);
}

function isWorker({ names, specifiers, text }: ProgramFile): boolean {
  const isThread = specifiers.some((specifier) => /^(?:node:)?worker_threads$/.test(specifier));
  if (isThread && (names.has('parentPort') || names.has('workerData'))) return true;
  return (names.has('self') && /\bself\s*\.\s*(?:onmessage|addEventListener)\b/.test(text)) || names.has('importScripts');
}

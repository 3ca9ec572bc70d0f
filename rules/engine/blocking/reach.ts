import type { Blocking, BlockedOn } from '../contracts/contract.js';
import { graphOf } from '../flow/graph.js';
import { reachableWithout } from '../flow/reachable.js';
import type { BlockId, FunctionIr, Origin } from '../ir/index.js';
import type { World } from '../world.js';
import { isApiItself } from './api-itself.js';
import { busyWaitsIn } from './busy-waits.js';
import { displayName, type Calls } from './calls.js';
import type { Contexts } from './contexts.js';
import { givenBy, givenByAnyone, isReached, keyOfGiven, type Given } from './given.js';
import { entryOf, entryOfAnyone, keyOf, type Entry } from './known-arguments.js';
import type { BlockingNames } from './names.js';
import { LastWords } from './last-words.js';
import { runsOnce } from './once.js';
import { blocksOf, type Blocks } from './synchronous-mode.js';
import type { Uses } from './uses.js';
import { type Call, type Target, type Values } from './values.js';

/** One step of the way to what blocks: a function of the program. */
export interface Link {
  readonly name: string;
  /** The file that declares it. */
  readonly file: string;
  readonly at: Origin;
  /** What is called like no other function: nobody can wait for a constructor, and a generator is gone through. */
  readonly is: 'constructor' | 'generator' | 'function';
}

/** What blocks, and the shortest way to it. */
export interface Cause {
  readonly on: BlockedOn;
  /** As a reader knows it: `fs.readFileSync`, `Statement.get`, `a loop on the clock`. */
  readonly name: string;
  /** As the catalog names it; undefined for a loop. */
  readonly path: string | undefined;
  readonly blocks: Blocking | undefined;
  /** Where it stands. */
  readonly at: Origin;
  /** The program's functions on the way, from the one that is called. */
  readonly links: readonly Link[];
  /** It blocks the first time only: the way leads where something shared is empty, and is filled. */
  readonly isOnce: boolean;
  /** Whatever the code is given, it calls this: the callee is an import, or a constant that stands for one. */
  readonly isApiItself: boolean;
}

/** A call, or a loop, that blocks. */
export interface Site {
  readonly at: Origin;
  readonly call: Call | undefined;
  /** The function that it stands in. */
  readonly fn: FunctionIr;
  /** Shortest first; one for each thing that blocks. */
  readonly causes: readonly Cause[];
}

interface Step {
  readonly call: Call;
  readonly fn: FunctionIr;
  readonly block: BlockId;
  readonly targets: readonly Target[];
}

/** Functions looked at for one call. */
const MOST_FUNCTIONS = 400;
const MOST_CAUSES = 6;
const DEEPEST = 24;

interface Parts {
  readonly world: World;
  readonly calls: Calls;
  readonly uses: Uses;
  readonly values: Values;
  readonly names: BlockingNames;
  readonly contexts: Contexts;
}

/** Finds what a function's calls come to. */
export class Reach {
  readonly #parts: Parts;
  readonly #lastWords: LastWords;
  readonly #steps = new Map<FunctionIr, readonly Step[]>();
  readonly #waits = new Map<FunctionIr, readonly Cause[]>();
  readonly #extents = new Map<FunctionIr, readonly FunctionIr[]>();
  /** Calls looked at. */
  work = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#lastWords = new LastWords(parts.values);
  }

  /** Whether one of a function's own calls runs something that blocks. */
  callsBlocking(fn: FunctionIr): boolean {
    for (const { instructions } of fn.body?.blocks ?? []) {
      for (const call of instructions) {
        if (call.op !== 'call') continue;
        for (const target of this.#parts.calls.blockingTargetsOf(call, fn)) {
          if (target.kind === 'contract' ? target.contract.blocks !== undefined : this.#isKnown(target.function)) return true;
        }
      }
    }
    return false;
  }

  #isKnown(fn: FunctionIr): boolean {
    return !fn.isAsync && (this.#parts.names.isFunction(fn) || this.#parts.world.declaredContract(fn)?.blocks !== undefined);
  }

  /** The calls and loops of a function that block, without what functions inside of it do on occasions of their own. */
  sitesIn(fn: FunctionIr): readonly Site[] {
    const sites: Site[] = [];
    for (const { call, fn: by, block, targets } of this.#stepsIn(fn)) {
      if (this.#lastWords.isBeforeEnd(call, by, block)) continue;
      const isOnce = runsOnce(by, block);
      const causes = targets.flatMap((target) => this.#causesOf(target, call)).map((cause) => (isOnce ? { ...cause, isOnce } : cause));
      if (causes.length > 0) sites.push({ at: call.origin, call, fn: by, causes: shortest(causes) });
    }
    for (const cause of this.#waitsIn(fn)) sites.push({ at: cause.at, call: undefined, fn, causes: [cause] });
    return sites;
  }

  #causesOf(target: Target, call: Call): readonly Cause[] {
    if (target.kind === 'contract') {
      const cause = this.#blockedBy(target, call);
      return cause === undefined ? [] : [cause];
    }
    return this.#causesWithin(target.function, call);
  }

  /** Breadth first: what is found first is nearest. */
  #causesWithin(start: FunctionIr, by: Call): readonly Cause[] {
    const causes: Cause[] = [];
    const paths = new Set<string>();
    const seen = new Set<string>();
    let frontier: { readonly fn: FunctionIr; readonly by: Call; readonly from: Entry; readonly fromGiven: Given; readonly links: readonly Link[]; readonly isOnce: boolean }[] = [{ fn: start, by, from: entryOfAnyone, fromGiven: givenByAnyone, links: [], isOnce: false }];
    for (let depth = 0; frontier.length > 0 && depth < DEEPEST && seen.size < MOST_FUNCTIONS && causes.length < MOST_CAUSES; depth++) {
      const next: typeof frontier = [];
      for (const { fn, by: caller, from, fromGiven, links, isOnce } of frontier) {
        const entry = entryOf(fn, caller, from);
        const given = givenBy(fn, caller, fromGiven, this.#parts.values);
        // Another call may come to other parts of it.
        const key = `${fn.module.file}:${fn.id}:${keyOf(entry, fn)}:${keyOfGiven(given)}:${isOnce}`;
        if (seen.has(key) || !this.#isEntered(fn)) continue;
        seen.add(key);
        const way = [...links, { name: displayName(fn), file: fn.module.file, at: fn.origin, is: formOf(fn) }];
        const add = (cause: Cause, isFirstOnly = isOnce): void => {
          const path = `${cause.path ?? cause.name}:${isFirstOnly}`;
          if (paths.has(path)) return;
          paths.add(path);
          causes.push({ ...cause, links: way, isOnce: isFirstOnly });
        };
        const declared = this.#parts.world.declaredContract(fn)?.blocks;
        if (declared !== undefined) add({ on: declared.on, name: displayName(fn), path: undefined, blocks: declared, at: fn.origin, links: [], isOnce, isApiItself: false });
        for (const cause of this.#waitsIn(fn)) add(cause);
        for (const { call, targets, fn: part, block } of this.#stepsIn(fn)) {
          if ((part === fn && entry.notEntered.has(block)) || this.#lastWords.isBeforeEnd(call, part, block)) continue;
          const isFirstOnly = isOnce || runsOnce(part, block);
          for (const target of targets) {
            if (target.kind === 'contract') {
              const cause = this.#blockedBy(target, call);
              if (cause !== undefined) add(cause, isFirstOnly);
            } else if (isReached(target, call, given, this.#parts.values)) next.push({ fn: target.function, by: call, from: entry, fromGiven: given, links: way, isOnce: isFirstOnly });
          }
        }
      }
      frontier = next;
    }
    return causes;
  }

  /** An async function, and one that the event loop calls as well, answer for what they do themselves. */
  #isEntered(fn: FunctionIr): boolean {
    if (fn.isAsync || this.#parts.contexts.of(fn) !== undefined) return false;
    return this.#isKnown(fn) && !onlyThrows(fn);
  }

  #blockedBy({ contract, api }: Extract<Target, { kind: 'contract' }>, call: Call): Cause | undefined {
    const { blocks } = contract;
    if (blocks === undefined || !this.#isSynchronous(blocks, call)) return undefined;
    const path = blocks.path ?? api?.path ?? '';
    return { on: blocks.on, name: shortName(path), path, blocks, at: call.origin, links: [], isOnce: false, isApiItself: isApiItself(call, this.#parts.values, this.#parts.world) };
  }

  /** Whether the arguments ask for the form that blocks. */
  #isSynchronous({ when, isAsyncWithCallback }: Blocking, call: Call): boolean {
    const { values } = this.#parts;
    if (isAsyncWithCallback === true) {
      for (const { value } of call.arguments) {
        for (const one of values.of(value)) {
          if (one.kind === 'function') return false;
          if (one.kind === 'object' && one.instruction.op === 'object' && one.instruction.properties.some((property) => property.kind === 'value' && property.key.kind === 'name' && property.key.name === 'async')) return false;
        }
      }
    }
    if (when === undefined) return true;
    const argument = call.arguments[when.argument];
    if (argument === undefined) return when.is === 'absent';
    const [definition] = values.definitionsIn(argument.value.owner).get(argument.value) ?? [];
    if (definition?.op !== 'literal') return false;
    return when.is === 'false' ? definition.value === false : typeof definition.value === when.is;
  }

  #stepsIn(fn: FunctionIr): readonly Step[] {
    let steps = this.#steps.get(fn);
    if (steps === undefined) {
      steps = this.#extentOf(fn).flatMap((part) => this.#ownStepsIn(part));
      this.#steps.set(fn, steps);
    }
    return steps;
  }

  #ownStepsIn(fn: FunctionIr): readonly Step[] {
    if (fn.body === undefined) return [];
    const modes: Blocks = blocksOf(fn.body);
    return fn.body.blocks.flatMap(({ id: block, instructions }) => (modes.isSynchronousMode(block) ? [] : instructions.flatMap((instruction) => {
      if (instruction.op !== 'call') return [];
      this.work++;
      const targets = this.#parts.calls.blockingTargetsOf(instruction, fn);
      return targets.length === 0 ? [] : [{ call: instruction, fn, block, targets }];
    })));
  }

  /** The function with the closures that its callees run before they return. */
  #extentOf(fn: FunctionIr): readonly FunctionIr[] {
    let extent = this.#extents.get(fn);
    if (extent === undefined) {
      this.#extents.set(fn, [fn]);
      const inside = fn.outline.nested.filter((nested) => !nested.isAsync && (nested.kind === 'arrow' || nested.kind === 'function') && this.#parts.names.isFunction(nested));
      extent = [fn, ...inside.filter((nested) => this.#parts.uses.of(nested).some((use) => use.kind === 'now') && this.#parts.contexts.of(nested) === undefined).flatMap((nested) => this.#extentOf(nested))];
      this.#extents.set(fn, extent);
    }
    return extent;
  }

  #waitsIn(fn: FunctionIr): readonly Cause[] {
    let waits = this.#waits.get(fn);
    if (waits === undefined) {
      waits = busyWaitsIn(fn).map((at) => ({ on: 'time', name: 'a loop on the clock', path: undefined, blocks: undefined, at, links: [], isOnce: false, isApiItself: false }));
      this.#waits.set(fn, waits);
    }
    return waits;
  }
}

function formOf({ kind, isGenerator }: FunctionIr): Link['is'] {
  if (kind === 'constructor' || kind === 'fields') return 'constructor';
  return isGenerator ? 'generator' : 'function';
}

/** What a function does that never returns comes once, on the way to its exception: it looks for the words to say. */
function onlyThrows({ body }: FunctionIr): boolean {
  if (body === undefined) return false;
  const ends = new Set([...reachableWithout(body, [])].map((id) => body.blocks[id]?.terminal.kind));
  return ends.has('throw') && !ends.has('return') && graphOf(body).loops.size === 0;
}

/** What blocks every time comes before what does so once. */
function shortest(causes: readonly Cause[]): readonly Cause[] {
  return [...causes].sort((a, b) => Number(a.isOnce) - Number(b.isOnce) || a.links.length - b.links.length);
}

/** `node:fs#readFileSync` is known as `fs.readFileSync`, `better-sqlite3#Statement.get` as `Statement.get`. */
export function shortName(path: string): string {
  const [module = '', name = ''] = path.split('#');
  if (module === 'global' || name.includes('.')) return name;
  const short = module.replace(/^node:/, '');
  return name === '' ? short : `${short}.${name}`;
}

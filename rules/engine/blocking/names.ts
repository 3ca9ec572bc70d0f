import { calledAs } from '../borrow/relevance/program.js';
import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import { operandsOf } from '../ir/operands.js';
import { busyWaitsIn, mayWait } from './busy-waits.js';
import type { ProgramFile } from './files.js';
import type { Seeds } from './seeds.js';
import type { World } from '../world.js';

/** Tells a function that calls what blocks from one that only uses its name. */
export interface Verifier {
  /** One of its calls runs something that blocks, or a function that is known to. */
  callsBlocking(fn: FunctionIr): boolean;
  /** The function around it gives it to a callee that runs it before it returns. */
  isRunInside(fn: FunctionIr): boolean;
}

/** A name to look up who uses it: in one file, or in all. */
interface Named {
  readonly name: string;
  readonly file: ProgramFile | undefined;
}

/**
 * Which functions block. Names come first: only where a function uses the name of something that blocks is it looked up what it
 * calls. A name stands for everything of that name, so what is left out is left out for good reason.
 */
export class BlockingNames {
  readonly #files: readonly ProgramFile[];
  readonly #seeds: Seeds;
  #verifier: Verifier = { callsBlocking: () => false, isRunInside: () => false };
  /** Names that reach other files. */
  readonly #names = new Set<string>();
  readonly #namesOfFile = new Map<string, Set<string>>();
  readonly #functions = new Set<FunctionIr>();
  readonly #indexes = new Map<ProgramFile, Map<string, FunctionIr[]>>();
  readonly #queue: Named[] = [];
  /** What is in the queue, by its keys. */
  readonly #waiting = new Set<string>();
  readonly #hot = new Set<string>();
  /** Files whose default export, or whole, may block, by the last word of the path. */
  readonly #wholes = new Set<string>();
  readonly #scanned = new Set<FunctionIr>();
  /** Places that may hold a function that blocks. */
  readonly #variables = new Set<Variable>();
  /** Functions that may return a function that blocks. */
  readonly #factories = new Set<string>();

  constructor(files: readonly ProgramFile[], seeds: Seeds) {
    this.#files = files;
    this.#seeds = seeds;
  }

  /**
   * Finds the functions that block, from what blocks to who calls it.
   *
   * @param verifier - looks up what a function calls
   * @param world - what the project has declared
   */
  find(verifier: Verifier, world: Pick<World, 'declaredContract'>): void {
    this.#verifier = verifier;
    const files = this.#files;
    const seeds = this.#seeds;
    for (const file of files) {
      if (seeds.modules.size > 0 && file.specifiers.some((specifier) => seeds.modules.has(specifier))) this.#scan(file.module.top, file);
    }
    for (const name of seeds.names) this.#add(name, undefined);
    for (const file of files) {
      if (!mayWait(file)) continue;
      for (const fn of file.module.functions) if (busyWaitsIn(fn).length > 0) this.#mark(fn, file);
    }
    for (const file of files) {
      if (!file.text.includes('@blocks') && !seeds.declared.some((name) => file.names.has(name))) continue;
      for (const fn of file.module.functions) if (world.declaredContract(fn)?.blocks !== undefined) this.#addFunction(fn, file);
    }
    this.#run();
  }

  /** A function of the file may block. */
  isIn(path: string): boolean {
    return this.#hot.has(path);
  }

  /** It calls what blocks. */
  isFunction(fn: FunctionIr): boolean {
    return this.#functions.has(fn);
  }

  /** What is called by this name in a file may block. */
  isName(name: string, path: string): boolean {
    return this.#names.has(name) || this.#namesOfFile.get(path)?.has(name) === true;
  }

  #add(name: string, file: ProgramFile | undefined): void {
    if (name === '' || name === '<anonymous>' || this.#names.has(name)) return;
    if (file === undefined) this.#names.add(name);
    else {
      let names = this.#namesOfFile.get(file.path);
      if (names === undefined) this.#namesOfFile.set(file.path, (names = new Set()));
      if (names.has(name)) return;
      names.add(name);
    }
    this.#lookUp({ name, file });
  }

  #lookUp(named: Named): void {
    const key = keyOf(named);
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    this.#queue.push(named);
  }

  #run(): void {
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      this.#waiting.delete(keyOf(next));
      for (const file of next.file === undefined ? this.#files : [next.file]) {
        if (!file.names.has(next.name)) continue;
        const users = this.#indexOf(file).get(next.name);
        for (const fn of users ?? []) this.#consider(fn, file);
        // Imported or exported under another name.
        if (users === undefined) this.#scan(file.module.top, file);
      }
    }
  }

  /** The functions of a file by the names they use. */
  #indexOf(file: ProgramFile): Map<string, FunctionIr[]> {
    let index = this.#indexes.get(file);
    if (index !== undefined) return index;
    this.#indexes.set(file, (index = new Map<string, FunctionIr[]>()));
    for (const fn of file.module.functions) {
      const { members, freeNames, constructed } = fn.outline;
      for (const names of [members, freeNames, constructed]) {
        for (const name of names) {
          const users = index.get(name);
          if (users === undefined) index.set(name, [fn]);
          else if (users.at(-1) !== fn) users.push(fn);
        }
      }
    }
    return index;
  }

  /** A name in the function may be that of something that blocks: what it calls is looked up. */
  #consider(fn: FunctionIr, file: ProgramFile): void {
    this.#scan(fn, file);
    if (!this.#functions.has(fn) && this.#verifier.callsBlocking(fn)) this.#mark(fn, file);
  }

  #mark(fn: FunctionIr, file: ProgramFile): void {
    if (this.#functions.has(fn)) return;
    this.#functions.add(fn);
    this.#hot.add(file.path);
    // Whoever calls an async function is told of by that function.
    if (fn.kind === 'module' || fn.isAsync) return;
    this.#addFunction(fn, file);
    const { parent } = fn;
    if (parent === undefined) return;
    this.#scan(parent, file);
    if (parent.kind === 'module') return;
    if (parent.outline.hasReturnValue) this.#factories.add(calledAs(parent.name));
    if (fn.kind !== 'arrow' && fn.kind !== 'function') return;
    // The function around it may run it, by giving it to a callee that does.
    if (this.#verifier.isRunInside(fn)) this.#mark(parent, file);
    else this.#consider(parent, file);
  }

  #addFunction(fn: FunctionIr, file: ProgramFile): void {
    const isLocal = (fn.kind === 'function' || fn.kind === 'arrow') && fn.parent !== undefined && fn.parent.kind !== 'module';
    const name = fn.kind === 'constructor' || fn.kind === 'fields' ? (fn.ownerClass?.name ?? '') : calledAs(fn.name);
    this.#add(name, isLocal ? file : undefined);
    // Something else of that name may have been known before: who uses the name was looked at too early then.
    if (this.isName(name, file.path)) this.#lookUp({ name, file: isLocal ? file : undefined });
  }

  /** Other names that a function's code gives to what may block: variables, properties, exports, tables. */
  #scan(fn: FunctionIr, file: ProgramFile): void {
    if (this.#scanned.has(fn)) return;
    this.#scanned.add(fn);
    const tainted = this.#variables;
    const isNamed = (name: string): boolean => this.isName(name, file.path);
    for (const { instructions } of fn.body?.blocks ?? []) {
      for (const instruction of instructions) {
        if (instruction.op === 'export') {
          this.#scanExport(instruction, file, isNamed);
          continue;
        }
        const isSource = this.#isSource(instruction, isNamed);
        const carriers = carriedBy(instruction);
        if (!isSource && !carriers.some((variable) => tainted.has(variable))) continue;
        if ('target' in instruction) {
          tainted.add(instruction.target);
          if (instruction.target.name !== '') this.#add(instruction.target.name, file);
        }
        if (instruction.op === 'store' && instruction.key.kind === 'name') this.#addStored(instruction, file);
      }
    }
    // A variable that got its name late may have been read before: names found now are looked up in this function, too.
    if (this.#isGrowing(fn, file)) this.#scanned.delete(fn);
  }

  readonly #sizes = new Map<FunctionIr, number>();

  #isGrowing(fn: FunctionIr, file: ProgramFile): boolean {
    const size = this.#namesOfFile.get(file.path)?.size ?? 0;
    const before = this.#sizes.get(fn);
    this.#sizes.set(fn, size);
    return before !== size;
  }

  #isSource(instruction: Instruction, isNamed: (name: string) => boolean): boolean {
    switch (instruction.op) {
      case 'load':
        return instruction.key.kind === 'name' && isNamed(instruction.key.name);
      case 'global':
        return isNamed(instruction.name);
      case 'import':
        return isNamed(instruction.imported) || (['default', '*'].includes(instruction.imported) && this.#isWhole(instruction.specifier));
      case 'function':
        return this.#functions.has(instruction.function) && !instruction.function.isAsync;
      case 'call': {
        // `require('./load')`, where the module is a function that may block.
        const [first] = instruction.arguments;
        const text = first && specifierAt(first.origin.syntax);
        if (text !== undefined && this.#isWhole(text)) return true;
        const { callee } = instruction;
        return (callee.kind === 'method' && callee.key.kind === 'name' && this.#factories.has(callee.key.name)) || (callee.kind === 'value' && this.#factories.has(callee.value.name));
      }
      default:
        return false;
    }
  }

  #isWhole(specifier: string): boolean {
    return this.#seeds.modules.has(specifier) || (/^\.|\//.test(specifier) && this.#wholes.has(lastWord(specifier)));
  }

  #addStored(instruction: Extract<Instruction, { op: 'store' }>, file: ProgramFile): void {
    if (instruction.key.kind !== 'name') return;
    if (instruction.key.name === 'exports' || instruction.key.name === 'default') this.#addWhole(file);
    else this.#add(instruction.key.name, undefined);
  }

  #scanExport(instruction: Extract<Instruction, { op: 'export' }>, file: ProgramFile, isNamed: (name: string) => boolean): void {
    const { source, name, imported } = instruction;
    const isTainted = (source !== undefined && this.#variables.has(source)) || (imported !== undefined && isNamed(imported));
    if (!isTainted) return;
    if (name === 'default') this.#addWhole(file);
    else this.#add(name, undefined);
  }

  /** Importers call the file by a name of their own. */
  #addWhole(file: ProgramFile): void {
    const word = lastWord(file.path);
    if (this.#wholes.has(word)) return;
    this.#wholes.add(word);
    for (const other of this.#files) {
      if (!other.specifiers.some((specifier) => lastWord(specifier) === word)) continue;
      const { top } = other.module;
      this.#scanned.delete(top);
      this.#scan(top, other);
    }
  }
}

/** The values that an instruction's result, or what it stores, may hold on to. */
function carriedBy(instruction: Instruction): readonly Variable[] {
  switch (instruction.op) {
    case 'copy':
    case 'object':
    case 'array':
    case 'rest':
    case 'await':
      return operandsOf(instruction);
    case 'store':
      return [instruction.value];
    case 'load':
      return [instruction.object];
    case 'call': {
      const { callee } = instruction;
      // `f.bind(x)`, `Object.freeze(table)`, `wrap(f)`; what a function returns is not what it is.
      const isBound = callee.kind === 'method' && callee.key.kind === 'name' && callee.key.name === 'bind';
      return [...(isBound ? [callee.object] : []), ...instruction.arguments.map(({ value }) => value)];
    }
    default:
      return [];
  }
}

/** The text of a string literal, where the syntax is one. */
export function specifierAt(syntax: object): string | undefined {
  return 'text' in syntax && typeof syntax.text === 'string' ? syntax.text : undefined;
}

/** `load` of `./config/load.js`; an index stands for its folder. */
export function lastWord(path: string): string {
  const parts = path.replace(/\.[cm]?[jt]sx?$/, '').split('/');
  const last = parts.pop() ?? '';
  return last === 'index' || last === '.' || last === '..' || last === '' ? (parts.pop() ?? '') : last;
}

function keyOf({ name, file }: Named): string {
  return `${file?.path ?? ''}:${name}`;
}

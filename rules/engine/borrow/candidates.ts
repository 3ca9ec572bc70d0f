import type { MemoryNames } from '../contracts/memory-names.js';
import type { ClassIr, FunctionIr, ModuleIr } from '../ir/index.js';

/**
 * Tells code that can come to hold memory from code that cannot, by the names it uses. Most code does not: running it would find
 * nothing. A name stands for everything of that name, so what is left out is left out for good reason.
 */
export class Candidates {
  private readonly names: MemoryNames;
  private readonly others: ProgramNames | undefined;
  private readonly modules = new WeakMap<ModuleIr, ModuleNames>();
  private ofOwnFile: Candidates | undefined;
  private readonly verdicts = new WeakMap<FunctionIr, boolean>();

  /**
   * @param names the names by which code comes to memory
   * @param others finds functions of the program's other files
   */
  constructor(names: MemoryNames, others: ProgramNames | undefined) {
    this.names = names;
    this.others = others;
  }

  /** The class's own code, what it inherits and what it calls. */
  isClass(class_: ClassIr): boolean {
    const walk = new Walk(this, class_.module);
    walk.addClass(class_);
    return walk.run();
  }

  isFunction(fn: FunctionIr): boolean {
    let verdict = this.verdicts.get(fn);
    if (verdict === undefined) {
      const walk = new Walk(this, fn.module);
      walk.add(fn);
      this.verdicts.set(fn, (verdict = walk.run()));
      // What was met on the way comes to no memory either.
      if (!verdict) for (const met of walk.own()) this.verdicts.set(met, false);
    }
    return verdict;
  }

  /** Whether a function comes to memory in its own file. */
  isLocally(fn: FunctionIr): boolean {
    return (this.ofOwnFile ??= new Candidates(this.names, this.others && { ...this.others, named: () => [] })).isFunction(fn);
  }

  moduleNames(module: ModuleIr): ModuleNames {
    let names = this.modules.get(module);
    if (names === undefined) this.modules.set(module, (names = new ModuleNames(module, this.names, this.others)));
    return names;
  }

  get program(): ProgramNames | undefined {
    return this.others;
  }
}

/** The functions of a program by their names, for calls that leave a file. */
export interface ProgramNames {
  /** Functions and classes of other files that a name can stand for. */
  named(name: string): readonly (FunctionIr | ClassIr)[];
  /** The file declares, by types or tags, that something in it lends memory. */
  isLending(module: ModuleIr): boolean;
  /** The file speaks of bytes, or of what streams of them. */
  namesBytes(module: ModuleIr): boolean;
}

/** `Pool#take` and `Pool.take` are called as `take`; a private `Pool##take` as `#take`. */
export function calledAs(name: string): string {
  const end = /[#.](#?[^#.]*)$/.exec(name);
  return end?.[1] ?? name;
}

/** What the names of one file stand for. */
class ModuleNames {
  readonly isLending: boolean;
  private readonly namesBytes: boolean;
  private readonly byName = new Map<string, (FunctionIr | ClassIr)[]>();
  private readonly memory: MemoryNames;
  /** Names under which memory is imported from modules of the catalog. */
  private readonly imported = new Set<string>();

  constructor(module: ModuleIr, memory: MemoryNames, program: ProgramNames | undefined) {
    this.isLending = program?.isLending(module) === true;
    this.namesBytes = program?.namesBytes(module) !== false;
    this.memory = memory;
    for (const fn of module.functions) this.index(calledAs(fn.name), fn);
    for (const class_ of module.classes) this.index(class_.name, class_);
    for (const block of module.top.body?.blocks ?? []) {
      for (const instruction of block.instructions) {
        if (instruction.op === 'import') this.addImport(instruction.specifier, instruction.imported, instruction.target.name);
        else if (instruction.op === 'literal' && typeof instruction.value === 'string' && module.format === 'commonjs') this.addImport(instruction.value, '*', '');
      }
    }
  }

  private index(name: string, item: FunctionIr | ClassIr): void {
    const items = this.byName.get(name);
    if (items === undefined) this.byName.set(name, [item]);
    else items.push(item);
  }

  private addImport(specifier: string, imported: string, local: string): void {
    const names = this.memory.byModule.get(specifier);
    if (names === undefined) return;
    // Members of a namespace are used by their own names.
    if (imported === '*' || imported === 'default') for (const name of names) this.imported.add(name);
    else if (names.has(imported)) this.imported.add(local);
  }

  named(name: string): readonly (FunctionIr | ClassIr)[] {
    return this.byName.get(name) ?? [];
  }

  isMemory(name: string): boolean {
    return this.memory.certain.has(name) || this.memory.moving.has(name) || this.imported.has(name);
  }

  isAmbiguous(name: string): boolean {
    return this.namesBytes && this.memory.ambiguous.has(name);
  }

  isEscaping(name: string): boolean {
    return this.memory.escaping.has(name);
  }

  isWriting(name: string): boolean {
    return this.memory.writing.has(name);
  }
}

/** Follows names from function to function until one comes to memory. */
class Walk {
  private readonly candidates: Candidates;
  private readonly seen = new Set<FunctionIr | ClassIr>();
  private readonly work: FunctionIr[] = [];
  private readonly home: ModuleIr;
  private isFound: boolean;
  private hasAmbiguous = false;
  private hasWrite = false;

  constructor(candidates: Candidates, home: ModuleIr) {
    this.candidates = candidates;
    this.home = home;
    this.isFound = candidates.moduleNames(home).isLending;
    // What the top level makes, all functions of the file share.
    this.seen.add(home.top);
    this.visit(home.top);
  }

  add(fn: FunctionIr): void {
    if (this.seen.has(fn)) return;
    this.seen.add(fn);
    this.work.push(fn);
  }

  addClass(class_: ClassIr): void {
    if (this.seen.has(class_)) return;
    this.seen.add(class_);
    for (const fn of [class_.constructorFunction, class_.fields, class_.statics]) if (fn !== undefined) this.add(fn);
    for (const member of class_.members) this.add(member.function);
    for (const name of class_.superNames) {
      this.follow(name, class_.module);
      if (this.names(class_.module).named(name).length === 0) this.addAll(this.candidates.program?.named(name) ?? []);
    }
  }

  run(): boolean {
    for (let fn = this.work.pop(); fn !== undefined && !this.isFound; fn = this.work.pop()) this.visit(fn);
    return this.isFound;
  }

  /** The functions of the file that were met. */
  *own(): Iterable<FunctionIr> {
    for (const one of this.seen) if (!('members' in one) && one.module === this.home) yield one;
  }

  private visit(fn: FunctionIr): void {
    const { outline } = fn;
    // The top level's functions are units of their own.
    if (fn.kind !== 'module') for (const nested of outline.nested) this.add(nested);
    if (outline.hasElementStore) this.hasWrite = true;
    for (const name of namesIn(fn)) this.follow(name, fn.module);
    if (fn.module === this.home && this.handsOut(fn)) this.followAbroad(fn);
  }

  private names(module: ModuleIr): ModuleNames {
    return this.candidates.moduleNames(module);
  }

  private follow(name: string, module: ModuleIr): void {
    const names = this.names(module);
    if (names.isAmbiguous(name)) this.hasAmbiguous = true;
    if (names.isWriting(name)) this.hasWrite = true;
    if (names.isMemory(name) || (this.hasAmbiguous && this.hasWrite)) this.isFound = true;
    this.addAll(names.named(name));
  }

  private addAll(items: readonly (FunctionIr | ClassIr)[]): void {
    for (const one of items) {
      if ('members' in one) this.addClass(one);
      else this.add(one);
    }
  }

  /** What a call gave is handed on: the call is then followed into other files. */
  private handsOut(fn: FunctionIr): boolean {
    return fn.outline.hasYield || [...fn.outline.members].some((name) => this.names(fn.module).isEscaping(name));
  }

  private followAbroad(fn: FunctionIr): void {
    for (const name of namesIn(fn)) {
      if (this.names(fn.module).named(name).length > 0) continue;
      for (const one of this.candidates.program?.named(name) ?? []) {
        if (!('members' in one) && one.outline.hasReturnValue && one.kind !== 'getter' && one.kind !== 'setter' && this.candidates.isLocally(one)) this.isFound = true;
      }
    }
  }
}

function* namesIn({ outline }: FunctionIr): Iterable<string> {
  yield* outline.members;
  yield* outline.freeNames;
  yield* outline.constructed;
}

import type { ClassIr, FunctionIr, ModuleIr } from '../../ir/index.js';

/** A file of the program's own. */
export interface ProgramFile {
  readonly name: string;
  /** The file's functions; listed when first asked for. */
  readonly module: ModuleIr;
  /** The file declares, by types or tags, that something in it lends memory. */
  readonly isLending: boolean;
  /** The file uses the word as a name. */
  names(word: string): boolean;
}

/** `Pool#take` and `Pool.take` are called as `take`; a private `Pool##take` as `#take`. */
export function calledAs(name: string): string {
  const end = /[#.](#?[^#.]*)$/.exec(name);
  return end?.[1] ?? name;
}

/** The program's functions by what they are called, and by what they name. Files are listed only when a name leads to them. */
export class ProgramIndex {
  private readonly files: readonly ProgramFile[];
  private readonly listed = new Set<ProgramFile>();
  private readonly byName = new Map<string, FunctionIr[]>();
  private readonly searched = new Set<string>();
  private readonly namers = new Map<string, FunctionIr[]>();
  private readonly storers = new Map<string, FunctionIr[]>();
  private readonly onClass: (class_: ClassIr) => void;

  /**
   * @param files - the program's own files
   * @param onClass - told of each class that is listed
   */
  constructor(files: readonly ProgramFile[], onClass: (class_: ClassIr) => void) {
    this.files = files;
    this.onClass = onClass;
  }

  /** Lists the files that are worth it whatever else is known. */
  list(isWorthIt: (file: ProgramFile) => boolean): readonly ModuleIr[] {
    return this.files.filter(isWorthIt).map((file) => {
      this.add(file);
      return file.module;
    });
  }

  private add(file: ProgramFile): void {
    if (this.listed.has(file)) return;
    this.listed.add(file);
    const put = (name: string, fn: FunctionIr): void => {
      const list = this.byName.get(name);
      if (list === undefined) this.byName.set(name, [fn]);
      else if (!list.includes(fn)) list.push(fn);
    };
    for (const fn of file.module.functions) if (fn.kind !== 'constructor' && fn.kind !== 'module' && fn.kind !== 'fields' && fn.kind !== 'static-block') put(calledAs(fn.name), fn);
    for (const class_ of file.module.classes) {
      this.onClass(class_);
      for (const fn of constructorsOf(class_)) put(class_.name, fn);
    }
    for (const fn of file.module.functions) {
      for (const name of new Set(namesIn(fn))) listIn(this.namers, name).push(fn);
      for (const name of fn.outline.stored) listIn(this.storers, name).push(fn);
    }
  }

  /** Functions called by a name, in files listed so far. */
  known(name: string): readonly FunctionIr[] {
    return this.byName.get(name) ?? [];
  }

  /** Functions called by a name, in any file. */
  all(name: string): readonly FunctionIr[] {
    if (!this.searched.has(name)) {
      this.searched.add(name);
      for (const file of this.files) if (!this.listed.has(file) && file.names(name)) this.add(file);
    }
    return this.known(name);
  }

  /** Functions that use a name; with `everywhere`, in files not listed so far, too. */
  naming(name: string, everywhere: boolean): readonly FunctionIr[] {
    if (everywhere) this.all(name);
    return this.namers.get(name) ?? [];
  }

  /** Functions that store something under a name, in files listed so far. */
  storing(name: string): readonly FunctionIr[] {
    return this.storers.get(name) ?? [];
  }

  /** All functions of the files listed so far. */
  *functions(): Iterable<FunctionIr> {
    for (const file of this.listed) yield* file.module.functions;
  }
}

function listIn(lists: Map<string, FunctionIr[]>, name: string): FunctionIr[] {
  let list = lists.get(name);
  if (list === undefined) lists.set(name, (list = []));
  return list;
}

/** The names by which a function refers to others. */
export function* namesIn({ outline }: FunctionIr): Iterable<string> {
  yield* outline.members;
  yield* outline.freeNames;
  yield* outline.constructed;
}

function constructorsOf(class_: ClassIr): FunctionIr[] {
  return [class_.constructorFunction, class_.fields].filter((fn) => fn !== undefined);
}

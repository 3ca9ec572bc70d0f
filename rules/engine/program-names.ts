import type ts from 'typescript';
import { calledAs } from './borrow/relevance/program.js';
import type { ProgramFile } from './borrow/relevance/index.js';
import type { ClassIr, FunctionIr, ModuleIr } from './ir/index.js';
import { programFilesOf } from './program-files.js';
import { declaresLending } from './types/lenders.js';

/** What analyses ask about a program's own files by name. */
export interface ProgramNames {
  /** Functions and classes that a name can stand for. */
  named(name: string): readonly (FunctionIr | ClassIr)[];
  /**
   * Functions that name a member, or a variable that is not their own.
   *
   * @param name - the member's or variable's
   * @param besides - only those of files in which one of these words occurs, too
   */
  touching(name: string, besides?: readonly string[]): readonly FunctionIr[];
}

/**
 * The functions and classes of a program's own files by name. Files are walked when the first name is asked for.
 *
 * @param program - the program
 * @param moduleOf - lowers a file
 * @returns what to look names up in
 */
export function programNamesOf(program: ts.Program, moduleOf: (file: ts.SourceFile) => ModuleIr): ProgramNames {
  let index: Map<string, (FunctionIr | ClassIr)[]> | undefined;
  let files: readonly NamedFile[] | undefined;
  const listed = (): readonly NamedFile[] => (files ??= programFilesOf(program, moduleOf));
  const touched = new Map<string, readonly FunctionIr[]>();
  const build = (): Map<string, (FunctionIr | ClassIr)[]> => {
    const built = new Map<string, (FunctionIr | ClassIr)[]>();
    const add = (name: string, item: FunctionIr | ClassIr): void => {
      const items = built.get(name);
      if (items === undefined) built.set(name, [item]);
      else items.push(item);
    };
    for (const { module } of listed()) {
      for (const fn of module.functions) add(calledAs(fn.name), fn);
      for (const class_ of module.classes) add(class_.name, class_);
    }
    return built;
  };
  return {
    touching(name, besides) {
      const key = besides === undefined ? name : `${name} ${besides.join(' ')}`;
      let found = touched.get(key);
      if (found === undefined) {
        // Only files that have the words are walked.
        const naming = listed().filter(({ names }) => names.has(name) && besides?.some((other) => names.has(other)) !== false);
        touched.set(key, (found = naming.flatMap(({ module }) => namingIn(module).get(name) ?? [])));
      }
      return found;
    },
    named: (name) => (index ??= build()).get(name) ?? [],
  };
}

type NamedFile = Pick<ReturnType<typeof programFilesOf>[number], 'names' | 'module'>;

const indices = new WeakMap<ModuleIr, ReadonlyMap<string, readonly FunctionIr[]>>();

/** The functions of a file by the members and the variables of others that they name. */
function namingIn(module: ModuleIr): ReadonlyMap<string, readonly FunctionIr[]> {
  const known = indices.get(module);
  if (known !== undefined) return known;
  const built = new Map<string, FunctionIr[]>();
  for (const fn of module.functions) {
    const { members, freeNames, captures } = fn.outline;
    for (const name of new Set([...members, ...freeNames, ...[...captures].map((variable) => variable.name)])) {
      const functions = built.get(name);
      if (functions === undefined) built.set(name, [fn]);
      else functions.push(fn);
    }
  }
  indices.set(module, built);
  return built;
}

/**
 * A program's own files, as far as names go. Nothing is lowered before a file's functions are asked for.
 *
 * @param program - the program
 * @param moduleOf - lowers a file
 * @returns the files
 */
export function memoryFilesOf(program: ts.Program, moduleOf: (file: ts.SourceFile) => ModuleIr): readonly ProgramFile[] {
  return programFilesOf(program, moduleOf).map((file) => {
    let isLending: boolean | undefined;
    return {
      name: file.path,
      get module() {
        return file.module;
      },
      get isLending() {
        return (isLending ??= declaresLending(file));
      },
      names: (word) => file.names.has(word),
    };
  });
}

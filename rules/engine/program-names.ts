import type ts from 'typescript';
import { calledAs, type ProgramNames as CalledNames } from './borrow/candidates.js';
import type { ClassIr, FunctionIr, ModuleIr } from './ir/index.js';

/** Types of the runtime and tags by which a file says that it lends memory. */
const lendingWords = /\b(?:Lending|Borrowed)\b|@(?:lends|owned|borrows|writes)\b/;

/** Where a method's name alone does not say whether it gives bytes: no file handles bytes or streams of them without one of these. */
const byteWords = /\w(?:8|16|32|64|Clamped)Array\b|Buffer|DataView|[Bb]ytes?|[Cc]hunk|Readable|Stream|Socket|TypedArray/;

/** What analyses ask about a program's own files by name. */
export interface ProgramNames extends CalledNames {
  /** Functions that name a member, or a variable that is not their own. */
  touching(name: string): readonly FunctionIr[];
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
  let touched: Map<string, FunctionIr[]> | undefined;
  const modules = (): ModuleIr[] => program.getSourceFiles().filter((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file)).map(moduleOf);
  const build = (): Map<string, (FunctionIr | ClassIr)[]> => {
    const built = new Map<string, (FunctionIr | ClassIr)[]>();
    const add = (name: string, item: FunctionIr | ClassIr): void => {
      const items = built.get(name);
      if (items === undefined) built.set(name, [item]);
      else items.push(item);
    };
    for (const module of modules()) {
      for (const fn of module.functions) add(calledAs(fn.name), fn);
      for (const class_ of module.classes) add(class_.name, class_);
    }
    return built;
  };
  const buildTouched = (): Map<string, FunctionIr[]> => {
    const built = new Map<string, FunctionIr[]>();
    for (const module of modules()) {
      for (const fn of module.functions) {
        const { members, freeNames, captures } = fn.outline;
        for (const name of new Set([...members, ...freeNames, ...[...captures].map((variable) => variable.name)])) {
          const functions = built.get(name);
          if (functions === undefined) built.set(name, [fn]);
          else functions.push(fn);
        }
      }
    }
    return built;
  };
  return {
    touching: (name) => (touched ??= buildTouched()).get(name) ?? [],
    named: (name) => (index ??= build()).get(name) ?? [],
    isLending: (module) => lendingWords.test(program.getSourceFile(module.file)?.text ?? ''),
    namesBytes: (module) => byteWords.test(program.getSourceFile(module.file)?.text ?? ''),
  };
}

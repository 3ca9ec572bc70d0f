import type ts from 'typescript';
import { calledAs, type ProgramNames } from './borrow/candidates.js';
import type { ClassIr, FunctionIr, ModuleIr } from './ir/index.js';

/** Types of the runtime and tags by which a file says that it lends memory. */
const lendingWords = /\b(?:Lending|Borrowed)\b|@(?:lends|owned|borrows|writes)\b/;

/** Where a method's name alone does not say whether it gives bytes: no file handles bytes or streams of them without one of these. */
const byteWords = /\w(?:8|16|32|64|Clamped)Array\b|Buffer|DataView|[Bb]ytes?|[Cc]hunk|Readable|Stream|Socket|TypedArray/;

/**
 * The functions and classes of a program's own files by name. Files are walked when the first name is asked for.
 *
 * @param program - the program
 * @param moduleOf - lowers a file
 * @returns what to look names up in
 */
export function programNamesOf(program: ts.Program, moduleOf: (file: ts.SourceFile) => ModuleIr): ProgramNames {
  let index: Map<string, (FunctionIr | ClassIr)[]> | undefined;
  const build = (): Map<string, (FunctionIr | ClassIr)[]> => {
    const built = new Map<string, (FunctionIr | ClassIr)[]>();
    const add = (name: string, item: FunctionIr | ClassIr): void => {
      const items = built.get(name);
      if (items === undefined) built.set(name, [item]);
      else items.push(item);
    };
    for (const file of program.getSourceFiles()) {
      if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) continue;
      const module = moduleOf(file);
      for (const fn of module.functions) add(calledAs(fn.name), fn);
      for (const class_ of module.classes) add(class_.name, class_);
    }
    return built;
  };
  return {
    named: (name) => (index ??= build()).get(name) ?? [],
    isLending: (module) => lendingWords.test(program.getSourceFile(module.file)?.text ?? ''),
    namesBytes: (module) => byteWords.test(program.getSourceFile(module.file)?.text ?? ''),
  };
}

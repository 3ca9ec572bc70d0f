import type ts from 'typescript';
import type { ModuleIr } from '../ir/index.js';
import { lowerFunction } from './body/function-body.js';
import { ModuleRecord } from './model.js';
import { walkModule } from './walk/module.js';

/**
 * Brings a file into the engine's own form. One walk over the syntax makes the scopes, the headers of functions and classes, and
 * what each touches; bodies are lowered when they are first read.
 * @param tsc the TypeScript that parsed the file.
 * @param sourceFile needs neither parent pointers nor a program.
 * @param onBody told of each body that is lowered.
 * @returns the file's functions and classes.
 */
export function lowerModule(tsc: typeof import('typescript'), sourceFile: ts.SourceFile, onBody?: () => void): ModuleIr {
  const module = new ModuleRecord(sourceFile, (fn) => {
    onBody?.();
    return lowerFunction(tsc, fn);
  });
  walkModule(tsc, module);
  return module;
}

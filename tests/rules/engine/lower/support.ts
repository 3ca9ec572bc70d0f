import ts from 'typescript';
import { checkBody } from '../../../../rules/engine/ir/invariants.js';
import type { FunctionIr, ModuleIr } from '../../../../rules/engine/ir/index.js';
import { printFunction } from '../../../../rules/engine/ir/printer.js';
import { lowerModule } from '../../../../rules/engine/lower/index.js';

/** Parses and lowers one file, without a program. */
export function lower(code: string, file = '/file.ts'): ModuleIr {
  return lowerModule(ts, ts.createSourceFile(file, code, { languageVersion: ts.ScriptTarget.Latest, impliedNodeFormat: undefined }));
}

export function functionNamed(module: ModuleIr, name: string): FunctionIr {
  const found = module.functions.find((fn) => fn.name === name);
  if (found === undefined) throw new Error(`no function ${name} among ${module.functions.map((fn) => fn.name).join(', ')}`);
  return found;
}

/** The text of one function's body, checked; `name` is `f` when not given. */
export function printed(code: string, name = 'f', file?: string): string {
  const fn = functionNamed(lower(code, file), name);
  const breaches = checkBody(fn);
  if (breaches.length > 0) throw new Error(breaches.join('\n'));
  return printFunction(fn);
}

/** Everything wrong with any function of the code: skipped bodies and breached invariants. */
export function problems(code: string, file?: string): string[] {
  return lower(code, file).functions.flatMap((fn) => {
    const skipped = fn.skipped === undefined ? [] : [`${fn.name}: ${fn.skipped}`];
    return [...skipped, ...checkBody(fn).map((breach) => `${fn.name}: ${breach}`)];
  });
}

/** Removes the common indentation of a template string and its first and last line breaks. */
export function text(template: string): string {
  const lines = template.replace(/^\n/u, '').replace(/\n\s*$/u, '').split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent)).join('\n');
}

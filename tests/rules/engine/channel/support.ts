import ts from 'typescript';
import type { FunctionIr, Instruction, Variable } from '../../../../rules/engine/ir/index.js';
import { factsOf, type Call, type Site } from '../../../../rules/engine/channel/facts.js';
import { sessionFor, type AsyncExplanation } from '../../../../rules/engine/session.js';
import { lint, typed } from '../../fixes/gate.js';
import { programOf, virtualPath } from '../../fixes/program.js';
import { functionNamed, lower } from '../lower/support.js';

/** The function `f` of some code. */
export function f(code: string): FunctionIr {
  return functionNamed(lower(code), 'f');
}

/** The variable of a name in a function: a parameter, or one that it declares. */
export function variable(fn: FunctionIr, name: string): Variable {
  const declared = factsOf(fn).sites.flatMap(({ instruction }) => ('target' in instruction && instruction.target.name === name ? [instruction.target] : []));
  const found = fn.parameters.find((parameter) => parameter.name === name) ?? declared[0];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** The calls of a method or function in a function, in the order of the text. */
export function calls(fn: FunctionIr, name: string): readonly Site<Call>[] {
  return factsOf(fn).sites.filter((site): site is Site<Call> => isCallOf(site.instruction, fn, name));
}

function isCallOf(instruction: Instruction, fn: FunctionIr, name: string): boolean {
  if (instruction.op !== 'call') return false;
  const { callee } = instruction;
  if (callee.kind === 'method') return callee.key.kind === 'name' && callee.key.name === name;
  if (callee.kind !== 'value') return false;
  const made = factsOf(fn).makerOf(callee.value);
  return callee.value.name === name || (made?.op === 'global' && made.name === name);
}

/** What is known about the whole of a file. */
export function explained(text: string, name = 'explained.ts', others: Readonly<Record<string, string>> = {}): AsyncExplanation {
  const files = Object.fromEntries(Object.entries({ ...others, [name]: text }).map(([file, content]) => [virtualPath(file), content]));
  const program = programOf(files);
  const file = program.getSourceFile(virtualPath(name));
  if (file === undefined) throw new Error(`there is no ${name}`);
  return sessionFor({ ts, program, settings: { runtime: 'never', contracts: undefined } }).explainAsync(file, { file: file.fileName, start: 0, end: file.end });
}

/** What a rule says about some code, potential findings included: the codes that are marked, in the order of the text. */
export function marked(rule: string, text: string): readonly string[] {
  const lines = text.split('\n');
  return lint(typed(text, { name: 'marked.ts' }), { rules: { [`borrowck/${rule}`]: ['error', { report: 'potential' }] } }).map(({ line, column, endLine, endColumn }) =>
    (lines[line - 1] ?? '').slice(column - 1, endLine === line && endColumn !== undefined ? endColumn - 1 : undefined),
  );
}

import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import ts from 'typescript';
import { engineFailures } from '../../rules/eslint/analysis.js';
import borrowck from '../../rules/index.js';

/** What one file showed: `undefined` when all is well. */
export interface Outcome {
  /** The parser did not take it: nothing to analyse. */
  readonly isUnparsable: boolean;
  readonly problem: string | undefined;
  /** Milliseconds that the rules took. */
  readonly spent: number;
}

/** How a text is looked at. */
export interface Look {
  /** Milliseconds that the rules may take. */
  readonly budget?: number;
  /** The compiler has checked the file before: its own work, which every typed rule pays for, is not counted. */
  readonly isChecked?: boolean;
}

const linter = new Linter({ configType: 'flat' });
const declarations = new Map<string, ts.SourceFile | undefined>();
const options: ts.CompilerOptions = { target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts'], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ['node'], allowJs: true, noEmit: true, skipLibCheck: true };

function programOf(file: string, text: string): ts.Program {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? text : readFile(name));
  host.getSourceFile = (name, version, ...rest) => {
    if (name === file) return ts.createSourceFile(name, text, version, true);
    if (!declarations.has(name)) declarations.set(name, getSourceFile(name, version, ...rest));
    return declarations.get(name);
  };
  return ts.createProgram([file], options, host);
}

/** The process's own time: a busy machine makes nothing look slow. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A tree's shape and positions, to see that no rule changed it. */
function fingerprint(node: unknown, seen = new Set<object>()): number {
  if (typeof node !== 'object' || node === null || seen.has(node)) return typeof node === 'string' ? node.length : Number(node) || 0;
  seen.add(node);
  let sum = 7;
  const work: object[] = [node];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    for (const [key, value] of Object.entries(at)) {
      if (key === 'parent' || key === 'loc' || key === 'tokens' || key === 'comments') continue;
      if (typeof value === 'object' && value !== null && !seen.has(value as object)) {
        seen.add(value as object);
        work.push(value as object);
      }
      sum = (Math.imul(sum, 31) + key.length + (typeof value === 'string' ? value.length : typeof value === 'number' ? value : 1)) | 0;
    }
  }
  return sum;
}

/** Lints one text with all rules. */
export function subject(name: string, text: string, { budget = Number.POSITIVE_INFINITY, isChecked = false }: Look = {}): Outcome {
  const file = `${import.meta.dirname}/${name}`;
  const failuresBefore = engineFailures().length;
  let spent = 0;
  let problem: string | undefined;
  let before = 0;
  let program: ts.Program | undefined;
  const watching: Linter.Config['plugins'] = {
    watch: {
      rules: {
        first: { create: (context) => ({ Program: () => { before = fingerprint(context.sourceCode.ast); if (isChecked) program?.getSemanticDiagnostics(program.getSourceFile(file)); spent = cpu(); } }) },
        last: { create: (context) => ({ 'Program:exit': () => { spent = cpu() - spent; if (fingerprint(context.sourceCode.ast) !== before) problem = 'a rule changed the tree'; } }) },
      },
    },
  };
  try {
    program = programOf(file, text);
    const messages = linter.verify(
      text,
      {
        files: ['**/*.{js,mjs,cjs,ts,mts,cts}'],
        languageOptions: { parser, parserOptions: { programs: [program] } },
        plugins: { ...watching, borrowck },
        rules: { 'watch/first': 'error', ...borrowck.configs.strict.rules, 'watch/last': 'error' },
      },
      { filename: file },
    );
    if (messages.some((message) => message.fatal === true)) return { isUnparsable: true, problem: undefined, spent: 0 };
  } catch (error) {
    // What the parser throws on is not ours.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (!/rules\/(?:engine|eslint|fixes|no-)/.test(stack)) return { isUnparsable: true, problem: undefined, spent: 0 };
    problem = stack;
  }
  const failure = engineFailures().slice(failuresBefore).at(-1);
  if (failure !== undefined) problem = failure.error instanceof Error ? (failure.error.stack ?? failure.error.message) : String(failure.error);
  problem ??= spent > budget ? `took ${(spent / 1000).toFixed(1)} s` : undefined;
  return { isUnparsable: false, problem, spent };
}

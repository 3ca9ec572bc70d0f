import type { ESLint, Linter } from 'eslint';
import type ts from 'typescript';
import { UsageError, oneLine } from './usage-error.js';
import type { Toolchain } from './toolchain.js';

export const PREFIX = 'borrowck/';

export interface LintRun {
  readonly toolchain: Toolchain;
  readonly program: ts.Program;
  /** Names with the plugin's prefix. */
  readonly rules: Linter.RulesRecord;
  readonly settings?: Linter.Config['settings'];
  /** An ancestor of every file. */
  readonly cwd: string;
  /** Called after each file. */
  onFile(): void;
}

/** ESLint's result, and whether the plugin itself failed on the file. */
export interface FileResult {
  readonly result: ESLint.LintResult;
  readonly isCrash: boolean;
}

/** Lints files of one program. The text that is linted is the program's, never the disk's: positions must agree. */
export async function lintFiles(run: LintRun, files: readonly string[]): Promise<FileResult[]> {
  const eslint = createESLint(run);
  const results: FileResult[] = [];
  for (const file of files) {
    const text = run.program.getSourceFile(file)?.text;
    if (text === undefined) {
      results.push(crash(file, 'TypeScript cannot read this file.'));
    } else {
      try {
        const [result] = await eslint.lintText(text, { filePath: file, warnIgnored: false });
        if (result !== undefined) {
          results.push({ result: ownMessages(result), isCrash: false });
        }
      } catch (error) {
        throwIfConfiguration(error, file);
        results.push(crash(file, `borrowck failed on this file: ${oneLine(error)}`));
        if (process.env['DEBUG']?.includes('borrowck') === true) {
          console.error(error);
        }
      }
    }
    run.onFile();
  }
  return results;
}

/** The adapter's own words for what the user must mend; ESLint appends where it happened. */
function throwIfConfiguration(error: unknown, file: string): void {
  if (error instanceof Error && error.name === 'ConfigurationError') {
    throw new UsageError(`${oneLine(error.message.split('\nOccurred while')[0])} (Seen in ${file}.)`);
  }
}

function createESLint({ toolchain, program, rules, settings = {}, cwd }: LintRun): ESLint {
  return new toolchain.ESLint({
    cwd,
    overrideConfigFile: true,
    overrideConfig: [
      { ignores: ['!**/node_modules/', '!**/node_modules/**', '!**/.*/', '!**/.*/**'] },
      {
        files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
        languageOptions: { parser: toolchain.parser, parserOptions: { programs: [program], warnOnUnsupportedTypeScriptVersion: false } },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        plugins: { borrowck: toolchain.plugin },
        settings,
        rules,
      },
    ],
  });
}

/** A file's own `eslint` comments may turn other rules on, name rules that are not there, or be of a kind that is no more: none of our business. */
function ownMessages(result: ESLint.LintResult): ESLint.LintResult {
  return withMessages(
    result,
    result.messages.filter((message) => (message.fatal === true && message.message.startsWith('Parsing error')) || message.ruleId?.startsWith(PREFIX) === true),
  );
}

/** The result with other messages, its counts made to agree. */
export function withMessages(result: ESLint.LintResult, messages: Linter.LintMessage[]): ESLint.LintResult {
  const errors = messages.filter((message) => message.severity === 2);
  const warnings = messages.filter((message) => message.severity === 1);
  return {
    ...result,
    messages,
    errorCount: errors.length,
    fatalErrorCount: errors.filter((message) => message.fatal === true).length,
    warningCount: warnings.length,
    fixableErrorCount: errors.filter((message) => message.fix !== undefined).length,
    fixableWarningCount: warnings.filter((message) => message.fix !== undefined).length,
  };
}

function crash(file: string, message: string): FileResult {
  const empty: ESLint.LintResult = {
    filePath: file,
    messages: [],
    suppressedMessages: [],
    errorCount: 0,
    fatalErrorCount: 0,
    warningCount: 0,
    fixableErrorCount: 0,
    fixableWarningCount: 0,
    usedDeprecatedRules: [],
  };
  return { result: withMessages(empty, [{ ruleId: null, fatal: true, severity: 2, message, line: 1, column: 1 }]), isCrash: true };
}

import { dirname, relative, resolve } from 'node:path';
import type { ESLint, Linter } from 'eslint';
import { placesOf } from '../engine/findings.js';
import { engineFailures } from '../eslint/analysis.js';
import { findingFor, recordFindings, stopRecordingFindings } from '../eslint/reported.js';
import { snapshotOfWork, workDone, type GivenUp } from '../engine/work.js';
import { render } from '../report/index.js';
import type { Format } from '../report/index.js';
import { discover, skipNotes } from './discover.js';
import { applyFixes } from './fix.js';
import { lintFiles, withMessages } from './lint.js';
import type { FileResult } from './lint.js';
import { ProgramBuilder, planUnits } from './programs.js';
import type { Unit } from './programs.js';
import { startProgress } from './progress.js';
import { replaceFile } from './replace.js';
import { selectRules } from './rules.js';
import { ownVersion } from './toolchain.js';
import type { Toolchain } from './toolchain.js';
import { oneLine } from './usage-error.js';

export interface CheckOptions {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly fix: boolean;
  /** Undefined: what each rule has by default. */
  readonly report: 'certain' | 'potential' | undefined;
  /** Empty: the recommended ones. */
  readonly rules: readonly string[];
  /** What functions do with bytes, as `settings.borrowck.contracts` has it. */
  readonly contracts?: unknown;
  readonly maxWarnings: number;
}

/** Where a check writes to. */
export interface Terminal {
  readonly cwd: string;
  readonly isColored: boolean;
  /** Columns to draw frames in. */
  readonly width: number;
  /** Whether a person watches stderr. */
  readonly isWatched: boolean;
  out(text: string): void;
  error(text: string): void;
}

export const EXIT = { clean: 0, findings: 1, failure: 2 } as const;

/** After so many passes, fixes that still find something to do are undoing each other. */
const MAX_PASSES = 10;

/**
 * Checks files and prints the report.
 *
 * @param options what the command line says
 * @param toolchain what to check with
 * @param terminal where to print
 * @returns the exit code: 0 clean, 1 findings (or files that cannot be parsed), 2 when the plugin failed on a file
 * @throws UsageError for what the user can mend
 */
export async function check(options: CheckOptions, toolchain: Toolchain, terminal: Terminal): Promise<number> {
  const rules = selectRules(toolchain.plugin, options.rules, options.report);
  const settings = { borrowck: { contracts: options.contracts } };
  const discovery = discover(options.paths, terminal.cwd);
  const { units, notes: projectNotes } = planUnits(toolchain.ts, discovery.files, terminal.cwd);
  const progress = startProgress('checking', 'files', discovery.files.length, terminal.isWatched && discovery.files.length > 1);
  const texts = new Map<string, string>();
  const notes = new Set<string>();
  const failuresBefore = engineFailures().length;
  const workBefore = snapshotOfWork();
  recordFindings();
  try {
    const results: FileResult[] = [];
    for (const unit of units) {
      const run = { toolchain, rules, settings, cwd: commonFolder(terminal.cwd, unit.files), texts, notes, onFile: () => progress.advance() };
      results.push(...(await checkUnit(unit, options.fix, run)));
    }
    progress.stop();
    for (const note of [...projectNotes, ...notes, ...skipNotes(discovery, terminal.cwd)]) {
      terminal.error(`note: ${note}\n`);
    }
    const partly = partlyAnalysed(workBefore.reasons, workDone().reasons);
    if (partly !== undefined) terminal.error(`note: ${partly}\n`);
    const failures = engineFailures().slice(failuresBefore);
    for (const { file, error } of failures) {
      terminal.error(`error: ${relative(terminal.cwd, file)} was not checked, because the analysis failed (${oneLine(error)}): please report it.\n`);
    }
    results.sort((a, b) => (a.result.filePath < b.result.filePath ? -1 : 1));
    const lintResults = results.map(({ result }) => result);
    terminal.out(
      render(options.format, {
        results: lintResults,
        rules: toolchain.plugin.rules ?? {},
        findingFor,
        sourceOf: (file) => texts.get(resolve(file)),
        cwd: terminal.cwd,
        version: ownVersion(),
        isColored: terminal.isColored,
        width: terminal.width,
      }),
    );
    return exitCode(lintResults, failures.length > 0 || results.some(({ isCrash }) => isCrash), options.maxWarnings);
  } finally {
    progress.stop();
    stopRecordingFindings();
  }
}

/** What was given up between two counts, in a sentence: silence must not be mistaken for clean. */
function partlyAnalysed(before: GivenUp, after: GivenUp): string | undefined {
  const own = after['own steps'] - before['own steps'];
  const file = after['steps of the file'] - before['steps of the file'];
  const idle = after['steps without memory'] - before['steps without memory'];
  const time = after.time - before.time;
  const count = own + file + idle + time;
  if (count === 0) return undefined;
  const reasons = [
    ...(own > 0 ? [`${own} by ${own === 1 ? 'itself' : 'themselves'}`] : []),
    ...(file > 0 ? [`${file} because of the size of ${file === 1 ? 'its file' : 'their files'}`] : []),
    ...(idle > 0 ? [`${idle} where no bytes came up on the way`] : []),
    ...(time > 0 ? [`${time} for lack of time`] : []),
  ];
  return `${count === 1 ? 'one group of functions' : `${count} groups of functions`} took too many steps to be analysed to the end (${reasons.join(', ')}); what they do with borrowed memory may go unseen.`;
}

function exitCode(results: readonly ESLint.LintResult[], hasCrashed: boolean, maxWarnings: number): number {
  if (hasCrashed) {
    return EXIT.failure;
  }
  const errors = results.reduce((sum, result) => sum + result.errorCount, 0);
  const warnings = results.reduce((sum, result) => sum + result.warningCount, 0);
  return errors > 0 || warnings > maxWarnings ? EXIT.findings : EXIT.clean;
}

interface UnitRun {
  readonly toolchain: Toolchain;
  readonly rules: Linter.RulesRecord;
  readonly settings: Linter.Config['settings'];
  readonly cwd: string;
  /** Receives the text of every file that a report may quote. */
  readonly texts: Map<string, string>;
  /** Receives sentences for the user that are no findings. */
  readonly notes: Set<string>;
  onFile(): void;
}

async function checkUnit(unit: Unit, isFixing: boolean, run: UnitRun): Promise<FileResult[]> {
  const builder = new ProgramBuilder(run.toolchain.ts, unit);
  const program = builder.program();
  let results = await lintFiles({ ...run, program }, unit.files);
  if (isFixing) {
    results = await fixUnit(builder, results, run);
  }
  results = results.map((each) => ({ ...each, result: gradeByCertainty(takeNotices(each.result, run.notes)) }));
  for (const { result } of results) {
    rememberTexts(result, run.texts, (file) => builder.program().getSourceFile(file)?.text);
  }
  return results;
}

/**
 * Fixes pass by pass. ESLint's own loop would lint the program's syntax trees, which are those of the text before the first pass:
 * here each pass has a program of its own.
 */
async function fixUnit(builder: ProgramBuilder, first: readonly FileResult[], run: UnitRun): Promise<FileResult[]> {
  const results = new Map(first.map((each) => [each.result.filePath, each]));
  const outputs = new Map<string, string>();
  let open = first;
  for (let pass = 0; pass < MAX_PASSES && open.length > 0; pass += 1) {
    const before = builder.program();
    const rewritten: string[] = [];
    for (const { result } of open) {
      const text = before.getSourceFile(result.filePath)?.text;
      const output = text === undefined ? undefined : applyFixes(text, result.messages);
      if (output !== undefined) {
        builder.rewrite(result.filePath, output);
        rewritten.push(result.filePath);
      }
    }
    const next = rewritten.length === 0 ? [] : await lintFiles({ ...run, program: builder.program(), onFile: () => undefined }, rewritten);
    open = next.filter(({ result, isCrash }) => {
      const file = result.filePath;
      if (isCrash || result.fatalErrorCount > 0) {
        // A fix that breaks the file is worse than none: the file stays as it was before this pass.
        builder.rewrite(file, before.getSourceFile(file)?.text ?? '');
        return false;
      }
      outputs.set(file, builder.program().getSourceFile(file)?.text ?? '');
      return true;
    });
    for (const each of open) {
      results.set(each.result.filePath, each);
    }
  }
  for (const [file, output] of outputs) {
    replaceFile(file, output);
  }
  return [...results.values()].map((each) => {
    const output = outputs.get(each.result.filePath);
    return output === undefined ? each : { ...each, result: { ...each.result, output } };
  });
}

/** What kept the engine from seeing the whole of a program is no finding: it goes to the notes. */
function takeNotices(result: ESLint.LintResult, notes: Set<string>): ESLint.LintResult {
  const isNotice = (message: Linter.LintMessage): boolean => message.messageId === 'notice';
  for (const { message } of result.messages.filter(isNotice)) {
    notes.add(message);
  }
  return withMessages(result, result.messages.filter((message) => !isNotice(message)));
}

/** What is only potential is a warning, so that `--max-warnings` can tolerate it. */
function gradeByCertainty(result: ESLint.LintResult): ESLint.LintResult {
  const messages = result.messages.map((message): Linter.LintMessage => {
    const finding = message.ruleId === null ? undefined : findingFor(result.filePath, message.ruleId, message.line, message.column);
    return finding?.certainty === 'potential' ? { ...message, severity: 1 } : message;
  });
  return withMessages(result, messages);
}

function rememberTexts(result: ESLint.LintResult, texts: Map<string, string>, textOf: (file: string) => string | undefined): void {
  for (const message of result.messages) {
    const finding = message.ruleId === null ? undefined : findingFor(result.filePath, message.ruleId, message.line, message.column);
    const places = finding === undefined ? [] : placesOf(finding);
    for (const file of [result.filePath, ...places.map((at) => at.file)]) {
      const text = textOf(file);
      if (text !== undefined) {
        texts.set(resolve(file), text);
      }
    }
  }
}

/** The nearest folder that holds the files and, where it can, the working directory: ESLint looks at nothing above its own. */
function commonFolder(cwd: string, files: readonly string[]): string {
  let folder = cwd;
  for (const file of files) {
    while (!file.startsWith(folder.endsWith('/') ? folder : `${folder}/`) && folder !== dirname(folder)) {
      folder = dirname(folder);
    }
  }
  return folder;
}


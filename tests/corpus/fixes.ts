import { realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Linter } from 'eslint';
import { discover } from '../../rules/cli/discover.js';
import { applyFixes } from '../../rules/cli/fix.js';
import { lintFiles } from '../../rules/cli/lint.js';
import { ProgramBuilder, planUnits } from '../../rules/cli/programs.js';
import { selectRules } from '../../rules/cli/rules.js';
import type { Toolchain } from '../../rules/cli/toolchain.js';
import { typeErrorsOf } from '../rules/fixes/program.js';
import { commentsOf, newOnes } from '../rules/fixes/texts.js';
import type { CorpusPackage } from './packages.js';
import { folderOf } from './packages.js';

/** What the rewrites of a package's findings come to. */
export interface FixesCheck {
  /** How often each rewrite was tried: `no-borrowed-yield copy`. */
  readonly tried: Readonly<Record<string, number>>;
  /** How many passes of `--fix` it takes until nothing changes any more. */
  readonly passes: number;
  /** What is wrong with them, in a sentence each. */
  readonly problems: readonly string[];
}

/** ESLint gives up after ten passes. */
const MOST_PASSES = 10;

/**
 * Runs the gate of the fixes on real code: each fix and each suggestion by itself parses, brings no new type error, loses no comment,
 * and leaves its finding behind; all that `--fix` applies together comes to an end, and then has mended what it could.
 *
 * @param corpusPackage the package
 * @param toolchain what to check with
 * @returns what was tried, and what failed
 */
export async function checkFixes(corpusPackage: CorpusPackage, toolchain: Toolchain): Promise<FixesCheck> {
  const folder = realpathSync(folderOf(corpusPackage));
  const { files } = discover(corpusPackage.paths.map((path) => resolve(folder, path)), folder);
  const rules = selectRules(toolchain.plugin, Object.keys(toolchain.plugin.rules ?? {}), 'potential');
  const problems: string[] = [];
  const tried: Record<string, number> = {};
  let passes = 0;
  for (const unit of planUnits(toolchain.ts, files, folder).units) {
    const builder = new ProgramBuilder(toolchain.ts, unit);
    const textOf = (file: string): string => builder.program().getSourceFile(file)?.text ?? '';
    const lint = async (which: readonly string[]): Promise<ReadonlyMap<string, readonly Linter.LintMessage[]>> => {
      const results = await lintFiles({ toolchain, program: builder.program(), rules, cwd: folder, onFile: () => undefined }, which);
      return new Map(results.map(({ result }) => [result.filePath, result.messages]));
    };
    const found = await lint(unit.files);
    for (const [file, messages] of found) {
      const text = textOf(file);
      const errors = messages.some(isRewritable) ? typeErrorsOf(builder.program(), file) : [];
      for (const { message, how, fix } of messages.flatMap(rewritesOf)) {
        const name = `${message.ruleId?.replace('borrowck/', '') ?? ''} ${how}`;
        tried[name] = (tried[name] ?? 0) + 1;
        const fixed = applyFixes(text, [{ ...message, fix }]) ?? text;
        builder.rewrite(file, fixed);
        const where = `${relative(folder, file)}:${message.line} ${name}`;
        problems.push(...losses(text, fixed, errors, file, builder).map((loss) => `${where}: ${loss}`));
        const stays = ((await lint([file])).get(file) ?? []).some((left) => isSame({ message: left, text: fixed }, { message, text }));
        if (stays) problems.push(`${where}: the finding stays`);
        builder.rewrite(file, text);
      }
    }
    const together = await fixAll(found, builder, lint);
    passes = Math.max(passes, together.passes);
    problems.push(...together.problems.map((problem) => `all together: ${problem}`));
  }
  return { tried, passes, problems };
}

type Findings = ReadonlyMap<string, readonly Linter.LintMessage[]>;

/** What `--fix` does: pass after pass, until nothing changes. */
async function fixAll(found: Findings, builder: ProgramBuilder, lint: (files: readonly string[]) => Promise<Findings>): Promise<Pick<FixesCheck, 'passes' | 'problems'>> {
  const before = new Map<string, { readonly text: string; readonly errors: readonly string[] }>();
  const remember = (file: string): string => {
    const text = builder.program().getSourceFile(file)?.text ?? '';
    if (!before.has(file)) before.set(file, { text, errors: typeErrorsOf(builder.program(), file) });
    return text;
  };
  let open = found;
  let passes = 0;
  for (; ; passes++) {
    const fixed = [...open].flatMap(([file, messages]) => (messages.some(({ fix }) => fix !== undefined) ? [{ file, messages, text: remember(file) }] : []));
    const changed = fixed.flatMap(({ file, messages, text }) => {
      const after = applyFixes(text, messages);
      return after === undefined ? [] : [{ file, after }];
    });
    if (changed.length === 0 || passes === MOST_PASSES) break;
    for (const { file, after } of changed) builder.rewrite(file, after);
    open = await lint(changed.map(({ file }) => file));
  }
  const problems = [...before].flatMap(([file, { text, errors }]) => losses(text, builder.program().getSourceFile(file)?.text ?? '', errors, file, builder));
  return { passes, problems: passes === MOST_PASSES ? [...problems, `not done after ${passes} passes`] : problems };
}

/** What is lost by a rewrite: a program without errors, or a comment. */
function losses(text: string, fixed: string, errors: readonly string[], file: string, builder: ProgramBuilder): readonly string[] {
  const lostComments = newOnes(commentsOf(text, file), commentsOf(fixed, file)).map((comment) => `the comment ${comment} is lost`);
  return [...newOnes(typeErrorsOf(builder.program(), file), errors).slice(0, 1), ...lostComments];
}

interface Placed {
  readonly message: Linter.LintMessage;
  readonly text: string;
}

/** The same is said of the same place, as far from the beginning or from the end as it was: a rewrite changes one of the two. */
function isSame(one: Placed, other: Placed): boolean {
  if (one.message.ruleId !== other.message.ruleId || withoutLines(one.message) !== withoutLines(other.message)) return false;
  return startOf(one) === startOf(other) || one.text.length - endOf(one) === other.text.length - endOf(other);
}

function withoutLines({ message }: Linter.LintMessage): string {
  return message.replaceAll(/(?:line |:)\d+/g, '');
}

function startOf({ message: { line, column }, text }: Placed): number {
  return offsetOf(text, line, column);
}

function endOf({ message: { line, column, endLine = line, endColumn = column }, text }: Placed): number {
  return offsetOf(text, endLine, endColumn);
}

function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split(/(?<=\n)/);
  return lines.slice(0, line - 1).reduce((sum, one) => sum + one.length, 0) + column - 1;
}

interface Rewrite {
  readonly message: Linter.LintMessage;
  readonly how: string;
  readonly fix: NonNullable<Linter.LintMessage['fix']>;
}

function rewritesOf(message: Linter.LintMessage): readonly Rewrite[] {
  const suggested = (message.suggestions ?? []).map(({ fix, messageId }) => ({ message, how: messageId ?? 'suggestion', fix }));
  return message.fix === undefined ? suggested : [{ message, how: '--fix', fix: message.fix }, ...suggested];
}

function isRewritable(message: Linter.LintMessage): boolean {
  return message.fix !== undefined || (message.suggestions ?? []).length > 0;
}

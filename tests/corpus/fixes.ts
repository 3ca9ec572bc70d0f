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
  /** How many fixes and suggestions were tried. */
  readonly tried: number;
  /** What is wrong with them, in a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Runs the gate of the fixes on real code: each fix and each suggestion by itself parses, brings no new type error, loses no comment,
 * and leaves fewer findings.
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
  let tried = 0;
  for (const unit of planUnits(toolchain.ts, files, folder).units) {
    const builder = new ProgramBuilder(toolchain.ts, unit);
    const lint = async (which: readonly string[]): Promise<ReadonlyMap<string, readonly Linter.LintMessage[]>> => {
      const results = await lintFiles({ toolchain, program: builder.program(), rules, cwd: folder, onFile: () => undefined }, which);
      return new Map(results.map(({ result }) => [result.filePath, result.messages]));
    };
    for (const [file, messages] of await lint(unit.files)) {
      const text = builder.program().getSourceFile(file)?.text ?? '';
      const errors = messages.some(isRewritable) ? typeErrorsOf(builder.program(), file) : [];
      for (const { message, how, fix } of messages.flatMap(rewritesOf)) {
        tried++;
        const fixed = applyFixes(text, [{ ...message, fix }]) ?? text;
        builder.rewrite(file, fixed);
        const where = `${relative(folder, file)}:${message.line} ${message.ruleId ?? ''} (${how})`;
        const [error] = newOnes(typeErrorsOf(builder.program(), file), errors);
        if (error !== undefined) problems.push(`${where}: ${error}`);
        if (newOnes(commentsOf(text, file), commentsOf(fixed, file)).length > 0) problems.push(`${where}: a comment is lost`);
        const left = (await lint([file])).get(file) ?? [];
        if (left.length >= messages.length) problems.push(`${where}: the finding stays`);
        builder.rewrite(file, text);
      }
    }
  }
  return { tried, problems };
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

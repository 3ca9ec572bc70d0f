import type { Rule } from 'eslint';
import type { FixContext } from '../fixes/context.js';
import { editsOf, type EditPlan } from '../fixes/plan.js';
import { fixContextOf } from '../source/fix-context.js';
import type { Analysis } from './analysis.js';
import { isSameText } from './location.js';
import { mayUseRuntime } from './runtime-package.js';
import { settingsOf } from './settings.js';
import { typescriptOf } from './typescript.js';

/**
 * What fixes of a file may ask, made when the first of them does.
 *
 * @param context - the rule's context
 * @param analysis - the analysis of the linted file
 * @returns the context; undefined where the program's text is not the linted one: a processor or a framework's parser took it out of a larger file
 */
export function planContext(context: Rule.RuleContext, { file }: Analysis): () => FixContext | undefined {
  let made: FixContext | undefined;
  return () => {
    if (!isSameText(file.sourceFile, context)) return undefined;
    if (made !== undefined) return made;
    const source = { ts: typescriptOf(file, context.cwd), program: file.program, file: file.sourceFile };
    const hasRuntime = mayUseRuntime(context.physicalFilename, settingsOf(context.settings).runtime);
    return (made = fixContextOf(source, { hasRuntime, isScript: context.sourceCode.ast.sourceType !== 'module' }));
  };
}

/**
 * The fix that carries a plan out.
 *
 * @param plan - the plan, if there is one
 * @returns the fix; null where there is nothing to carry out
 */
export function fixOf(plan: EditPlan | undefined): Rule.ReportFixer | null {
  if (plan === undefined || plan.applicability === 'manual') return null;
  return (fixer) => editsOf(plan).map((edit) => fixer.replaceTextRange([edit.start, edit.end], edit.text));
}

/**
 * A title fits on one line of an editor's menu.
 *
 * @param text - what to shorten
 * @returns at most sixty characters on one line
 */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}

import type { AST, Rule } from 'eslint';
import type ts from 'typescript';
import type { Analysis } from './analysis.js';

/** A program's notices are told once: by this rule, at this file. */
const noticed = new WeakMap<ts.Program, string>();

/** Tells what kept the engine from seeing the whole of the file. */
export function reportNotices(context: Rule.RuleContext, { file, notices }: Analysis, range: AST.Range | undefined): void {
  if (notices.length === 0 || range === undefined) return;
  const here = `${context.id}:${file.sourceFile.fileName}`;
  const teller = noticed.get(file.program) ?? here;
  noticed.set(file.program, teller);
  if (teller !== here) return;
  for (const notice of notices) {
    context.report({ loc: { line: 1, column: 0 }, messageId: 'notice', data: { notice } });
  }
}

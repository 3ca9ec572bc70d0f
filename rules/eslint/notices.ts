import type { AST, Rule } from 'eslint';
import type ts from 'typescript';
import type { Analysis } from './analysis.js';

/** Each notice is told once in a program: by this rule, at this file. */
const noticed = new WeakMap<ts.Program, Map<string, string>>();

/** Tells what kept the engine from seeing the whole of the file. */
export function reportNotices(context: Rule.RuleContext, { file, notices }: Analysis, range: AST.Range | undefined): void {
  if (notices.length === 0 || range === undefined) return;
  const here = `${context.id}:${file.sourceFile.fileName}`;
  let tellers = noticed.get(file.program);
  if (tellers === undefined) noticed.set(file.program, (tellers = new Map<string, string>()));
  for (const notice of notices) {
    const teller = tellers.get(notice) ?? here;
    tellers.set(notice, teller);
    if (teller === here) context.report({ loc: { line: 1, column: 0 }, messageId: 'notice', data: { notice } });
  }
}

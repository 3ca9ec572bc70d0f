import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type ts from 'typescript';
import { domains } from '../engine/findings.js';
import { sessionFor } from '../engine/session.js';
import { EXIT, type Terminal } from './check.js';
import { Page } from './explain-page.js';
import { ownConfigurationOf } from './own-configuration.js';
import { ProgramBuilder, planUnits } from './programs.js';
import type { Toolchain } from './toolchain.js';
import { UsageError } from './usage-error.js';

/**
 * Prints what the analysis makes of one line: what it reports there, what the code has in its hands, the contracts of the calls, the
 * loans, and what becomes of them.
 *
 * @param place - as the command line has it: `src/read.ts:12`, a column after it counts for nothing
 * @param toolchain - what to analyse with
 * @param terminal - where to print
 * @returns the exit code: 0, also where something is reported
 * @throws {UsageError} when the place is not one, or the configuration must be mended first
 */
export async function explain(place: string, toolchain: Toolchain, terminal: Terminal): Promise<number> {
  const { path, line } = parsePlace(place);
  const file = resolve(terminal.cwd, path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`There is no file \`${path}\`.`);
  const { units, notes } = planUnits(toolchain.ts, [file], terminal.cwd);
  const [unit] = units;
  const program = unit && new ProgramBuilder(toolchain.ts, unit).program();
  const sourceFile = program?.getSourceFile(file);
  if (program === undefined || sourceFile === undefined || sourceFile.isDeclarationFile) throw new UsageError(`\`${path}\` holds no code: name a TypeScript or JavaScript file.`);
  const [error] = program.getSyntacticDiagnostics(sourceFile);
  if (error !== undefined) throw new UsageError(`\`${path}\` cannot be parsed: ${toolchain.ts.flattenDiagnosticMessageText(error.messageText, ' ')}`);
  const lines = sourceFile.getLineStarts().length;
  if (line < 1 || line > lines) throw new UsageError(`\`${path}\` has ${lines === 1 ? 'one line' : `${lines} lines`}: there is no line ${line}.`);
  const configuration = await ownConfigurationOf(file, toolchain);
  const session = sessionFor({ ts: toolchain.ts, program, settings: configuration.settings, root: terminal.cwd });
  for (const note of [...notes, ...session.notices(sourceFile), ...(configuration.note === undefined ? [] : [configuration.note])]) terminal.error(`note: ${note}\n`);
  const statement = statementAt(toolchain.ts, sourceFile, line);
  const watch = { file: sourceFile.fileName, ...statement };
  const explanation = session.explain(sourceFile, watch);
  const asynchronous = session.explainAsync(sourceFile, watch);
  const findings = domains.flatMap((domain) => session.findings(sourceFile, domain));
  const page = new Page({ program, sourceFile, cwd: terminal.cwd, line, statement, findings, explanation, asynchronous, rules: configuration.rules });
  terminal.out(page.render());
  return EXIT.clean;
}

function parsePlace(place: string): { readonly path: string; readonly line: number } {
  const [, path, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(place) ?? [];
  if (path === undefined || line === undefined) throw new UsageError(`\`${place}\` is not a place: write FILE:LINE, as in \`borrowck explain src/read.ts:12\`.`);
  return { path, line: Number(line) };
}

/** The code that a reader means by a line: what begins on it, or the statement that it continues. */
function statementAt(t: typeof ts, sourceFile: ts.SourceFile, line: number): { readonly start: number; readonly end: number } {
  const starts = sourceFile.getLineStarts();
  const start = starts[line - 1] ?? 0;
  const end = starts[line] ?? sourceFile.end + 1;
  const first = start + Math.max(0, sourceFile.text.slice(start, end).search(/\S/));
  let begin = start;
  const visit = (node: ts.Node): void => {
    if (node.getStart(sourceFile) <= first && first < node.end) {
      if (t.isExpressionStatement(node) || t.isVariableStatement(node) || t.isReturnStatement(node) || t.isThrowStatement(node)) begin = node.getStart(sourceFile);
    } else if (node.end > start || node.pos < begin) return;
    // What a function or class holds is read line by line, and so is what follows it.
    if (t.isBlock(node) || t.isClassLike(node)) begin = start;
    t.forEachChild(node, visit);
  };
  visit(sourceFile);
  return { start: Math.min(begin, start), end };
}

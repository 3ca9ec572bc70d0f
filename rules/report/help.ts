import type { Linter } from 'eslint';
import { isBorrowFinding, type Finding } from '../engine/findings.js';
import { SourceText } from './source-text.js';

/** More changed lines than this say less than the fix's description. */
const MAX_LINES = 3;

/** What to do about a problem, a sentence each. */
export function helpFor(message: Linter.LintMessage, finding: Finding | undefined, source: SourceText): string[] {
  const help: string[] = [];
  if (message.fix !== undefined) {
    const lines = changedLines(source, message.fix);
    help.push(lines.length > 0 && lines.length <= MAX_LINES ? `\`--fix\` rewrites it to: ${lines.map((line) => `\`${line}\``).join(' and ')}` : '`--fix` rewrites it');
  }
  for (const suggestion of message.suggestions ?? []) {
    help.push(message.fix === undefined ? suggestion.desc : `or: ${suggestion.desc}`);
  }
  if (help.length === 0 && finding !== undefined) {
    help.push(generalHelp(finding));
  }
  return help;
}

function generalHelp(finding: Finding): string {
  if (!isBorrowFinding(finding)) return finding.advice;
  const { region, escape } = finding;
  const copy = escape.type === 'Buffer' ? '`Buffer.from(view)`' : '`view.slice()`';
  return region.isLent
    ? `copy the bytes while they are valid (${copy})`
    : `hand out a copy (${copy}), or allocate \`${region.name}\` afresh before it is written again`;
}

/** The lines that a fix leaves different from before, trimmed. */
function changedLines(source: SourceText, { range: [start, end], text }: Linter.LintMessage['fix'] & object): string[] {
  const before = source.text;
  const fixed = new SourceText(before.slice(0, start) + text + before.slice(end));
  const unchanged = new Map<string, number>();
  const first = source.positionOf(start).line;
  const last = source.positionOf(end).line;
  for (let line = first; line <= last; line += 1) {
    const content = source.line(line);
    unchanged.set(content, (unchanged.get(content) ?? 0) + 1);
  }
  const changed: string[] = [];
  const lastFixed = fixed.positionOf(start + text.length).line;
  for (let line = first; line <= lastFixed; line += 1) {
    const content = fixed.line(line);
    const count = unchanged.get(content) ?? 0;
    if (count > 0) {
      unchanged.set(content, count - 1);
    } else if (content.trim() !== '') {
      changed.push(content.trim());
    }
  }
  return changed;
}

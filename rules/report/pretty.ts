import type { ESLint, Linter } from 'eslint';
import { drawFrame, gutterWidth } from './frame.js';
import { helpFor } from './help.js';
import { findingOf } from './input.js';
import type { ReportInput } from './input.js';
import { Sources, shownPath } from './sources.js';
import { spanOfMessage, spansOf } from './spans.js';
import type { Span } from './spans.js';
import { createStyle } from './style.js';
import type { Style } from './style.js';

/** Frames as rustc draws them, then one line that counts. */
export function renderPretty(input: ReportInput): string {
  const style = createStyle(input.isColored);
  const sources = new Sources(input);
  const entries = input.results.flatMap((result) => result.messages.map((message) => drawEntry(result, message, input, sources, style)));
  return [...entries, summary(input.results, style)].join('\n\n') + '\n';
}

function drawEntry(result: ESLint.LintResult, message: Linter.LintMessage, input: ReportInput, sources: Sources, style: Style): string {
  const source = sources.of(result.filePath);
  const finding = findingOf(input, result.filePath, message);
  const spans = finding === undefined ? [spanOfMessage(result.filePath, message, source)] : spansOf(finding);
  const files = [...new Set([result.filePath, ...spans.map((span) => span.file)])];
  const gutter = Math.max(...spans.map((span) => gutterWidth(sources.of(span.file), [span])));
  const lines = [header(message, style)];
  for (const [index, file] of files.entries()) {
    const own = spans.filter((span) => span.file === file);
    const [line, column] = index === 0 ? [message.line, message.column] : startOf(own, sources);
    const arrow = style.gutter(`${' '.repeat(gutter)}${index === 0 ? '-->' : ':::'}`);
    lines.push(`${arrow} ${shownPath(file, input.cwd)}:${line}:${column}`);
    if (own.length > 0) {
      lines.push(...drawFrame(sources.of(file), own, gutter, input.width, style));
    }
  }
  const help = helpFor(message, finding, source);
  if (help.length > 0) {
    lines.push(style.gutter(`${' '.repeat(gutter)} |`), ...help.map((text) => `${style.gutter(`${' '.repeat(gutter)} =`)} ${style.title('help')}: ${text}`));
  }
  return lines.join('\n');
}

function header(message: Linter.LintMessage, style: Style): string {
  const isError = message.severity === 2;
  const name = message.ruleId ?? (message.message.startsWith('Parsing error') ? 'syntax' : 'failure');
  const level = `${isError ? 'error' : 'warning'}[${name}]`;
  return `${isError ? style.error(level) : style.warning(level)}${style.title(`: ${message.message.replace(/^Parsing error: /, '')}`)}`;
}

function startOf(spans: readonly Span[], sources: Sources): [number, number] {
  const [first] = spans;
  if (first === undefined) {
    return [1, 1];
  }
  const { line, column } = sources.of(first.file).positionOf(first.start);
  return [line, column];
}

function summary(results: readonly ESLint.LintResult[], style: Style): string {
  const errors = results.reduce((sum, result) => sum + result.errorCount, 0);
  const warnings = results.reduce((sum, result) => sum + result.warningCount, 0);
  const fixed = results.filter((result) => result.output !== undefined).length;
  const files = `${plural(results.length, 'file')} checked${fixed > 0 ? `, ${plural(fixed, 'file')} rewritten` : ''}`;
  if (errors + warnings === 0) {
    return `${style.title('clean')}: ${files}`;
  }
  const affected = results.filter((result) => result.messages.length > 0).length;
  const counts = [errors > 0 ? style.error(plural(errors, 'error')) : '', warnings > 0 ? style.warning(plural(warnings, 'warning')) : ''];
  return `${counts.filter((count) => count !== '').join(' and ')} in ${plural(affected, 'file')} (${files})`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

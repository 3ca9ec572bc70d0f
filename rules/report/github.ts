import type { ReportInput } from './input.js';
import { shownPath } from './sources.js';

/** Workflow commands that GitHub Actions turns into annotations. */
export function renderGithub(input: ReportInput): string {
  return input.results
    .flatMap((result) =>
      result.messages.map((message) => {
        const properties = [
          ['file', shownPath(result.filePath, input.cwd)],
          ['line', message.line],
          ['col', message.column],
          ['endLine', message.endLine],
          ['endColumn', message.endColumn],
          ['title', message.ruleId ?? 'borrowck'],
        ] as const;
        const written = properties.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`]));
        return `::${message.severity === 2 ? 'error' : 'warning'} ${written.join(',')}::${escapeData(message.message)}\n`;
      }),
    )
    .join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

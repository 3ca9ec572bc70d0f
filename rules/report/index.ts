import { renderGithub } from './github.js';
import type { ReportInput } from './input.js';
import { renderPretty } from './pretty.js';
import { renderSarif } from './sarif.js';

export type { ReportInput } from './input.js';

export const FORMATS = ['pretty', 'json', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Writes the results of a check.
 *
 * @param format which kind of text
 * @param input the results and what else a report quotes
 * @returns the whole text, for stdout
 */
export function render(format: Format, input: ReportInput): string {
  switch (format) {
    case 'pretty':
      return renderPretty(input);
    case 'json':
      return `${JSON.stringify(input.results)}\n`;
    case 'sarif':
      return renderSarif(input);
    case 'github':
      return renderGithub(input);
  }
}

import type { ESLint, Linter } from 'eslint';
import type { Finding } from '../engine/findings.js';

/** What reports show of a rule. */
export interface RuleDescription {
  readonly meta?: { readonly docs?: RuleDocs | undefined } | undefined;
}

export interface RuleDocs {
  readonly description?: string | undefined;
  readonly url?: string | undefined;
}

/** What every report is made from. */
export interface ReportInput {
  readonly results: readonly ESLint.LintResult[];
  /** The plugin's rules, by name without the prefix. */
  readonly rules: Readonly<Record<string, RuleDescription>>;
  /** The finding that a message was made from. */
  findingFor(filename: string, ruleId: string, line: number, column: number): Finding | undefined;
  /** The text that was linted, where it is known without reading the file. */
  sourceOf(file: string): string | undefined;
  /** What paths are shown relative to. */
  readonly cwd: string;
  readonly version: string;
  readonly isColored: boolean;
  /** Columns to draw in. */
  readonly width: number;
}

export const PREFIX = 'borrowck/';

/** The finding behind a message; undefined for messages of no rule, and where none is remembered. */
export function findingOf(input: ReportInput, file: string, message: Linter.LintMessage): Finding | undefined {
  return message.ruleId === null ? undefined : input.findingFor(file, message.ruleId, message.line, message.column);
}

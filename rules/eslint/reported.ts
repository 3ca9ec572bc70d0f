import type { Finding } from '../engine/findings.js';

/**
 * A side channel beside ESLint's messages, which carry one location and one line of text: reports that draw the allocation, the
 * escape and the overwrite need the finding itself. Off unless someone asks for it, so that an editor's long-lived process keeps
 * nothing.
 */
let recorded: Map<string, Finding> | undefined;

function key(filename: string, ruleId: string, line: number, column: number): string {
  return `${line}:${column}:${ruleId}:${filename}`;
}

/** From now on findings are remembered; what was remembered before is forgotten. */
export function recordFindings(): void {
  recorded = new Map();
}

/** Forgets all findings and remembers no more. */
export function stopRecordingFindings(): void {
  recorded = undefined;
}

/**
 * Called by the adapter for each problem it reports.
 *
 * @param filename as in `context.filename`
 * @param ruleId with the plugin's prefix: `borrowck/no-borrowed-yield`
 * @param line of the problem's start, from 1
 * @param column of the problem's start, from 1, as in ESLint's messages
 * @param finding what the problem was made from
 */
export function rememberFinding(filename: string, ruleId: string, line: number, column: number, finding: Finding): void {
  recorded?.set(key(filename, ruleId, line, column), finding);
}

/**
 * @param filename as in ESLint's result (`filePath`)
 * @param ruleId with the plugin's prefix: `borrowck/no-borrowed-yield`
 * @param line of the message, from 1
 * @param column of the message, from 1
 * @returns the finding that the message was made from, or undefined when there is none or nothing was recorded
 */
export function findingFor(filename: string, ruleId: string, line: number, column: number): Finding | undefined {
  return recorded?.get(key(filename, ruleId, line, column));
}

import type { Linter } from 'eslint';
import { resolve } from 'node:path';
import { repositoryRoot } from './fixtures.js';
import type { ExpectedFinding, ExpectedPart, Place } from './markers.js';

/** What a message says, read back from its text: the buffer's name and where it comes from, what overwrites it and where. */
interface Said {
  readonly memory: SaidPart;
  readonly overwrite: SaidPart;
}

interface SaidPart {
  readonly text: string;
  readonly place: Place | undefined;
}

const PLACE = String.raw`(?: on line (?<line>\d+)| at (?<file>\S+?):(?<fileLine>\d+))?`;
const MEMORY = new RegExp(String.raw`(?:\x60(?<text>[^\x60]+)\x60|a buffer) \((?:allocated|lent|received|taken)${PLACE}\)`);
/** What a chain of calls ends in, and where. */
const CHAIN = /blocks the event loop: (?<text>\S.* → .*?) \((?:line (?<line>\d+)|(?<file>\S+):(?<fileLine>\d+))\)/;
const OVERWRITE = new RegExp(
  String.raw`(?:overwritten|transferred away|detached|released|reused|taken back|only lent until the (?:function|\x60await\x60))${PLACE}(?: when its memory grows| once)?(?: by (?:\x60(?<text>[^\x60]+)\x60|(?<words>[^,;:.]+)))?`,
);

/**
 * Describes the findings that markers expect, and those that ESLint reported, in lines that can be compared: equal lists where
 * all is as expected, and a diff that reads well where it is not.
 *
 * @param expected - the markers of one file
 * @param messages - ESLint's messages about that file
 * @param source - the file
 * @returns both lists, in the order of the file
 */
export function describeBoth(
  expected: readonly ExpectedFinding[],
  messages: readonly Linter.LintMessage[],
  source: { readonly file: string; readonly text: string },
): { readonly expected: string[]; readonly actual: string[] } {
  const lines = source.text.split('\n');
  const unmatched = new Set(messages);
  const wanted = expected.map((finding) => {
    const match = [...unmatched].find((message) => message.line === finding.line && message.column === finding.column);
    if (match !== undefined) unmatched.delete(match);
    const said = match === undefined ? undefined : readMessage(match.message, source.file);
    const memory = describePart(finding.memory, said?.memory, source.file);
    const overwrite = describePart(finding.overwrite, said?.overwrite, source.file);
    return describe({ ...finding, messageId: finding.messageId, memory, overwrite }, lines);
  });
  const got = messages.map((message) => {
    const said = readMessage(message.message, source.file);
    const endColumn = message.endLine === message.line ? (message.endColumn ?? message.column) : (lines[message.line - 1] ?? '').replace(/\s*\/\/@.*$/, '').length + 1;
    const memory = describeSaid(said.memory, source.file);
    const overwrite = describeSaid(said.overwrite, source.file);
    return describe({ line: message.line, column: message.column, endColumn, messageId: message.messageId ?? message.message, memory, overwrite }, lines);
  });
  return { expected: wanted.sort(byPosition), actual: got.sort(byPosition) };
}

function describe(
  finding: { readonly line: number; readonly column: number; readonly endColumn: number; readonly messageId: string; readonly memory: string; readonly overwrite: string },
  lines: readonly string[],
): string {
  const { line, column, endColumn } = finding;
  const code = (lines[line - 1] ?? '').slice(column - 1, endColumn - 1);
  return `${line}:${column}-${endColumn} [${finding.messageId}] ${code} | ${finding.memory} | ${finding.overwrite}`;
}

function byPosition(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1);
}

function readMessage(message: string, file: string): Said {
  const memory = (MEMORY.exec(message) ?? CHAIN.exec(message))?.groups ?? {};
  const overwrite = OVERWRITE.exec(message)?.groups ?? {};
  return {
    memory: { text: memory['text'] ?? '', place: placeOf(memory, file) },
    overwrite: { text: overwrite['text'] ?? overwrite['words'] ?? '', place: placeOf(overwrite, file) },
  };
}

function placeOf(groups: Readonly<Record<string, string | undefined>>, file: string): Place | undefined {
  if (groups['line'] !== undefined) return { file, line: Number(groups['line']) };
  if (groups['file'] === undefined) return undefined;
  return { file: resolve(repositoryRoot, groups['file']), line: Number(groups['fileLine']) };
}

/** What is asserted is taken from the marker, what is not from the message: then the two descriptions differ only where they should. */
function describePart(expected: ExpectedPart | undefined, said: SaidPart | undefined, file: string): string {
  if (expected === undefined) return said === undefined ? '' : describeSaid(said, file);
  const place = expected.places.find((candidate) => said?.place !== undefined && isSamePlace(candidate, said.place)) ?? expected.places[0];
  return describeSaid({ text: expected.text ?? said?.text ?? '_', place }, file);
}

function describeSaid({ text, place }: SaidPart, file: string): string {
  if (place === undefined) return text;
  return `${text} @ ${place.file === file ? '' : `${place.file.split('/').at(-1) ?? ''}:`}${place.line}`;
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.line === b.line && a.file === b.file;
}

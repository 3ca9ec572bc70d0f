/** A finding as it is written down. */
export interface RecordedFinding {
  /** From the package's folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Without the plugin's prefix. */
  readonly rule: string;
  readonly certainty: 'certain' | 'potential';
  readonly how: string;
  /** The source of the escape. */
  readonly code: string;
  readonly region: string;
  /** `allocated lib/a.js:3`. */
  readonly from: string;
  /** `overwrite lib/a.js:9 by fh.read()`. */
  readonly fate: string;
}

/** What a person who read the code says about a finding. */
export interface Verdict {
  readonly word: VerdictWord;
  readonly reason: string;
}

export const verdictWords = ['true', 'false', 'arguable'] as const;
export type VerdictWord = (typeof verdictWords)[number];

/** The findings of a package, with the verdicts on them. */
export interface PackageRecord {
  /** What the record is of, `busboy@1.6.0`. */
  readonly title: string;
  readonly entries: readonly RecordEntry[];
}

/** A finding's line and, where somebody has judged it, the verdict. */
export interface RecordEntry {
  /** Names the finding without its line, so that the verdict survives when code above it moves. */
  readonly key: string;
  readonly isCertain: boolean;
  readonly text: string;
  readonly verdict: Verdict | undefined;
}

const longestCode = 100;
const open = 'to be judged';

/**
 * Writes a record, in the order of the source.
 *
 * @param title the package and its version
 * @param findings what was found
 * @param old the record before, whose verdicts are kept
 * @returns the text of the record
 */
export function printRecord(title: string, findings: readonly RecordedFinding[], old: PackageRecord | undefined): string {
  const verdicts = new Map(old?.entries.map(({ key, verdict }) => [key, verdict]));
  const lines = entriesOf(findings).flatMap(({ key, text, isCertain }) => {
    const verdict = verdicts.get(key);
    if (verdict !== undefined) return [text, `  ${verdict.word}: ${verdict.reason}`];
    return isCertain ? [text, `  ${open}`] : [text];
  });
  return [`# ${title}`, ...lines, ''].join('\n');
}

function entriesOf(findings: readonly RecordedFinding[]): RecordEntry[] {
  const inOrder = [...findings].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule) || compare(a.fate, b.fate));
  return withOrdinals(inOrder.map((finding) => ({ text: lineOf(finding), isCertain: finding.certainty === 'certain' })));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function lineOf({ file, line, column, rule, certainty, how, region, from, fate, code }: RecordedFinding): string {
  const folded = code.replace(/\s+/g, ' ');
  const shown = folded.length > longestCode ? `${folded.slice(0, longestCode)}…` : folded;
  return `${file}:${line}:${column} ${rule} ${certainty} ${how} ${region.replace(/\s+/g, ' ')} <- ${from}, ${fate.replace(/\s+/g, ' ')} | ${shown}`;
}

/** The same code twice in a file is told apart by its order. */
function withOrdinals(lines: readonly { readonly text: string; readonly isCertain: boolean }[], verdicts: readonly (Verdict | undefined)[] = []): RecordEntry[] {
  const seen = new Map<string, number>();
  return lines.map(({ text, isCertain }, index) => {
    const name = nameOf(text);
    const ordinal = (seen.get(name) ?? 0) + 1;
    seen.set(name, ordinal);
    return { key: `${name} #${ordinal}`, isCertain, text, verdict: verdicts[index] };
  });
}

/** File, rule and code. */
function nameOf(text: string): string {
  const [, file = '', rule = ''] = /^(.+?):\d+:\d+ (\S+) /.exec(text) ?? [];
  return `${file} ${rule} ${text.slice(text.indexOf(' | ') + 3)}`;
}

/**
 * Reads a record back.
 *
 * @param text as `printRecord` wrote it, with verdicts filled in
 * @returns the record
 * @throws {Error} when a line is neither a finding nor a verdict
 */
export function parseRecord(text: string): PackageRecord {
  const lines: { text: string; isCertain: boolean }[] = [];
  const verdicts: (Verdict | undefined)[] = [];
  const [title = '', ...rest] = text.split('\n');
  for (const line of rest.filter((each) => each !== '')) {
    if (!line.startsWith('  ')) {
      lines.push({ text: line, isCertain: / certain /.test(line.slice(0, line.indexOf(' <- '))) });
    } else if (line.trim() !== open) {
      verdicts[lines.length - 1] = parseVerdict(line.trim());
    }
  }
  return { title: title.replace(/^# /, ''), entries: withOrdinals(lines, verdicts) };
}

function parseVerdict(text: string): Verdict {
  const word = verdictWords.find((each) => text.startsWith(`${each}: `));
  const reason = text.slice(text.indexOf(': ') + 2);
  if (word === undefined || reason === '') throw new Error(`A verdict is \`true\`, \`false\` or \`arguable\` with a reason, not "${text}".`);
  return { word, reason };
}

/**
 * The lines that two texts do not share, as a reviewer reads them.
 *
 * @param before the recorded text
 * @param after the text of now
 * @returns lines with `-` or `+` before them, in the order of the text; empty when the texts are equal
 */
export function differences(before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  // Lengths of the longest common subsequences of what is left of both.
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      lengths[i]![j] = old[i] === now[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const result: string[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      i++;
      j++;
    } else if (j >= now.length || (i < old.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      result.push(`- ${old[i++]}`);
    } else {
      result.push(`+ ${now[j++]}`);
    }
  }
  return result;
}

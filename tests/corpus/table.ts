import type { PackageCheck } from './check.js';
import type { RecordEntry, VerdictWord } from './record.js';

/** The figures of a package. */
export interface Row {
  readonly name: string;
  readonly files: number;
  readonly lines: number;
  readonly certain: number;
  readonly potential: number;
  /** Of the certain ones. */
  readonly verdicts: Readonly<Record<VerdictWord, number>>;
  /** Certain ones that nobody has judged. */
  readonly open: number;
  readonly abandoned: number;
  readonly failures: number;
  readonly milliseconds: number;
}

/**
 * The figures of a package.
 *
 * @param name the package's name
 * @param check what the engine said
 * @param entries its record
 * @returns the figures
 */
export function rowOf(name: string, check: Omit<PackageCheck, 'findings' | 'fileTimes'>, entries: readonly RecordEntry[]): Row {
  const certain = entries.filter(({ isCertain }) => isCertain);
  const count = (word: VerdictWord): number => certain.filter(({ verdict }) => verdict?.word === word).length;
  return {
    name,
    files: check.files,
    lines: check.lines,
    certain: certain.length,
    potential: entries.length - certain.length,
    verdicts: { true: count('true'), false: count('false'), arguable: count('arguable') },
    open: certain.filter(({ verdict }) => verdict === undefined).length,
    abandoned: check.abandoned,
    failures: check.failures.length,
    milliseconds: check.milliseconds,
  };
}

/** The sums of all rows. */
export function totalOf(rows: readonly Row[]): Row {
  const sum = (figure: (row: Row) => number): number => rows.reduce((total, row) => total + figure(row), 0);
  return {
    name: 'total',
    files: sum((row) => row.files),
    lines: sum((row) => row.lines),
    certain: sum((row) => row.certain),
    potential: sum((row) => row.potential),
    verdicts: { true: sum((row) => row.verdicts.true), false: sum((row) => row.verdicts.false), arguable: sum((row) => row.verdicts.arguable) },
    open: sum((row) => row.open),
    abandoned: sum((row) => row.abandoned),
    failures: sum((row) => row.failures),
    milliseconds: sum((row) => row.milliseconds),
  };
}

/** The share of false alarms among the certain findings, which are those of `recommended`. */
export function falseShareOf({ verdicts, certain }: Row): number {
  return certain === 0 ? 0 : verdicts.false / certain;
}

/** The rows as text, with a line above that names the columns. */
export function printTable(rows: readonly Row[]): string {
  const head = ['package', 'files', 'lines', 'certain', 'true', 'false', 'arguable', 'open', 'potential', 'false share', 'abandoned', 'failures', 'time'];
  const cells = rows.map((row) => [
    row.name,
    ...[row.files, row.lines, row.certain, row.verdicts.true, row.verdicts.false, row.verdicts.arguable, row.open, row.potential].map(String),
    `${(falseShareOf(row) * 100).toFixed(1)} %`,
    String(row.abandoned),
    String(row.failures),
    `${(row.milliseconds / 1000).toFixed(1)} s`,
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  return [head, ...cells].map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')).join('\n');
}

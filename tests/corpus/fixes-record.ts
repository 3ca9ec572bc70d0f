/** What the rewrites of a package came to. */
export interface FixesRow {
  /** `name@version` */
  readonly title: string;
  /** How often each rewrite was tried: `no-borrowed-yield copy`. */
  readonly tried: Readonly<Record<string, number>>;
  /** Of `--fix`, until nothing changes. */
  readonly passes: number;
  readonly problems: number;
}

/** One line of the record. */
export function fixesRow({ title, tried, passes, problems }: FixesRow): string {
  const each = Object.entries(tried).sort(([a], [b]) => (a < b ? -1 : 1)).map(([how, count]) => `${count} ${how}`);
  const total = Object.values(tried).reduce((sum, count) => sum + count, 0);
  return `${title}: ${total} rewrites${each.length === 0 ? '' : ` (${each.join(', ')})`}, ${passes} passes, ${problems} problems`;
}

/**
 * Puts a line into the record, in the place of the package's earlier one.
 *
 * @param record - the whole record
 * @param row - the line
 * @returns the record, in the order of the names
 */
export function withFixesRow(record: string, row: string): string {
  const nameOf = (line: string): string => /^(@?[^@]*)@/.exec(line)?.[1] ?? '';
  const others = record.split('\n').filter((line) => line !== '' && nameOf(line) !== nameOf(row));
  return `${[...others, row].sort().join('\n')}\n`;
}

/** The lines of a record. */
export function parseFixesRecord(record: string): readonly (Pick<FixesRow, 'title' | 'passes' | 'problems'> & { readonly rewrites: number })[] {
  return record.split('\n').filter((line) => line !== '').map((line) => {
    const [, title = '', rewrites, passes, problems] = /^(\S+): (\d+) rewrites.*, (\d+) passes, (\d+) problems$/.exec(line) ?? [];
    return { title, rewrites: Number(rewrites), passes: Number(passes), problems: Number(problems) };
  });
}

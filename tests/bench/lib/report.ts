import { Summary, type Measured } from './results.js';
import type { Bar, Table } from './table.js';

/** Measurements of a table, by parameter. */
type ByParameter = Readonly<Record<string, Measured>>;

/** A table of measurements as the page has it: times against the floor, bars, and ours against the fastest rival. */
export function reportOf(table: Table, measured: ByParameter): string {
  const summaries = table.parameters.flatMap((parameter) => {
    const each = measured[parameter];
    return each === undefined ? [] : [{ parameter, summary: new Summary(table, each) }];
  });
  const machines = [...new Set(Object.values(measured).map(({ machine }) => machine))].join('; ');
  return [`${machines}. Times against "${table.floor}":`, times(table, summaries), ...bars(table, summaries), ...rivals(table, summaries)].join('\n\n');
}

interface AtParameter {
  readonly parameter: number;
  readonly summary: Summary;
}

function times(table: Table, summaries: readonly AtParameter[]): string {
  const middle = summaries[summaries.length >> 1];
  if (middle === undefined) return 'Nothing was measured.';
  const { parameter, summary } = middle;
  const columns = [...summaries.map((each) => `${table.parameterTitle} ${each.parameter}`), `ns (${parameter})`, `heap, bytes (${parameter})`, `spread (${parameter})`];
  const rows = summary.names.map((name) => {
    const ratios = summaries.map((each) => each.summary.ratio(name).toFixed(2));
    return [title(table, name), ...ratios, nanoseconds(summary.time(name)), summary.heap(name).toFixed(0), `${(summary.spread(name) * 100).toFixed(0)}%`];
  });
  return tableOf(['', ...columns], rows);
}

function bars(table: Table, summaries: readonly AtParameter[]): string[] {
  const rows = summaries.flatMap(({ parameter, summary }) =>
    table.bars
      .filter((bar) => bar.parameter === parameter && summary.names.includes(bar.contender))
      .flatMap((bar) => [
        ...(bar.ratio === undefined ? [] : [row(bar, `times ${bar.against ?? table.floor}`, summary.ratio(bar.contender, bar.against), bar.ratio, 2)]),
        ...(bar.heapBytes === undefined ? [] : [row(bar, 'bytes of heap', summary.heap(bar.contender), bar.heapBytes, 0)]),
      ]),
  );
  return rows.length === 0 ? [] : ['Bars:', tableOf(['', table.parameterTitle, 'measured', 'at most', ''], rows)];
}

function row({ contender, parameter }: Bar, what: string, measured: number, most: number, digits: number): string[] {
  return [`${contender}: ${what}`, String(parameter), measured.toFixed(digits), String(most), verdict(measured, most)];
}

function rivals(table: Table, summaries: readonly AtParameter[]): string[] {
  const rows = summaries.flatMap(({ parameter, summary }) => {
    const ours = summary.names.filter((name) => table.contenders[name]?.kind === 'ours');
    return ours.flatMap((name) => {
      const best = summary.bestRival(name);
      return best === undefined ? [] : [[name, String(parameter), best, summary.ratio(name, best).toFixed(2), verdict(summary.ratio(name, best), 1)]];
    });
  });
  return rows.length === 0 ? [] : ['Against the fastest rival; a rival has the same purpose, though rarely the whole contract:', tableOf(['', table.parameterTitle, 'fastest rival', 'time against it', 'at most 1'], rows)];
}

function nanoseconds(time: number): string {
  return time < 100 ? time.toFixed(1) : Math.round(time).toLocaleString('en');
}

function verdict(measured: number, most: number): string {
  return measured <= most ? 'met' : '**not met**';
}

function title(table: Table, name: string): string {
  const kind = table.contenders[name]?.kind;
  if (kind === 'ours') return `**${name}**`;
  return kind === 'floor' ? `*${name}*` : name;
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

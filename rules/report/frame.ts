import type { SourceText } from './source-text.js';
import type { Span } from './spans.js';
import type { Style } from './style.js';
import { displayWidth, layOut } from './width.js';
import type { Cell } from './width.js';

/** The part of a span that lies on one line, in columns from 0. */
interface Mark {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly isPrimary: boolean;
}

/** Lines this close to each other are shown without a gap. */
const MAX_GAP = 1;

/**
 * Draws the marked lines of one file: line numbers, the source, and under it each span with its label.
 *
 * @param source the file's text
 * @param spans of that file
 * @param gutter the width of the widest line number of the whole report entry
 * @param width the columns to keep to; longer lines are cut to the part that is marked
 * @param style how to colour
 * @returns the lines drawn
 */
export function drawFrame(source: SourceText, spans: readonly Span[], gutter: number, width: number, style: Style): string[] {
  const byLine = new Map<number, Span[]>();
  for (const span of spans) {
    const { line } = source.positionOf(span.start);
    byLine.set(line, [...(byLine.get(line) ?? []), span]);
  }
  const bar = style.gutter(`${' '.repeat(gutter)} |`);
  const drawn = [bar];
  let previous: number | undefined;
  for (const line of [...byLine.keys()].sort((a, b) => a - b)) {
    if (previous !== undefined && line - previous > MAX_GAP + 1) {
      drawn.push(style.gutter('...'));
    } else if (previous !== undefined && line - previous === MAX_GAP + 1) {
      drawn.push(...drawLine(source, line - 1, [], gutter, width, style));
    }
    drawn.push(...drawLine(source, line, byLine.get(line) ?? [], gutter, width, style));
    previous = line;
  }
  return drawn;
}

function drawLine(source: SourceText, line: number, spans: readonly Span[], gutter: number, width: number, style: Style): string[] {
  const cells = layOut(source.line(line));
  const marks = spans.map((span) => markOf(span, source, cells));
  const room = Math.max(20, width - gutter - 3);
  const bar = style.gutter(`${' '.repeat(gutter)} |`);
  const number = style.gutter(`${String(line).padStart(gutter)} |`);
  return clusters(marks, widthOf(cells) <= room ? Infinity : Math.floor(room / 2)).flatMap((cluster) => {
    const window = cut(cells, cluster, room);
    const moved = cluster.map((mark) => ({ ...mark, start: mark.start - window.shift, end: Math.min(mark.end - window.shift, room) }));
    return [`${number} ${window.text}`.trimEnd(), ...underline(moved, style).map((row) => `${bar} ${row}`)];
  });
}

/** Splits the marks of a line that is too wide into groups whose starts fit on the screen together; the line is drawn for each. */
function clusters(marks: readonly Mark[], reach: number): (readonly Mark[])[] {
  const groups: Mark[][] = [];
  for (const mark of [...marks].sort((a, b) => a.start - b.start)) {
    const current = groups.at(-1);
    if (current?.[0] !== undefined && mark.start - current[0].start < reach) {
      current.push(mark);
    } else {
      groups.push([mark]);
    }
  }
  return groups.length === 0 ? [[]] : groups;
}

function widthOf(cells: readonly Cell[]): number {
  const last = cells.at(-1);
  return last === undefined ? 0 : last.column + last.width;
}

function markOf(span: Span, source: SourceText, cells: readonly Cell[]): Mark {
  const from = source.positionOf(span.start);
  const to = source.positionOf(span.end);
  const start = columnOf(cells, from.column - 1);
  // What goes on over several lines is marked to the end of its first.
  const end = to.line === from.line ? columnOf(cells, to.column - 1) : columnOf(cells, Infinity);
  return { start, end: Math.max(end, start + 1), label: span.label, isPrimary: span.isPrimary };
}

function columnOf(cells: readonly Cell[], offset: number): number {
  const cell = cells.findLast((each) => each.offset <= offset);
  if (cell === undefined) {
    return 0;
  }
  const next = cells[cells.indexOf(cell) + 1];
  const isBeyond = next === undefined && offset >= cell.offset + cell.drawn.length;
  return isBeyond ? cell.column + cell.width : cell.column;
}

/** Cuts a line that is too wide to what surrounds its marks. */
function cut(cells: readonly Cell[], marks: readonly Mark[], width: number): { text: string; shift: number } {
  const last = cells.at(-1);
  const total = widthOf(cells);
  if (total <= width) {
    return { text: cells.map((cell) => cell.drawn).join(''), shift: 0 };
  }
  const start = Math.min(...marks.map((mark) => mark.start), total);
  const margin = Math.floor(width / 4);
  const from = marks.length === 0 || start < width / 2 ? 0 : start - margin;
  const shown = cells.filter((cell) => cell.column >= from && cell.column + cell.width <= from + width - 1);
  const isCutLeft = from > 0;
  const isCutRight = shown.at(-1) !== last;
  const first = shown[0]?.column ?? from;
  const text = shown.map((cell) => cell.drawn).join('');
  return { text: `${isCutLeft ? '…' : ''}${text}${isCutRight ? '…' : ''}`, shift: isCutLeft ? first - 1 : 0 };
}

/**
 * The rows under a line: carets under the primary span, dashes under the others. The rightmost label stands beside its marks, the
 * others hang below theirs, each from a bar of its own, so that no label crosses a mark.
 */
function underline(marks: readonly Mark[], style: Style): string[] {
  if (marks.length === 0) {
    return [];
  }
  const ordered = [...marks].sort((a, b) => a.start - b.start || b.end - a.end);
  const row = new Canvas();
  // Inner marks are painted over outer ones, and the primary one over all.
  for (const mark of [...ordered].sort((a, b) => Number(a.isPrimary) - Number(b.isPrimary) || b.end - b.start - (a.end - a.start))) {
    row.paint(mark.start, (mark.isPrimary ? '^' : '-').repeat(mark.end - mark.start), mark.isPrimary);
  }
  const furthest = Math.max(...ordered.map((mark) => mark.end));
  const last = ordered.at(-1);
  const beside = last !== undefined && last.label !== '' && last.end === furthest ? last : undefined;
  if (beside !== undefined) {
    row.paint(beside.end + 1, beside.label, beside.isPrimary);
  }
  const hanging = ordered.filter((mark) => mark !== beside && mark.label !== '');
  const rows = [row];
  if (hanging.length > 0) {
    rows.push(bars(hanging));
  }
  for (let index = hanging.length - 1; index >= 0; index -= 1) {
    const mark = hanging[index];
    if (mark !== undefined) {
      const label = bars(hanging.slice(0, index).filter((other) => other.start < mark.start));
      label.paint(mark.start, mark.label, mark.isPrimary);
      rows.push(label);
    }
  }
  return rows.map((each) => each.toString(style));
}

function bars(marks: readonly Mark[]): Canvas {
  const canvas = new Canvas();
  for (const mark of marks) {
    canvas.paint(mark.start, '|', mark.isPrimary);
  }
  return canvas;
}

/** One row of characters at columns, each painted as belonging to the primary span or to another. */
class Canvas {
  readonly #parts: { text: string; isPrimary: boolean }[] = [];

  paint(column: number, text: string, isPrimary: boolean): void {
    while (this.#parts.length < column) {
      this.#parts.push({ text: ' ', isPrimary: false });
    }
    for (const cell of layOut(text)) {
      this.#parts[column + cell.column] = { text: cell.drawn, isPrimary };
      // The second half of a wide character.
      for (let next = 1; next < cell.width; next += 1) {
        this.#parts[column + cell.column + next] = { text: '', isPrimary };
      }
    }
  }

  toString(style: Style): string {
    let drawn = '';
    for (let index = 0; index < this.#parts.length; ) {
      const isPrimary = this.#parts[index]?.isPrimary ?? false;
      let run = '';
      while (index < this.#parts.length && this.#parts[index]?.isPrimary === isPrimary) {
        run += this.#parts[index]?.text ?? ' ';
        index += 1;
      }
      drawn += run.trim() === '' ? run : isPrimary ? style.primary(run) : style.secondary(run);
    }
    return drawn;
  }
}

/** The columns that a line number of this file can take. */
export function gutterWidth(source: SourceText, spans: readonly Span[]): number {
  return Math.max(...spans.map((span) => displayWidth(String(source.positionOf(span.start).line))));
}

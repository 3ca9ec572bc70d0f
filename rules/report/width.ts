/** How wide a text is on a terminal, and what to print for it. Tabs advance to the next stop, CJK and emoji take two columns. */

const TAB = 4;

/** East Asian wide and fullwidth blocks, as [first, last] code points. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
];

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A grapheme of a line: where it starts in the text, where it is drawn, and what is drawn. */
export interface Cell {
  readonly offset: number;
  readonly column: number;
  readonly width: number;
  readonly drawn: string;
}

function widthOf(grapheme: string): number {
  const point = grapheme.codePointAt(0) ?? 0;
  if (/^\p{Emoji_Presentation}/u.test(grapheme) || grapheme.includes('\uFE0F')) {
    return 2;
  }
  if (/^[\p{Mark}\p{Format}]+$/u.test(grapheme)) {
    return 0;
  }
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}

/** Lays a line out. Control characters are drawn as the replacement character: a terminal would obey them. */
export function layOut(line: string): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { segment, index } of graphemes.segment(line)) {
    const isTab = segment === '\t';
    const isControl = /^\p{Control}/u.test(segment);
    const width = isTab ? TAB - (column % TAB) : isControl ? 1 : widthOf(segment);
    cells.push({ offset: index, column, width, drawn: isTab ? ' '.repeat(width) : isControl ? '\uFFFD' : segment });
    column += width;
  }
  return cells;
}

/** The columns a text takes. */
export function displayWidth(text: string): number {
  const last = layOut(text).at(-1);
  return last === undefined ? 0 : last.column + last.width;
}

/** What the command prints to a terminal, as a picture. */

const cell = { width: 8.4, height: 20 };
const margin = 16;
/** Colours of the codes that the report uses. */
const colours: Readonly<Record<string, string>> = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 36: '#56d4dd', 90: '#8b949e', 94: '#79c0ff' };

interface Style {
  readonly isBold: boolean;
  readonly colour: string | undefined;
}

const plain: Style = { isBold: false, colour: undefined };

/**
 * Draws text with ANSI colours as an SVG, which needs no font of its own and looks alike everywhere.
 *
 * @param text - what was printed
 * @param title - what a screen reader says
 * @returns the picture
 */
export function pictureOf(text: string, title: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const columns = Math.max(...lines.map((line) => withoutColours(line).length));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  let style = plain;
  const drawn = lines.map((line, index) => {
    let column = 0;
    const parts: string[] = [];
    for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
      if (part.startsWith('\u001b')) {
        style = styled(style, part.slice(2, -1));
        continue;
      }
      // Markup folds blanks: each word group has a place of its own.
      for (const { 0: group, index } of part.matchAll(/\S+(?: \S+)*/g)) parts.push(span(group, column + index, style));
      column += part.length;
    }
    return `  <text y="${margin + 14 + index * cell.height}">${parts.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
  <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">
${drawn.join('\n')}
  </g>
</svg>
`;
}

function withoutColours(line: string): string {
  return line.replaceAll(/\u001b\[[\d;]*m/g, '');
}

/** Each run of one style is stretched to its columns: fonts differ in width. */
function span(text: string, column: number, { isBold, colour }: Style): string {
  const attributes = [
    `x="${(margin + column * cell.width).toFixed(1)}"`,
    `textLength="${(text.length * cell.width).toFixed(1)}"`,
    ...(colour === undefined ? [] : [`fill="${colour}"`]),
    ...(isBold ? ['font-weight="bold"'] : []),
  ];
  return `<tspan ${attributes.join(' ')}>${escaped(text)}</tspan>`;
}

function styled(style: Style, codes: string): Style {
  return codes.split(';').reduce((current, code) => {
    if (code === '' || code === '0') return plain;
    if (code === '1') return { ...current, isBold: true };
    if (code === '22') return { ...current, isBold: false };
    if (code === '39') return { ...current, colour: undefined };
    return colours[code] === undefined ? current : { ...current, colour: colours[code] };
  }, style);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/**
 * The marker language of the fixtures. Under a line of code, a comment underlines what is reported:
 *
 *     const buf = Buffer.alloc(64); //@alloc
 *     …
 *       const { bytesRead } = await fh.read(buf); //@refill
 *       yield buf.subarray(0, bytesRead);
 *     //~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ [messageId] buf @alloc, fh.read() @refill
 *
 * The tildes give line and columns (for code that goes on below, they end with its first line), `[messageId]` the message,
 * then the buffer's name and where it is allocated, and what overwrites it and where. `_` stands for "whatever the message
 * says". A place is named by `//@name` at the end of its line; a name on several lines means that any of them will do.
 * `potential` before the message id: only reported under `report: "potential"`.
 */

/** A line of a file: how markers and messages name a place. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What a marker says about the memory or the overwrite; undefined fields are not asserted. */
export interface ExpectedPart {
  readonly text: string | undefined;
  readonly places: readonly Place[];
}

export interface ExpectedFinding {
  readonly file: string;
  /** From 1, as ESLint counts. */
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly isPotential: boolean;
  readonly messageId: string;
  readonly memory: ExpectedPart | undefined;
  readonly overwrite: ExpectedPart | undefined;
}

export interface SourceText {
  readonly file: string;
  readonly text: string;
}

const MARKER = /^\s*\/\/\s*(?<tildes>~+)\s+(?<potential>potential\s+)?\[(?<id>[\w-]+)\](?:\s+(?<rest>.*\S))?\s*$/;
const PLACE = /\/\/@(?<name>\w+)/;
const PART = /^(?<text>.*?)\s*@(?<place>\w+)$/;

/**
 * Reads the markers of the files of one fixture.
 *
 * @param sources - The files; places named in one can be used in the markers of another.
 * @returns The findings expected, file by file, from top to bottom.
 * @throws Error when a marker names a place that no line is tagged with, or stands under nothing.
 */
export function readMarkers(sources: readonly SourceText[]): ExpectedFinding[] {
  const places = collectPlaces(sources);
  return sources.flatMap(({ file, text }) => {
    const findings: ExpectedFinding[] = [];
    let codeLine = 0;
    for (const [index, line] of text.split('\n').entries()) {
      const groups = MARKER.exec(line)?.groups;
      if (groups === undefined) {
        codeLine = index + 1;
        continue;
      }
      if (codeLine === 0) throw new Error(`${file}:${index + 1}: a marker stands under nothing`);
      const column = line.indexOf('~') + 1;
      const [memory, overwrite] = readParts(groups['rest'], places, `${file}:${index + 1}`);
      findings.push({
        file,
        line: codeLine,
        column,
        endColumn: column + (groups['tildes'] ?? '').length,
        isPotential: groups['potential'] !== undefined,
        messageId: groups['id'] ?? '',
        memory,
        overwrite,
      });
    }
    return findings;
  });
}

function collectPlaces(sources: readonly SourceText[]): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const { file, text } of sources) {
    for (const [index, line] of text.split('\n').entries()) {
      const name = PLACE.exec(line)?.groups?.['name'];
      if (name === undefined) continue;
      places.set(name, [...(places.get(name) ?? []), { file, line: index + 1 }]);
    }
  }
  return places;
}

function readParts(rest: string | undefined, places: ReadonlyMap<string, readonly Place[]>, at: string): (ExpectedPart | undefined)[] {
  if (rest === undefined) return [];
  return rest.split(/,\s+(?=[^,]*@\w+$)/).map((part) => {
    const groups = PART.exec(part)?.groups;
    if (groups === undefined) throw new Error(`${at}: cannot read "${part}", expected "name @place"`);
    const name = groups['place'] ?? '';
    const found = places.get(name);
    if (found === undefined) throw new Error(`${at}: no line is tagged //@${name}`);
    const text = groups['text'];
    return { text: text === '_' || text === '' ? undefined : text, places: found };
  });
}

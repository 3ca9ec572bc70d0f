/** A handle on the syntax an instruction came from. Opaque here: only `lower/`, `types/` and the adapters look inside. */
export interface SyntaxRef {
  readonly kind: number;
}

/** Where in the source something happens. */
export interface Origin {
  /** Absolute, normalised file name. */
  readonly file: string;
  /** Offset of the first character, without leading trivia (UTF-16 units). */
  readonly start: number;
  /** Offset after the last character (UTF-16 units). */
  readonly end: number;
  readonly syntax: SyntaxRef;
}

/** A key that is equal for equal places, across repeated lowerings of one file. */
export function originKey(origin: Origin): string {
  return `${origin.file}:${origin.start}:${origin.end}`;
}

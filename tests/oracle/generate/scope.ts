export type ByteType = 'Buffer' | 'Uint8Array';

export type PlaceKind =
  | 'bytes'
  /** bytes or undefined */
  | 'optional'
  /** `{ v, w? }` */
  | 'box'
  /** `{ inner: { v } }` */
  | 'nested'
  /** an array of one or two */
  | 'array'
  /** an array that begins empty and is pushed to */
  | 'results'
  /** a function without parameters that returns bytes */
  | 'reader'
  /** a function without parameters that writes */
  | 'writer'
  /** a condition decided before */
  | 'flag'
  | 'promise'
  | 'promises';

/** Something a statement can name: a variable, a field, a closure. */
export interface Place {
  readonly text: string;
  readonly kind: PlaceKind;
  readonly type: ByteType;
  readonly isMutable: boolean;
  /** A closure was made over it. */
  isCaptured: boolean;
}

/** The places in sight, by nesting block. */
export class Scope {
  #places: Place[] = [];

  /** Runs something in a block of its own: what it declares is out of sight afterwards. */
  nest(build: () => void): void {
    const outer = this.#places;
    this.#places = [...outer];
    build();
    this.#places = outer;
  }

  declare(text: string, kind: PlaceKind, type: ByteType, isMutable: boolean): Place {
    const place: Place = { text, kind, type, isMutable, isCaptured: false };
    this.#places.push(place);
    return place;
  }

  /** @returns the places of a kind (and type), the innermost first */
  all(kind: PlaceKind, type?: ByteType): Place[] {
    return this.#places.filter((place) => place.kind === kind && (type === undefined || place.type === type)).reverse();
  }
}

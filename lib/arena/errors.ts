import { named } from '../named.js';

/** The slot that a ref names has been released since: what it held is gone, and what it holds now belongs to someone else. */
export class StaleRefError extends Error {
  static {
    named(this, 'StaleRefError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_STALE_REF';
  /** The slot. */
  readonly index: number;
  /** The generation of the ref. */
  readonly generation: number;
  /** The generation of the slot by now: even while it is free, odd while it is taken. */
  readonly current: number;

  constructor(index: number, generation: number, current: number) {
    super(`stale ref: slot ${index} was taken in generation ${generation} and is ${current % 2 === 0 ? 'free' : 'taken again'} in generation ${current}`);
    this.index = index;
    this.generation = generation;
    this.current = current;
  }
}

/** A ref was shown to an arena that did not give it out. */
export class ForeignRefError extends TypeError {
  static {
    named(this, 'ForeignRefError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_FOREIGN_REF';

  constructor() {
    super('this ref was given out by another arena');
  }
}

/** No slot, or no memory within the arena's limit, is left. */
export class ArenaFullError extends RangeError {
  static {
    named(this, 'ArenaFullError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_ARENA_FULL';
}

/** Something was put into an arena after it was disposed. */
export class ArenaDisposedError extends Error {
  static {
    named(this, 'ArenaDisposedError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_ARENA_DISPOSED';

  constructor() {
    super('this arena was disposed; it takes nothing more');
  }
}

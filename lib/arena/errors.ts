import { coded } from '../coded.js';

/** The slot that a ref names has been released since: what it held is gone, and what it holds now belongs to someone else. */
export class StaleRefError extends /* @__PURE__ */ coded(Error, 'StaleRefError', 'ERR_STALE_REF') {
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
export class ForeignRefError extends /* @__PURE__ */ coded(TypeError, 'ForeignRefError', 'ERR_FOREIGN_REF') {
  constructor() {
    super('this ref was given out by another arena');
  }
}

/** No slot, or no memory within the arena's limit, is left. */
export class ArenaFullError extends /* @__PURE__ */ coded(RangeError, 'ArenaFullError', 'ERR_ARENA_FULL') {}

/** Something was put into an arena after it was disposed. */
export class ArenaDisposedError extends /* @__PURE__ */ coded(Error, 'ArenaDisposedError', 'ERR_ARENA_DISPOSED') {
  constructor() {
    super('this arena was disposed; it takes nothing more');
  }
}

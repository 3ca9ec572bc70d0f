import type { Budget } from '../flow/solver.js';
import { nothingGivenUp, type GivenUp, type GivingUp } from '../work.js';

/** Milliseconds for one unit; reached only by code that the step limit does not hold. */
const timeLimit = 120_000;

/** Instructions of one call from outside without any memory coming up. */
const idleSlice = 800;

/** Instructions of one group without any memory coming up, the caller's or its own: where there is some, it shows in the first hundreds. */
const idleLimit = 1_000;

/** What the second look at a group may take, of what the first took. */
const coarseShare = 1 / 3;

/** What a unit has come by. */
export interface MemorySeen {
  /** Memory that is worth all the steps there are. */
  readonly hasOwnMemory: boolean;
  /** Any memory, or something else that is followed. */
  readonly isWorthSteps: boolean;
}

/** How much of one unit is analysed: instructions for each group of its functions, and for all of them. What is over is given up. */
export class UnitBudget implements Budget {
  isExhausted = false;
  /** What took too many steps is tried once more with one state wherever ways meet: what comes of that is never certain. */
  isCoarse = false;
  private steps = 0;
  /** The count of steps at which the current group is given up. */
  private limit: number;
  /** The count of steps by which memory must have come up. */
  private idleEnd = idleLimit;
  private sliceEnd = Number.POSITIVE_INFINITY;
  private givenUp: GivenUp = nothingGivenUp;
  /** The last resort where steps do not measure the work: a lint run must not hang. */
  private readonly deadline = performance.now() + timeLimit;
  private readonly groupLimit: number;
  private readonly totalLimit: number;
  private readonly memory: MemorySeen;

  /**
   * @param groupLimit - instructions interpreted before a group of the unit's functions is given up
   * @param totalLimit - instructions interpreted before the rest of the unit is given up
   * @param memory - the memory that has come up so far
   */
  constructor(groupLimit: number, totalLimit: number, memory: MemorySeen) {
    this.groupLimit = groupLimit;
    this.totalLimit = totalLimit;
    this.memory = memory;
    this.limit = Math.min(groupLimit, totalLimit);
  }

  spend(steps: number): boolean {
    this.steps += steps;
    if (this.steps > this.sliceEnd && this.memory.hasOwnMemory) this.sliceEnd = Number.POSITIVE_INFINITY;
    if (this.steps > this.limit || this.steps > this.sliceEnd || this.isWithoutMemory || performance.now() > this.deadline) this.isExhausted = true;
    return !this.isExhausted;
  }

  private get isWithoutMemory(): boolean {
    return this.steps > this.idleEnd && !this.memory.isWorthSteps;
  }

  /** Instructions interpreted so far. */
  get work(): number {
    return this.steps;
  }

  /** Groups of functions given up so far. */
  get abandoned(): GivenUp {
    if (!this.isExhausted) return this.givenUp;
    const { limitHit } = this;
    return { ...this.givenUp, [limitHit]: this.givenUp[limitHit] + 1 };
  }

  /** What is used up. */
  get limitHit(): GivingUp {
    return performance.now() > this.deadline ? 'time' : this.steps > this.totalLimit ? 'steps of the file' : this.isWithoutMemory ? 'steps without memory' : 'own steps';
  }

  /**
   * Gives what has used up its steps a few more, to be looked at less closely.
   *
   * @returns false where that was done already, or nothing is left of the file's steps or of the time
   */
  coarsen(): boolean {
    if (this.isCoarse || this.limitHit !== 'own steps') return false;
    this.isCoarse = true;
    this.isExhausted = false;
    this.limit = Math.min(this.steps + this.groupLimit * coarseShare, this.totalLimit);
    return true;
  }

  /** Functions that share nothing with those before them: that those took too long does not concern them. */
  openGroup(): void {
    this.givenUp = this.abandoned;
    this.isExhausted = false;
    this.isCoarse = false;
    this.limit = Math.min(this.steps + this.groupLimit, this.totalLimit);
    this.idleEnd = this.steps + idleLimit;
  }

  /** A call from outside begins: while there is no memory, it may not use up what the calls after it need. */
  openSlice(): void {
    this.sliceEnd = this.memory.hasOwnMemory ? Number.POSITIVE_INFINITY : this.steps + idleSlice;
  }

  closeSlice(): void {
    if (this.steps <= this.limit && this.steps > this.sliceEnd && !this.isWithoutMemory) this.isExhausted = false;
    this.sliceEnd = Number.POSITIVE_INFINITY;
  }

  /** As it was at first; the time that is gone stays gone. */
  restart(): void {
    this.isExhausted = false;
    this.isCoarse = false;
    this.givenUp = nothingGivenUp;
    this.steps = 0;
    this.idleEnd = idleLimit;
    this.limit = Math.min(this.groupLimit, this.totalLimit);
  }
}

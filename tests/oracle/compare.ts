import type { Answer, Opinion } from './analyse.js';
import type { Harm, SourceText, Truth } from './execute/truth.js';
import { deepEffort, deepestEffort, executeOnEveryPath, throwingEffort, usualEffort } from './execute/truth.js';

/** How the engine's opinion on a program compares with what happened when it ran. */
export interface Verdict {
  /** Corrupted places that the engine says nothing about. */
  readonly missed: readonly string[];
  /** Places where bytes were parked twice that the engine says nothing about. */
  readonly missedParked: readonly string[];
  /** Places that the engine is certain about, and that no path corrupts. */
  readonly falseAlarms: readonly Answer[];
  /** Certain answers that are true only when a statement throws that nothing says may throw. */
  readonly onlyByImplicitThrow: readonly Answer[];
  /** Corrupted places that the engine calls potential. */
  readonly potentialOnly: readonly string[];
  readonly corrupted: readonly string[];
  readonly crash: string | undefined;
}

/** Places of one program are named alike in all its dialects. */
function withoutExtension(place: string): string {
  return place.replace(/\.[cm]?[jt]s:/, ':');
}

/** The places at which an answer is right about a harm: the hand-over itself, or a call that led to it. */
function placesOf(harm: Harm): string[] {
  return [harm.place, ...harm.callers].map(withoutExtension);
}

function knownPlaces(truth: Truth): Set<string> {
  return new Set([truth.corrupted, truth.parked, truth.parkedAndGiven, truth.gone, truth.goneAgain].flatMap((harms) => [...harms.values()].flatMap(placesOf)));
}

/** A program with its truth, which is made deeper only when somebody contradicts it. */
export class Case {
  readonly files: readonly SourceText[];
  readonly truth: Truth;
  #deep: Promise<Set<string>> | undefined;
  #deepest: Promise<Set<string>> | undefined;
  #throwing: Promise<Set<string>> | undefined;

  private constructor(files: readonly SourceText[], truth: Truth) {
    this.files = files;
    this.truth = truth;
  }

  /**
   * Executes a program.
   * @param files it
   * @returns it with the truth
   */
  static async of(files: readonly SourceText[]): Promise<Case> {
    return new Case(files, await executeOnEveryPath(files, usualEffort));
  }

  /**
   * Judges an opinion.
   * @param opinion the engine's
   * @param isBranchExact whether certain answers can be held against the truth
   * @returns where they differ
   */
  async judge({ answers, crash }: Opinion, isBranchExact: boolean): Promise<Verdict> {
    const answered = new Set(answers.map(({ place }) => place));
    const certain = new Set(answers.filter(({ certainty }) => certainty === 'certain').map(({ place }) => place));
    const corrupted = [...this.truth.corrupted.values(), ...this.truth.gone.values()];
    const isSilent = (harm: Harm): boolean => !placesOf(harm).some((place) => answered.has(place));
    const name = (harm: Harm): string => withoutExtension(harm.place);
    const known = knownPlaces(this.truth);
    const falseAlarms: Answer[] = [];
    const onlyByImplicitThrow: Answer[] = [];
    for (const answer of answers) {
      if (!isBranchExact || answer.certainty !== 'certain' || known.has(answer.place)) continue;
      if ((await this.#deeper()).has(answer.place) || (await this.#deepestLook()).has(answer.place)) continue;
      if ((await this.#withThrows()).has(answer.place)) onlyByImplicitThrow.push(answer);
      else falseAlarms.push(answer);
    }
    return {
      missed: crash === undefined ? corrupted.filter(isSilent).map(name) : [],
      missedParked: crash === undefined ? [...this.truth.parkedAndGiven.values()].filter(isSilent).map(name) : [],
      falseAlarms,
      onlyByImplicitThrow,
      potentialOnly: corrupted.filter((harm) => !isSilent(harm) && !placesOf(harm).some((place) => certain.has(place))).map(name),
      corrupted: corrupted.map(name),
      crash,
    };
  }

  #deeper(): Promise<Set<string>> {
    this.#deep ??= executeOnEveryPath(this.files, deepEffort).then(knownPlaces);
    return this.#deep;
  }

  #deepestLook(): Promise<Set<string>> {
    this.#deepest ??= executeOnEveryPath(this.files, deepestEffort).then(knownPlaces);
    return this.#deepest;
  }

  #withThrows(): Promise<Set<string>> {
    this.#throwing ??= executeOnEveryPath(this.files, throwingEffort).then(knownPlaces);
    return this.#throwing;
  }
}

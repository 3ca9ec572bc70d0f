import type { Context } from './blocking/contexts.js';
import type { Cause } from './blocking/reach.js';
import type { CaptureHow, EscapeHow, ViewType } from './contracts/contract.js';
import type { Origin } from './ir/index.js';

/** `certain`: there is a path on which it happens. `potential`: an unknown callee, a lost alias or a budget stands in the way of saying so. */
export type Certainty = 'certain' | 'potential';

/** A place in the source with what happens there, in a few words: `allocated here`, `overwritten by the next fh.read()`. */
export interface Step {
  readonly at: Origin;
  readonly label: string;
}

/** What of the borrow family a finding is; a rule each. */
export type BorrowKind = 'borrowed-yield' | 'borrowed-return' | 'borrowed-capture' | 'overwrite-in-flight';

/** A borrowed value that outlives its borrow. */
export interface BorrowFinding {
  readonly kind: BorrowKind;
  readonly certainty: Certainty;
  readonly escape: {
    readonly how: EscapeHow | CaptureHow;
    /** The `yield`, the call, the `return` statement, the store. Reported here. */
    readonly at: Origin;
    /** The expression whose value is the view: what a snapshot replaces. Absent when no single expression of this file is. */
    readonly view: Origin | undefined;
    /** The expression gives a variable its value, and code that is not at fault uses that variable, too. */
    readonly isUsedBesides?: boolean | undefined;
    /** The variable by which a function that runs later gets at the view; `view`, if any, is then what that variable is declared with. */
    readonly captured?: string | undefined;
    /** The view's type; undefined when paths disagree. */
    readonly type: ViewType | undefined;
    /** For calls: as written, `this.push()`. */
    readonly via: string | undefined;
  };
  /** The memory: where it was allocated (or lent), and its name as a reader knows it (`buf`, `this.#buf`, `scratch`). */
  readonly region: { readonly at: Origin; readonly name: string; readonly isLent: boolean };
  readonly invalidation: {
    readonly how: 'overwrite' | 'transfer' | 'growth' | 'release' | 'next call' | 'callback return' | 'suspension';
    readonly at: Origin;
    /** As a reader knows it: `fh.read()`, `buf[i] = …`, `the next turn of the loop`. */
    readonly by: string;
  };
  /** Everything on the way, in the order a reader should see it. */
  readonly trace: readonly Step[];
}

/** What of the async family a finding is; a rule each. */
export type AsyncKind = 'unsendable-message' | 'unbounded-channel' | 'ignored-backpressure' | 'unbounded-spawn' | 'throw-in-stream' | 'blocking-in-async';

/** What a rewrite of code around a stream may start from. */
export type StreamRewrite =
  /** Wait for the sink: for its `drain` event, or for the promise of the call. A file that the function itself writes drains or fails; others may be closed. */
  | { readonly how: 'await'; readonly sink: Origin | undefined; readonly isOwnFile: boolean; readonly isHarmless: boolean }
  /** Give the sink the callback that is called at once now; `isHarmless`: it calls back whatever becomes of it. */
  | { readonly how: 'hold'; readonly callback: string; readonly acknowledgement: Origin; readonly isHarmless: boolean }
  /** Give a call the bound that it leaves out, or has none in: at an argument, or at a property of one. */
  | {
      readonly how: 'bound';
      readonly argument: number;
      readonly property: string | undefined;
      /** What to write there. */
      readonly example: string;
      /** The value that says "no limit". */
      readonly value: Origin | undefined;
      /** The object that lacks the property. */
      readonly options: Origin | undefined;
      /** How many arguments the call has. */
      readonly arguments: number;
    }
  /** Hand the thrown error to the step's callback. */
  | { readonly how: 'call back'; readonly callback: string; readonly isHarmless: boolean };

/** A queue without a bound, a sink nobody waits for, a call that stops the event loop. */
export interface AsyncFinding {
  readonly kind: AsyncKind;
  readonly certainty: Certainty;
  /** Reported here. */
  readonly at: Origin;
  /** Which of the rule's messages says it. */
  readonly form: string;
  /** What the message is filled with; a place of the source is told as one: `on line 4`, `at src/config.ts:12`. */
  readonly words: { readonly [name: string]: string | Origin };
  /** What a rewrite may start from. */
  readonly rewrite?: StreamRewrite | undefined;
  /** What to do about it where no fix says so, in one sentence without a full stop. */
  readonly advice: string;
  /** Everything on the way, in the order a reader should see it. */
  readonly trace: readonly Step[];
}

/** What of something that was moved away, went stale or was handed back a finding is; a rule each, but for the last one, which is `no-borrowed-capture`'s. */
export type MoveKind = 'use-after-transfer' | 'stale-view' | 'unreleased-ref' | 'lapsed-borrow';

/** Something used after it was given away, after its memory grew, after it was released, or after its lender took it back; or never released. */
export interface MoveFinding {
  readonly kind: MoveKind;
  readonly certainty: Certainty;
  /** The use. Reported here. */
  readonly at: Origin;
  /** What the use does; which of the rule's messages says it. */
  readonly form: 'read' | 'write' | 'pass' | 'again' | 'use' | 'leak' | 'release';
  /** What is used, as a reader knows it, and where it was made, or came in. */
  readonly what: { readonly name: string; readonly at: Origin | undefined; readonly isReceived: boolean };
  readonly move: {
    readonly how: 'transfer' | 'growth' | 'release' | 'lapse';
    readonly at: Origin;
    /** As a reader knows it: `worker.postMessage()`. */
    readonly by: string;
  };
  /** What a rewrite of the move may start from: the transfer list, what is copied instead of given away, or the call that moves. */
  readonly remedy:
    | { readonly how: 'unlist'; readonly list: Origin }
    | { readonly how: 'copy'; readonly view: Origin; readonly type: ViewType | undefined }
    | { readonly how: 'slice'; readonly call: Origin }
    | undefined;
  /** What to do about it where no fix says so, in one sentence without a full stop. */
  readonly advice: string;
  /** Everything on the way, in the order a reader should see it. */
  readonly trace: readonly Step[];
}

/** Code that the event loop runs, and a call in it that blocks the loop. */
export interface BlockingFinding extends AsyncFinding {
  readonly kind: 'blocking-in-async';
  /** How the event loop comes to the code. */
  readonly context: Context;
  /** What is called, as written. Empty for a loop. */
  readonly callee: string;
  /** The function that the event loop runs. */
  readonly functionName: string;
  /** It is async by its keyword alone: it waits for nothing. */
  readonly isNominal: boolean;
  /** What blocks, shortest way first; the first is what `form` and `trace` tell of. */
  readonly causes: readonly Cause[];
  readonly isAwaited: boolean;
  readonly isResultUsed: boolean;
  /** The call's arguments. */
  readonly arguments: readonly Origin[];
  /** Whether the code may be suspended at the call: `impossible` where no `await` can stand. */
  readonly suspension: 'harmless' | 'doubtful' | 'impossible';
}

export type Finding = BorrowFinding | MoveFinding | AsyncFinding;

/** An analysis that rules share: a domain's findings are looked for when the first of its rules asks. */
export type Domain = (typeof domains)[number];

/** Every analysis. */
export const domains = ['borrow', 'message', 'channel', 'blocking'] as const;

/**
 * Whether a finding is of the borrow family.
 *
 * @param finding - the finding
 * @returns true when a borrowed value outlives its borrow
 */
export function isBorrowFinding(finding: Finding): finding is BorrowFinding {
  return 'escape' in finding;
}

/**
 * Whether a finding is about something moved.
 *
 * @param finding - the finding
 * @returns true when something is used that was moved away, or never handed back
 */
export function isMoveFinding(finding: Finding): finding is MoveFinding {
  return 'move' in finding;
}

/**
 * Where a finding is reported.
 *
 * @param finding - the finding
 * @returns the place a reader has to change
 */
export function placeOf(finding: Finding): Origin {
  return isBorrowFinding(finding) ? finding.escape.at : finding.at;
}

/**
 * Every place a finding speaks of.
 *
 * @param finding - the finding
 * @returns the places, in no order
 */
export function placesOf(finding: Finding): readonly Origin[] {
  const traced = finding.trace.map(({ at }) => at);
  return isBorrowFinding(finding) ? [finding.escape.at, finding.region.at, finding.invalidation.at, ...traced] : [finding.at, ...traced];
}

/** What a table of measurements is: contenders that do the same work, at several parameters, against a floor. */

/** Does a piece of work so many times; the result says whether it was done. */
export type Work = (count: number, parameter: number) => number | Promise<number>;

/** Loads a pinned package. The shape is what the caller uses of it. */
export type Load = <Shape>(name: string) => Promise<Shape>;

/** Processor time, collector included, is what a busy machine changes least; what waits for other threads or devices is timed by the wall. */
export type Time = 'cpu' | 'wall';

export interface Contender {
  /** A floor is what the machine can do at all; a peer is what a user would otherwise pick. */
  readonly kind: 'floor' | 'ours' | 'peer';
  readonly make: (load: Load) => Work | Promise<Work>;
  /** Whether ours are compared with it: the same contract, as far as the peer has one. */
  readonly isRival?: boolean;
  /** Of ours: the peers that it is compared with instead, as they do just what it does. */
  readonly rivals?: readonly string[];
}

/** What a contender of ours must reach, as a ratio to another contender or in bytes of heap. */
export interface Bar {
  readonly contender: string;
  readonly parameter: number;
  readonly ratio?: number;
  /** Which contender the ratio is to; the table's floor where it is not said. */
  readonly against?: string;
  readonly heapBytes?: number;
}

export interface Table {
  readonly name: string;
  readonly title: string;
  /** What the parameter is called. */
  readonly parameterTitle: string;
  readonly parameters: readonly number[];
  readonly time: Time;
  /** The contender that ratios are formed against. */
  readonly floor: string;
  readonly contenders: Readonly<Record<string, Contender>>;
  readonly bars: readonly Bar[];
  /** Pieces of work in one run, at least; 2,000, or four for each of the parameter, where it is not said. */
  readonly least?: (parameter: number) => number;
  /** What work must return. */
  readonly check: (count: number, parameter: number) => number;
  /** Versions of the packages that contenders load. */
  readonly peers: Readonly<Record<string, string>>;
}

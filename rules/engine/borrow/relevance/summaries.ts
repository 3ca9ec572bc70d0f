import type { FunctionIr } from '../../ir/index.js';
import { Summary, type ParameterSummary } from './sources.js';

type Callers<K> = Map<K, Set<FunctionIr>>;

/** What is known so far of what calls of each function do, and who goes by it. */
export class Summaries {
  private readonly known = new Map<FunctionIr, Summary>();
  /** Who goes by what a function gives. */
  private readonly callers: Callers<FunctionIr> = new Map();
  /** Who wants to know whether a function gives anything at all. */
  private readonly expecting: Callers<FunctionIr> = new Map();
  /** Who passes memory to a function, by its parameters. */
  private readonly passing = new Map<FunctionIr, Callers<number>>();

  of(fn: FunctionIr): Summary {
    let summary = this.known.get(fn);
    if (summary === undefined) this.known.set(fn, (summary = new Summary()));
    return summary;
  }

  /** What a function gives: the caller goes by it. */
  resultOf(fn: FunctionIr, caller: FunctionIr): Summary {
    note(this.callers, fn, caller);
    return this.of(fn);
  }

  /** Whether a function gives memory: the caller goes by it. */
  gives(fn: FunctionIr, caller: FunctionIr): boolean {
    const { isGiving } = this.of(fn);
    if (!isGiving) note(this.expecting, fn, caller);
    return isGiving;
  }

  /** What a function does with a parameter: the caller goes by it. */
  parameterOf(fn: FunctionIr, index: number, caller: FunctionIr): ParameterSummary {
    let passing = this.passing.get(fn);
    if (passing === undefined) this.passing.set(fn, (passing = new Map<number, Set<FunctionIr>>()));
    note(passing, index, caller);
    return this.of(fn).parameter(index);
  }

  callersOf(fn: FunctionIr): Iterable<FunctionIr> {
    return this.callers.get(fn) ?? [];
  }

  [Symbol.iterator](): Iterator<[FunctionIr, Summary]> {
    return this.known.entries();
  }

  /**
   * Lets something learn more of a function.
   *
   * @param fn - the function
   * @param learn - adds to its summary
   * @returns those that went by less; undefined where nothing came of it
   */
  grow(fn: FunctionIr, learn: (summary: Summary) => void): ReadonlySet<FunctionIr> | undefined {
    const summary = this.of(fn);
    const { resultSize, isGiving } = summary;
    const sizes = fn.parameters.map((_, index) => summary.parameters[index]?.size ?? 0);
    learn(summary);
    const grown = sizes.flatMap((size, index) => ((summary.parameters[index]?.size ?? 0) > size ? [index] : []));
    if (grown.length === 0 && summary.resultSize === resultSize) return undefined;
    return new Set([
      ...(summary.resultSize > resultSize ? this.callersOf(fn) : []),
      ...(summary.isGiving && !isGiving ? (this.expecting.get(fn) ?? []) : []),
      ...grown.flatMap((index) => [...(this.passing.get(fn)?.get(index) ?? [])]),
    ]);
  }
}

function note<K>(callers: Callers<K>, of: K, caller: FunctionIr): void {
  const known = callers.get(of);
  if (known === undefined) callers.set(of, new Set([caller]));
  else known.add(caller);
}

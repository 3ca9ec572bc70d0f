import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median, type Sample } from './measure.js';
import type { Table } from './table.js';

/** All rounds of one table at one parameter, measured in one go: only within them are ratios formed. */
export interface Measured {
  /** Of Node, and the processor. */
  readonly machine: string;
  /** By contender, a sample for each round. */
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
}

/** By table and parameter. */
export type Results = Readonly<Record<string, Readonly<Record<string, Measured>>>>;

const file = fileURLToPath(new URL('./results.json', import.meta.url));

/** What was recorded last. */
export function recorded(): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results;
}

/** Puts a measurement in place of an older one. */
export function record(table: Table, parameter: number, measured: Measured): void {
  const results = recorded();
  const { [table.name]: before = {} } = results;
  const text = JSON.stringify({ ...results, [table.name]: { ...before, [parameter]: measured } }, undefined, 1);
  // A line for each sample.
  writeFileSync(file, `${text.replaceAll(/\{\s+("ns": [\d.]+,)\s+("heapBytes": [\d.]+)\s+\}/g, '{ $1 $2 }')}\n`);
}

export function thisMachine(): string {
  return `Node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, ${availableParallelism()} cores`;
}

/** What the rounds say of a contender. */
export class Summary {
  readonly #table: Table;
  readonly #measured: Measured;

  constructor(table: Table, measured: Measured) {
    this.#table = table;
    this.#measured = measured;
  }

  /** Contenders measured, the fastest first. */
  get names(): string[] {
    return Object.keys(this.#measured.samples).sort((a, b) => this.ratio(a) - this.ratio(b));
  }

  /** In nanoseconds. */
  time(name: string): number {
    return median(this.#of(name).map(({ ns }) => ns));
  }

  /** The median of the ratios inside each round. */
  ratio(name: string, against = this.#table.floor): number {
    const others = this.#of(against);
    return median(this.#of(name).map(({ ns }, round) => ns / (others[round]?.ns ?? NaN)));
  }

  /** In bytes for each piece of work. */
  heap(name: string): number {
    return median(this.#of(name).map(({ heapBytes }) => heapBytes));
  }

  /** How far the rounds lie apart, as a share of the median. */
  spread(name: string): number {
    const times = this.#of(name).map(({ ns }) => ns);
    return (Math.max(...times) - Math.min(...times)) / median(times);
  }

  /** The fastest of those that one of ours is compared with. */
  bestRival(ours: string): string | undefined {
    const { contenders } = this.#table;
    const own = contenders[ours]?.rivals;
    return this.names.find((name) => (own === undefined ? contenders[name]?.isRival === true : own.includes(name)));
  }

  #of(name: string): readonly Sample[] {
    return this.#measured.samples[name] ?? [];
  }
}

import type { ModuleIr } from '../ir/index.js';

/** A file of the program, by what it names: looked at more closely only where a name asks for it. */
export interface ProgramFile {
  /** Absolute, normalised. */
  readonly path: string;
  readonly text: string;
  /** Every identifier in the file, members' names included. */
  readonly names: { has(name: string): boolean; keys(): Iterable<string>; readonly size: number };
  /** What the file imports or requires, as written. */
  readonly specifiers: readonly string[];
  /** The file's functions; lowers the file. */
  readonly module: ModuleIr;
}

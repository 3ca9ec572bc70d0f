import type { FunctionIr } from '../ir/index.js';
import type { World } from '../world.js';

/** What an analysis of channels asks. */
export interface ChannelOptions {
  readonly world: World;
  /** What the file names and imports. */
  readonly file: { readonly names: { has(name: string): boolean }; readonly specifiers: readonly string[]; readonly text: string };
  /** Finds functions of the program's other files. */
  readonly names: {
    /** Functions that name a member or a variable of another function or file; with `besides`, in files in which one of those words occurs, too. */
    touching(name: string, besides?: readonly string[]): readonly FunctionIr[];
  };
}

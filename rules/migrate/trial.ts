import { relative } from 'node:path';
import type { Range } from '../fixes/context.js';
import { ConflictError } from '../fixes/draft.js';
import { applyEdits } from '../fixes/plan.js';
import { Changes } from './changes.js';
import type { Site } from './index.js';
import { forgottenPromises, plainCallsOf } from './promises.js';
import { usesOfImports, withoutUnusedImports } from './unused-imports.js';
import type { ProgramError, Workspace } from './workspace.js';

/** What a rewrite comes to. */
type Outcome =
  | { readonly kind: 'sound' }
  /** Calls that give a promise now, and that nobody waits for. */
  | { readonly kind: 'forgotten'; readonly forgotten: readonly Site[] }
  /** What the compiler did not say before. */
  | { readonly kind: 'error'; readonly message: string };

/** Tries rewrites in memory: makes them, asks the compiler, and takes them back. */
export class Trial {
  readonly #workspace: Workspace;
  #errors: readonly ProgramError[];
  /** Of the program as it is now. */
  #plainCalls: ReadonlyMap<string, readonly Range[]> | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#errors = workspace.errors();
  }

  /** All changes at once; undefined where they contradict each other. */
  merged(all: readonly Changes[]): Changes | undefined {
    const merged = new Changes();
    try {
      for (const changes of all) merged.merge(changes);
      return merged;
    } catch (error) {
      if (error instanceof ConflictError) return undefined;
      throw error;
    }
  }

  /** Whether the program is a sound one after the changes. It is as it was when this returns. */
  run(changes: Changes): Outcome {
    const plainCalls = (this.#plainCalls ??= new Map(this.#workspace.files.map((file) => [file.getFilePath(), plainCallsOf(file)])));
    const before = new Map(changes.files.map((path): [string, string] => [path, this.#textOf(path)]));
    const uses = this.#usesOfImports(changes);
    this.#workspace.rewrite(this.#workspace.preview(changes));
    try {
      const forgotten = this.#workspace.files.flatMap((file) => {
        const path = file.getFilePath();
        return forgottenPromises(file, plainCalls.get(path) ?? [], changes.editsOf(path)).map((range) => ({ ...range, file: path }));
      });
      if (forgotten.length > 0) return { kind: 'forgotten', forgotten };
      this.#dropUnused(uses);
      const [error] = newErrors(this.#workspace.errors(), this.#errors);
      return error === undefined ? { kind: 'sound' } : { kind: 'error', message: `${error.message} (${relative(process.cwd(), error.file)})` };
    } finally {
      this.#workspace.rewrite(before);
    }
  }

  /** Makes the changes, and takes out the imports that they leave without a use. */
  apply(changes: Changes): void {
    const uses = this.#usesOfImports(changes);
    this.#workspace.rewrite(this.#workspace.preview(changes));
    this.#dropUnused(uses);
    this.#plainCalls = undefined;
    this.#errors = this.#workspace.errors();
  }

  #usesOfImports(changes: Changes): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return new Map(changes.files.flatMap((path) => {
      const file = this.#workspace.file(path);
      return file === undefined ? [] : [[path, usesOfImports(file)] as const];
    }));
  }

  #dropUnused(before: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
    const texts = [...before].flatMap(([path, uses]) => {
      const file = this.#workspace.file(path);
      const edits = file === undefined ? [] : withoutUnusedImports(file, uses);
      return edits.length === 0 ? [] : [[path, applyEdits(this.#textOf(path), edits)] as const];
    });
    this.#workspace.rewrite(new Map(texts));
  }

  #textOf(path: string): string {
    return this.#workspace.file(path)?.getFullText() ?? '';
  }
}

/**
 * What the compiler did not object to before. It words one and the same objection in more than one way, as it comes to the members of a
 * type in another order: of the same code, another wording is no other objection, unless it speaks of a promise.
 */
function newErrors(after: readonly ProgramError[], before: readonly ProgramError[]): readonly ProgramError[] {
  const left = [...before];
  const isNew = (error: ProgramError, isSame: (known: ProgramError) => boolean): boolean => {
    const index = left.findIndex((known) => known.file === error.file && isSame(known));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  };
  return after
    .filter((error) => isNew(error, ({ message }) => message === error.message))
    .filter((error) => error.message.includes('Promise') || isNew(error, (known) => known.code === error.code && numberOf(known) === numberOf(error)));
}

function numberOf({ message }: ProgramError): string {
  return message.slice(0, message.indexOf(':'));
}

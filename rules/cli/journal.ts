import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './usage-error.js';

/** What is to become of a file: enough to take it back. */
export interface JournalEntry {
  readonly target: string;
  /** Where the new text is laid down first. */
  readonly temporary: string;
  readonly mode: number;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** As it lies on the disk: bytes in base64. */
interface Written {
  readonly pid: number;
  readonly entries: readonly (Pick<JournalEntry, 'target' | 'temporary' | 'mode'> & { readonly before: string; readonly after: string })[];
}

/** A run that is killed can take nothing back itself: the next one in the same folder does, by what is written down here. */
export class Journal {
  readonly #file: string;

  /** @param folder where it lies while files are replaced */
  constructor(folder: string) {
    this.#file = join(folder, '.borrowck-migration');
  }

  /** Writes down what is to be replaced. Until `end`, a process that dies leaves it behind. */
  begin(entries: readonly JournalEntry[]): void {
    const written: Written = { pid: process.pid, entries: entries.map((one) => ({ ...one, before: one.before.toString('base64'), after: one.after.toString('base64') })) };
    const temporary = `${this.#file}.${process.pid}`;
    try {
      const descriptor = openSync(temporary, 'w');
      try {
        writeFileSync(descriptor, JSON.stringify(written));
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, this.#file);
    } catch (error) {
      throw new UsageError(`\`${this.#file}\` cannot be written (${(error as NodeJS.ErrnoException).code}): check the permissions of the folder.`);
    }
  }

  /** All files are replaced, or have their old text again. */
  end(): void {
    rmSync(this.#file, { force: true });
  }

  /**
   * Gives files their old text again that a run left behind which was killed. A file that something else changed since stays as it is.
   *
   * @returns the files that have their old text again; undefined where no run was killed
   * @throws UsageError when the run is still at it
   */
  recover(): readonly string[] | undefined {
    const written = this.#read();
    if (written === undefined) return undefined;
    if (isAlive(written.pid)) throw new UsageError(`Another run is replacing files here (process ${written.pid}): wait for it, or remove \`${this.#file}\` if that is no borrowck.`);
    const restored: string[] = [];
    for (const { target, temporary, mode, before, after } of written.entries) {
      rmSync(temporary, { force: true });
      if (!holds(target, Buffer.from(after, 'base64'))) continue;
      writeFileSync(temporary, Buffer.from(before, 'base64'), { mode });
      renameSync(temporary, target);
      restored.push(target);
    }
    this.end();
    return restored;
  }

  #read(): Written | undefined {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8')) as Written;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new UsageError(`\`${this.#file}\`, which an interrupted run left behind, cannot be read: see to it that the files are as they should be, and remove it.`);
    }
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function holds(file: string, bytes: Buffer): boolean {
  try {
    return readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
}

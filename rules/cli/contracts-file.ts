import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError, oneLine } from './usage-error.js';

/**
 * Reads the contracts of a project from a file, which ESLint's configuration may read as well.
 *
 * @param path - as the command line has it; without one, there are none
 * @param cwd - what the path starts from
 * @returns what the file holds; the engine validates it
 * @throws {UsageError} when it cannot be read, or is not JSON
 */
export function readContracts(path: string | undefined, cwd: string): unknown {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    throw new UsageError(`The contracts in \`${path}\` cannot be read (${(error as NodeJS.ErrnoException).code ?? oneLine(error)}): check the path.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`The contracts in \`${path}\` are not JSON (${oneLine(error)}): correct the file.`);
  }
}

import { createRequire } from 'node:module';
import type { BorrowckSettings } from '../engine/session.js';

/**
 * Whether fixes in a file may use `borrowck-runtime`. Asked only where there is something to fix, so the answer is not cached: an
 * editor sees the package as soon as it is installed.
 *
 * @param file - the linted file
 * @param setting - `settings.borrowck.runtime`
 * @returns true when the runtime's forms may be used
 */
export function mayUseRuntime(file: string, setting: BorrowckSettings['runtime']): boolean {
  if (setting !== 'auto') return setting === 'always';
  try {
    createRequire(file).resolve('borrowck-runtime');
    return true;
  } catch {
    return false;
  }
}

import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';

/**
 * Whether what a rewrite would change could be had back from git.
 *
 * @param files absolute
 * @returns false where one of them is not committed as it is, or where there is no repository
 */
export function isCommitted(files: readonly string[]): boolean {
  const [first] = files;
  if (first === undefined) return true;
  const { status, stdout } = spawnSync('git', ['status', '--porcelain', '--ignored', '--', ...files], { cwd: dirname(first), encoding: 'utf8' });
  return status === 0 && stdout === '';
}

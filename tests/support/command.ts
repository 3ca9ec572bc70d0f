import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** The command as it is built. */
export const COMMAND = fileURLToPath(new URL('../../rules/dist/cli/main.js', import.meta.url));

/** Runs the built command, as a user's shell would with its output in a pipe. */
export function borrowck(args: readonly string[], cwd: string, command: string = COMMAND): Ended {
  const { FORCE_COLOR: _forced, DEBUG: _debug, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd, env, encoding: 'utf8', timeout: 150_000, maxBuffer: 1 << 26 });
  return { code: status, out: stdout, errors: stderr };
}

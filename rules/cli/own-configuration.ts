import { dirname } from 'node:path';
import type { Linter } from 'eslint';
import type { BorrowckSettings } from '../engine/session.js';
import { settingsOf } from '../eslint/settings.js';
import type { Toolchain } from './toolchain.js';
import { UsageError, oneLine } from './usage-error.js';

/** What the ESLint configuration of a project says about a file. */
export interface OwnConfiguration {
  /** Undefined where there is no configuration, or where it does not concern the file. */
  readonly rules: Linter.Config['rules'];
  readonly settings: BorrowckSettings;
  /** Why there are no rules although there is a configuration, in one sentence. */
  readonly note: string | undefined;
}

/**
 * Reads the ESLint configuration that a file has.
 *
 * @param file - the absolute path
 * @param toolchain - the ESLint to read it with
 * @returns what it says; the defaults where there is none
 * @throws {UsageError} when its `settings.borrowck` are of the wrong shape
 */
export async function ownConfigurationOf(file: string, toolchain: Toolchain): Promise<OwnConfiguration> {
  const none = { rules: undefined, settings: settingsOf({}), note: undefined };
  let config: Linter.Config | undefined;
  try {
    const eslint = new toolchain.ESLint({ cwd: dirname(file) });
    if ((await eslint.findConfigFile(file)) === undefined) return none;
    config = (await eslint.calculateConfigForFile(file)) as Linter.Config | undefined;
  } catch (error) {
    return { ...none, note: `the ESLint configuration cannot be loaded (${oneLine(error)}): its settings are not taken into account.` };
  }
  if (config === undefined) return { ...none, note: 'the ESLint configuration ignores this file.' };
  try {
    return { rules: config.rules ?? {}, settings: settingsOf(config.settings ?? {}), note: undefined };
  } catch (error) {
    throw new UsageError(oneLine(error));
  }
}

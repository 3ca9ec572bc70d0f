import { inspect } from 'node:util';
import type { BorrowckSettings } from '../engine/session.js';
import { ConfigurationError } from './configuration-error.js';

const runtimes = ['auto', 'always', 'never'] as const;
const known = ['runtime', 'contracts'];
const defaults: BorrowckSettings = { runtime: 'auto', contracts: undefined };

/** By identity of what the project wrote: ESLint hands every file of a configuration the same object. */
const validated = new WeakMap<object, BorrowckSettings>();

/**
 * Reads `settings.borrowck`.
 *
 * @param settings - ESLint's `context.settings`
 * @returns the settings with the defaults filled in; contracts are passed on as written, the engine validates them
 * @throws {ConfigurationError} when the settings are of the wrong shape
 */
export function settingsOf(settings: Readonly<Record<string, unknown>>): BorrowckSettings {
  const written = settings['borrowck'];
  if (written === undefined) return defaults;
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new ConfigurationError(`settings.borrowck must be an object such as { runtime: 'auto' }, not ${shown(written)}.`);
  }
  let result = validated.get(written);
  if (result === undefined) {
    result = validate(written as Record<string, unknown>);
    validated.set(written, result);
  }
  return result;
}

function validate(written: Record<string, unknown>): BorrowckSettings {
  for (const key of Object.keys(written)) {
    if (!known.includes(key)) {
      throw new ConfigurationError(`settings.borrowck has no "${key}": it takes ${known.map((name) => `"${name}"`).join(' and ')}.`);
    }
  }
  const runtime = written['runtime'] ?? defaults.runtime;
  const isKnown = runtimes.find((one) => one === runtime);
  if (isKnown === undefined) {
    throw new ConfigurationError(`settings.borrowck.runtime must be ${runtimes.map((one) => `"${one}"`).join(' or ')}, not ${shown(runtime)}.`);
  }
  return { runtime: isKnown, contracts: written['contracts'] };
}

function shown(value: unknown): string {
  return typeof value === 'function' ? 'a function' : inspect(value, { depth: 1, breakLength: Infinity });
}

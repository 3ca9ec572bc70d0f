import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ESLint as ESLintClass, Linter } from 'eslint';
import type ts from 'typescript';
import { UsageError, oneLine } from './usage-error.js';

/** Everything that is installed beside the plugin and that a check needs. */
export interface Toolchain {
  /** The very TypeScript that the parser uses: a program of another copy would have other node kinds and type flags. */
  readonly ts: typeof ts;
  readonly ESLint: typeof ESLintClass;
  readonly parser: Linter.Parser;
  readonly plugin: ESLintClass.Plugin;
}

interface Installed {
  readonly directory: string;
  readonly version: string;
}

const SUPPORTED_TYPESCRIPT = '5.4 to 6.0';

/** Looks a package up the way Node does, without its `exports`: those may hide `package.json`, or lack an entry altogether. */
export function findInstalled(name: string, from: string): Installed | undefined {
  for (const folder of createRequire(from).resolve.paths(name) ?? []) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
      const version = (manifest as { version?: unknown }).version;
      return { directory: realpathSync(join(folder, name)), version: typeof version === 'string' ? version : '0.0.0' };
    } catch {
      continue;
    }
  }
  return undefined;
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split('.').map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

function required(name: string, range: string, from: string): Installed {
  const found = findInstalled(name, from);
  if (found === undefined) {
    throw new UsageError(`${name} is not installed beside eslint-plugin-borrowck: run \`npm install --save-dev "${name}@${range}"\`.`);
  }
  return found;
}

function unsupportedTypeScript(installed: Installed): UsageError {
  return new UsageError(
    `TypeScript ${installed.version} (${installed.directory}) is not supported, because borrowck needs the compiler API of TypeScript ${SUPPORTED_TYPESCRIPT}: run \`npm install --save-dev typescript@~6.0.3\`.`,
  );
}

function loadTypeScript(from: string): typeof ts {
  const own = required('typescript', '~6.0.3', from);
  if (!isAtLeast(own.version, 5, 4) || isAtLeast(own.version, 6, 1)) {
    throw unsupportedTypeScript(own);
  }
  const parser = required('@typescript-eslint/parser', '^8', from);
  const estree = findInstalled('@typescript-eslint/typescript-estree', join(parser.directory, 'package.json'));
  const ofParser = estree && findInstalled('typescript', join(estree.directory, 'package.json'));
  if (ofParser !== undefined && ofParser.directory !== own.directory && ofParser.version !== own.version) {
    throw new UsageError(
      `Two versions of TypeScript are installed, ${own.version} (${own.directory}) and ${ofParser.version} (${ofParser.directory}, used by @typescript-eslint/parser), and types of one mean nothing to the other: install a single version, then run \`npm dedupe\`.`,
    );
  }
  const used = ofParser ?? own;
  try {
    const instance = createRequire(join(used.directory, 'package.json'))(used.directory) as typeof ts;
    if (typeof instance.createProgram === 'function') {
      return instance;
    }
  } catch {
    // Falls through: a package without a main entry is a TypeScript without the compiler API.
  }
  throw unsupportedTypeScript(used);
}

/**
 * Loads TypeScript, ESLint, the parser and the plugin, in the order in which a failure can be explained best.
 *
 * @param from the module beside which they are installed
 * @returns the instances to use together
 * @throws UsageError when one is missing, of an unsupported version, or when they do not belong together
 */
export async function loadToolchain(from: string = fileURLToPath(import.meta.url)): Promise<Toolchain> {
  const instance = loadTypeScript(from);
  const eslint = required('eslint', '^10', from);
  if (!isAtLeast(eslint.version, 9, 38)) {
    throw new UsageError(`ESLint ${eslint.version} (${eslint.directory}) is not supported: run \`npm install --save-dev eslint@^10\`.`);
  }
  try {
    const [{ ESLint }, parser, plugin] = await Promise.all([
      import('eslint'),
      import('@typescript-eslint/parser'),
      import('../index.js'),
    ]);
    return { ts: instance, ESLint, parser: parser as Linter.Parser, plugin: plugin.default };
  } catch (error) {
    throw new UsageError(`ESLint, its TypeScript parser or the plugin cannot be loaded (${oneLine(error)}): install them again beside each other.`);
  }
}

/** The folder of the `@types/node` that comes with the plugin, for code that has none. */
export function ownNodeTypes(): string | undefined {
  const installed = findInstalled('@types/node', fileURLToPath(import.meta.url));
  return installed && join(installed.directory, 'index.d.ts');
}

/** This package's version, for `--version` and reports. */
export function ownVersion(): string {
  return required('eslint-plugin-borrowck', 'latest', fileURLToPath(import.meta.url)).version;
}

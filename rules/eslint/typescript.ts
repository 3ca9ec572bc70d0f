import { createRequire } from 'node:module';
import path from 'node:path';
import type ts from 'typescript';
import { assertSameTypeScript } from '../engine/types/handshake.js';
import { ConfigurationError } from './configuration-error.js';
import { displayPath, type TypedFile } from './type-information.js';

type TypeScript = typeof ts;

const require = createRequire(import.meta.url);
const found = new WeakMap<ts.Program, TypeScript>();

/** What `settings` and this plugin's peer range support: TypeScript 7 has another API. */
const supported = '>=5.4 <7';

/**
 * The TypeScript instance that built a program. Numbers such as `SyntaxKind` differ between versions, so a program may only be read
 * with the instance it came from, and the parser does not say which one that was.
 *
 * @param file - the linted file and its program
 * @param cwd - where ESLint was started
 * @returns the instance
 * @throws {ConfigurationError} when it cannot be found, or is not supported
 */
export function typescriptOf(file: TypedFile, cwd: string): TypeScript {
  const { program } = file;
  let instance = found.get(program);
  if (instance === undefined) {
    instance = find(file, cwd);
    found.set(program, instance);
  }
  return instance;
}

function find(file: TypedFile, cwd: string): TypeScript {
  const candidates = [...instances(cwd)];
  const instance = candidates.find((one) => isMaker(one.ts, file.sourceFile)) ?? candidates.find((one) => isCompatible(one.ts, file));
  const seen = candidates.map((one) => `${one.ts.version} in ${displayPath(path.resolve(one.file, '../..'), cwd)}`).join(', ');
  if (instance === undefined) {
    throw new ConfigurationError(
      `The TypeScript that parsed ${displayPath(file.sourceFile.fileName, cwd)} is not one that borrowck can find (${seen === '' ? 'there is none' : `found ${seen}`}): ` +
        `install one typescript ${supported} for @typescript-eslint/parser and eslint-plugin-borrowck together.`,
    );
  }
  if (!isSupported(instance.ts.version)) {
    throw new ConfigurationError(
      `TypeScript ${instance.ts.version} in ${displayPath(path.resolve(instance.file, '../..'), cwd)} is not supported by eslint-plugin-borrowck: install typescript ${supported}, for example typescript@~6.0.3.`,
    );
  }
  return instance.ts;
}

/** The instances that could be the parser's, likeliest first. Loads nothing: whatever parsed the file is loaded. */
function* instances(cwd: string): Generator<{ readonly file: string; readonly ts: TypeScript }> {
  const loaded = (file: string): TypeScript | undefined => {
    const exports: unknown = require.cache[file]?.exports;
    return isTypeScript(exports) ? exports : undefined;
  };
  const files = new Set<string>();
  for (const from of [path.join(cwd, 'eslint.config.js'), import.meta.url]) {
    for (const parser of ['@typescript-eslint/parser', 'typescript-eslint']) {
      const file = resolveThrough(from, [parser, '@typescript-eslint/typescript-estree', 'typescript']);
      if (file !== undefined) files.add(file);
    }
  }
  for (const file of Object.keys(require.cache)) {
    if (/[\\/]typescript[\\/]lib[\\/]typescript\.js$/.test(file)) files.add(file);
  }
  for (const file of files) {
    const instance = loaded(file);
    if (instance !== undefined) yield { file, ts: instance };
  }
}

/** Follows a chain of packages, each resolved from where the one before it lies. */
function resolveThrough(from: string, chain: readonly string[]): string | undefined {
  let current = from;
  for (const specifier of chain) {
    try {
      current = createRequire(current).resolve(specifier);
    } catch {
      return undefined;
    }
  }
  return current;
}

function isTypeScript(value: unknown): value is TypeScript {
  return typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string' && 'createSourceFile' in value && 'SyntaxKind' in value;
}

/** The very instance: its source files have the same prototype. */
function isMaker(instance: TypeScript, sourceFile: ts.SourceFile): boolean {
  const sample = instance.createSourceFile('sample.ts', '', instance.ScriptTarget.Latest);
  return Object.getPrototypeOf(sample) === Object.getPrototypeOf(sourceFile);
}

/** Another copy that numbers things alike. */
function isCompatible(instance: TypeScript, { program }: TypedFile): boolean {
  try {
    assertSameTypeScript(instance, program);
    return true;
  } catch {
    return false;
  }
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 5 ? minor >= 4 : major === 6;
}

import type { Rule } from 'eslint';
import type ts from 'typescript';
import type { Domain, Finding } from '../engine/findings.js';
import { sessionFor, type Session } from '../engine/session.js';
import { watchCache } from './cached-importers.js';
import { ConfigurationError } from './configuration-error.js';
import { settingsOf } from './settings.js';
import { typedFileOf, type TypedFile } from './type-information.js';
import { typescriptOf } from './typescript.js';

/** Where the analysis comes from. Tests of the adapter put prepared findings here. */
export const engine: { sessionFor(options: Parameters<typeof sessionFor>[0]): Session } = { sessionFor };

/** What the engine says about one file. */
export interface Analysis {
  readonly file: TypedFile;
  readonly findings: readonly Finding[];
  readonly notices: readonly string[];
}

/** An exception inside the engine: a defect of it, never of the linted code. */
export interface EngineFailure {
  readonly file: string;
  readonly error: unknown;
}

/** A file the engine failed on is not tried again by the next rule, but in the next program: another file may have been what it fails on. */
const failed = new WeakMap<ts.Program, WeakSet<ts.SourceFile>>();
const failures: EngineFailure[] = [];
const failuresKept = 100;

/**
 * The engine's failures of this process, oldest first, at most the last hundred. A lint run goes on without the file; harnesses that
 * must not overlook a failure look here.
 *
 * @returns the failures
 */
export function engineFailures(): readonly EngineFailure[] {
  return failures;
}

/**
 * Analyses the file a rule looks at. Every rule that asks gets the same findings, computed once.
 *
 * @param context - the rule's context
 * @param domain - the analysis that the rule shows findings of
 * @returns the analysis; undefined when the engine can say nothing about the file, because the program does not contain it or the engine failed on it
 * @throws {ConfigurationError} when the project's configuration must be mended first
 */
export function analyse(context: Rule.RuleContext, domain: Domain): Analysis | undefined {
  const settings = settingsOf(context.settings);
  const file = typedFileOf(context);
  if (file === undefined || failed.get(file.program)?.has(file.sourceFile) === true) return undefined;
  watchCache(file, context.cwd);
  const instance = typescriptOf(file, context.cwd);
  try {
    const session: Session = engine.sessionFor({ ts: instance, program: file.program, settings, root: context.cwd });
    return { file, findings: session.findings(file.sourceFile, domain), notices: session.notices(file.sourceFile) };
  } catch (error) {
    if (isConfigurationError(error)) throw error instanceof ConfigurationError ? error : new ConfigurationError(error.message);
    rememberFailed(file);
    rememberFailure({ file: file.sourceFile.fileName, error });
    return undefined;
  }
}

/** The engine does not know this adapter's classes: what it has to say to the user carries a code, as its mismatch of TypeScripts does. */
function isConfigurationError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === 'ConfigurationError' || ('code' in error && String(error.code).startsWith('BORROWCK_'));
}

function rememberFailed({ program, sourceFile }: TypedFile): void {
  const files = failed.get(program);
  if (files === undefined) failed.set(program, new WeakSet([sourceFile]));
  else files.add(sourceFile);
}

function rememberFailure(failure: EngineFailure): void {
  failures.push(failure);
  if (failures.length > failuresKept) failures.shift();
  if (!isDebugging()) return;
  const { error } = failure;
  process.stderr.write(`borrowck: the engine failed on ${failure.file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

/** `DEBUG=borrowck`, alone or in a list, as the debug package reads it. */
function isDebugging(): boolean {
  return (process.env['DEBUG'] ?? '').split(/[\s,]+/).some((name) => name === '*' || name === 'borrowck' || name.startsWith('borrowck:'));
}

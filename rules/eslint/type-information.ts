import path from 'node:path';
import type { ParserServices } from '@typescript-eslint/utils';
import type { Rule } from 'eslint';
import type ts from 'typescript';
import { ConfigurationError } from './configuration-error.js';

/** A linted file and the program it belongs to. */
export interface TypedFile {
  readonly program: ts.Program;
  readonly sourceFile: ts.SourceFile;
}

/**
 * The TypeScript side of the file that a rule looks at.
 *
 * @param context - the rule's context
 * @returns the file in its program; undefined where the program does not contain it (nothing can be said about its types then)
 * @throws {ConfigurationError} when the file was parsed without type information
 */
export function typedFileOf(context: Rule.RuleContext): TypedFile | undefined {
  const services = context.sourceCode.parserServices as Partial<ParserServices> | undefined;
  if (services?.esTreeNodeToTSNodeMap === undefined) {
    const parser = parserName(context.languageOptions['parser']);
    throw new ConfigurationError(
      `${context.id} needs type information, but ${relative(context)} was parsed by ${parser}, which has none: for such files, set languageOptions.parser to @typescript-eslint/parser ` +
        `and languageOptions.parserOptions.projectService to true, or exclude them with the disableTypeChecked configuration.`,
    );
  }
  const { program } = services;
  if (program === undefined || program === null) {
    throw new ConfigurationError(
      `${context.id} needs type information, but no TypeScript program was built for ${relative(context)}: for such files, set languageOptions.parserOptions.projectService to true, ` +
        `or exclude them with the disableTypeChecked configuration.`,
    );
  }
  const root = services.esTreeNodeToTSNodeMap.get(context.sourceCode.ast as never) as ts.SourceFile;
  return program.getSourceFile(root.fileName) === root ? { program, sourceFile: root } : undefined;
}

/** The linted file as a person would name it: relative to where ESLint was started. */
function relative(context: Rule.RuleContext): string {
  return displayPath(context.filename, context.cwd);
}

/**
 * A file as a person would name it.
 *
 * @param file - an absolute file name
 * @param cwd - where ESLint was started
 * @returns the name relative to `cwd` where it is below it, with slashes
 */
export function displayPath(file: string, cwd: string): string {
  const below = path.relative(cwd, file);
  const name = below === '' || below.startsWith('..') || path.isAbsolute(below) ? file : below;
  return name.replaceAll('\\', '/');
}

/** Parsers say their name in `meta`, older ones on themselves. */
function parserName(parser: unknown): string {
  for (const holder of [propertyOf(parser, 'meta'), parser]) {
    const name = propertyOf(holder, 'name');
    if (typeof name === 'string') return name;
  }
  return 'a parser';
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
}

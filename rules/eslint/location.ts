import type { AST, Rule } from 'eslint';
import type ts from 'typescript';
import type { ParserServices } from '@typescript-eslint/utils';
import type { Origin } from '../engine/ir/index.js';
import type { Analysis } from './analysis.js';

/** Where an origin is in the linted text; undefined where that cannot be told. */
export function locationOf(origin: Origin, { file }: Analysis, context: Rule.RuleContext): AST.SourceLocation | undefined {
  const { sourceCode } = context;
  if (origin.file !== file.sourceFile.fileName) return undefined;
  if (isSameText(file.sourceFile, context)) {
    return { start: sourceCode.getLocFromIndex(origin.start), end: sourceCode.getLocFromIndex(origin.end) };
  }
  const services = sourceCode.parserServices as ParserServices;
  const syntax = origin.syntax as never;
  return services.tsNodeToESTreeNodeMap.has(syntax) ? services.tsNodeToESTreeNodeMap.get(syntax).loc : undefined;
}

/** A processor or a framework's parser may have taken the program's text out of a larger file. */
export function isSameText(sourceFile: ts.SourceFile, context: Rule.RuleContext): boolean {
  return sourceFile.text === context.sourceCode.text;
}

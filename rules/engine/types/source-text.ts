import type ts from 'typescript';
import type { Origin } from '../ir/index.js';
import { withoutAssertions } from './syntax.js';

/** What the analysis asks about the source's own words. */
export interface SourceText {
  /** The source between an origin's ends, white space folded. */
  textOf(origin: Origin): string;
  /** The operand of a `yield` or `return`, without parentheses and assertions; the expression itself for any other. */
  operandOf(origin: Origin): Origin | undefined;
}

/**
 * @param t - the TypeScript that parsed the files
 * @returns the text behind origins
 */
export function sourceTextOf(t: typeof ts): SourceText {
  return {
    textOf(origin) {
      const node = origin.syntax as ts.Node;
      return node.getSourceFile().text.slice(origin.start, origin.end).replace(/\s+/g, ' ');
    },
    operandOf(origin) {
      const node = origin.syntax as ts.Node;
      const operand = t.isReturnStatement(node) || t.isYieldExpression(node) ? node.expression : t.isExpression(node) ? node : undefined;
      if (operand === undefined) return undefined;
      const bare = withoutAssertions(t, operand);
      return { file: origin.file, start: bare.getStart(), end: bare.end, syntax: bare };
    },
  };
}

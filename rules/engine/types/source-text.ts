import type ts from 'typescript';
import type { Origin } from '../ir/index.js';
import { withoutAssertions } from './syntax.js';

/** What the analysis asks about the source's own words. */
export interface SourceText {
  /** The source between an origin's ends, white space folded. */
  textOf(origin: Origin): string;
  /** The operand of a `yield` or `return`, without parentheses and assertions; the expression itself for any other. */
  operandOf(origin: Origin): Origin | undefined;
  /** What an object that is written out has under a name, or under one after the other; undefined where it is not written out. */
  memberOf(origin: Origin, path: readonly string[]): Origin | undefined;
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
      return originOf(withoutAssertions(t, operand), origin);
    },
    memberOf(origin, path) {
      let node = origin.syntax as ts.Node;
      for (const name of path) {
        const object = t.isExpression(node) ? withoutAssertions(t, node) : node;
        const member = t.isObjectLiteralExpression(object) ? memberOf(object, name, t) : undefined;
        if (member === undefined) return undefined;
        node = member;
      }
      return originOf(t.isExpression(node) ? withoutAssertions(t, node) : node, origin);
    },
  };
}

function originOf(node: ts.Node, { file }: Origin): Origin {
  return { file, start: node.getStart(), end: node.end, syntax: node };
}

/** The value of the last property of a name, where nothing behind it can stand in for it. */
function memberOf({ properties }: ts.ObjectLiteralExpression, name: string, t: typeof ts): ts.Expression | undefined {
  for (const property of [...properties].reverse()) {
    if (t.isSpreadAssignment(property) || property.name === undefined || t.isComputedPropertyName(property.name)) return undefined;
    if (property.name.getText().replace(/^(['"])(.*)\1$/, '$2') !== name) continue;
    if (t.isPropertyAssignment(property)) return property.initializer;
    return t.isShorthandPropertyAssignment(property) ? property.name : undefined;
  }
  return undefined;
}

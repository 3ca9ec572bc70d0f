import type { Rule } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import type { AsyncFinding } from '../engine/findings.js';
import type { Analysis } from './analysis.js';
import { isSameText } from './location.js';
import type { RewritesOf } from './report-async.js';

type Range = readonly [number, number];

/**
 * Suggests the plain data of a message: an instance becomes an object with its fields, a function is left out of an object literal.
 * Neither is ever applied by itself: what the other side expects is not known.
 *
 * @param finding - a value that cannot be cloned
 * @param analysis - the analysis of the linted file
 * @param context - the rule's context
 * @returns the suggestion, where there is one
 */
export function plainDataRewrites(finding: AsyncFinding, analysis: Analysis, context: Rule.RuleContext): ReturnType<RewritesOf> {
  if (!isSameText(analysis.file.sourceFile, context)) return {};
  const { text } = context.sourceCode;
  const { start, end } = finding.at;
  if (finding.form === 'instance' && finding.words['path'] === '' && /^[\w$.#]+$/.test(text.slice(start, end))) {
    const copy = `{ ...${text.slice(start, end)} }`;
    return { suggest: [{ messageId: 'copy', data: { copy }, fix: (fixer) => fixer.replaceTextRange([start, end], copy) }] };
  }
  const dropped = finding.form === 'function' ? propertyAt(finding, context) : undefined;
  if (dropped === undefined) return {};
  const copy = text.slice(start, dropped[0]) + text.slice(dropped[1], end);
  return { suggest: [{ messageId: 'copy', data: { copy: copy.replaceAll(/\s+/g, ' ').slice(0, 60) }, fix: (fixer) => fixer.removeRange([dropped[0], dropped[1]]) }] };
}

/** The property of an object literal that a finding is about, with the comma that goes with it. */
function propertyAt({ at, words }: AsyncFinding, { sourceCode }: Rule.RuleContext): Range | undefined {
  let node = sourceCode.getNodeByRangeIndex(at.start) as TSESTree.Node | null | undefined;
  while (node && !(node.type === 'ObjectExpression' && node.range[0] === at.start && node.range[1] === at.end)) {
    if (node.range[0] < at.start) return undefined;
    node = node.parent;
  }
  if (node?.type !== 'ObjectExpression') return undefined;
  const index = node.properties.findIndex((one) => one.type === 'Property' && !one.computed && one.key.type === 'Identifier' && one.key.name === words['path']);
  const property = node.properties[index];
  if (property === undefined || sourceCode.getCommentsInside(node as never).length > 0) return undefined;
  const [before, after] = [node.properties[index - 1], node.properties[index + 1]];
  if (after !== undefined) return [property.range[0], after.range[0]];
  return before === undefined ? undefined : [before.range[1], property.range[1]];
}

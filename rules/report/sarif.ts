import { pathToFileURL } from 'node:url';
import type { ESLint, Linter } from 'eslint';
import { PREFIX, findingOf } from './input.js';
import type { ReportInput, RuleDocs } from './input.js';
import { Sources, shownPath } from './sources.js';
import type { SourceText } from './source-text.js';
import { spansOf } from './spans.js';
import type { Span } from './spans.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A SARIF 2.1.0 log with one run. */
export function renderSarif(input: ReportInput): string {
  const sources = new Sources(input);
  const rules = Object.entries(input.rules).map(([name, rule]) => describeRule(name, rule.meta?.docs));
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]));
  const results = input.results.flatMap((result) =>
    result.messages.filter((message) => message.fatal !== true).map((message) => describeResult(result, message, input, sources, indexOf)),
  );
  const failures = input.results.flatMap((result) =>
    result.messages.filter((message) => message.fatal === true).map((message) => describeFailure(result, message, input)),
  );
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'borrowck', semanticVersion: input.version, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(input.cwd).href.replace(/\/$/, '')}/` } },
        invocations: [{ executionSuccessful: failures.length === 0, toolExecutionNotifications: failures }],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** With all that GitHub's code scanning asks of a rule. */
function describeRule(name: string, docs: RuleDocs | undefined) {
  const { description = name, url } = docs ?? {};
  const text = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
  // The format wants an absolute address here; a path inside the package is none.
  const address = url?.startsWith('https:') === true ? url : undefined;
  return {
    id: PREFIX + name,
    name,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: address === undefined ? text : `${text} ${address}`, ...(address === undefined ? {} : { markdown: `${text} [What it finds and how to mend it](${address}).` }) },
    ...(address === undefined ? {} : { helpUri: address }),
    defaultConfiguration: { level: 'error' },
    properties: { precision: 'high', 'problem.severity': 'error', tags: ['correctness'] },
  };
}

function describeResult(result: ESLint.LintResult, message: Linter.LintMessage, input: ReportInput, sources: Sources, indexOf: ReadonlyMap<string, number>) {
  const finding = findingOf(input, result.filePath, message);
  const ruleId = message.ruleId ?? PREFIX;
  const index = indexOf.get(ruleId);
  const spans = finding === undefined ? [] : spansOf(finding);
  const related = spans.filter((span) => !span.isPrimary);
  return {
    ruleId,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: message.severity === 2 ? 'error' : 'warning',
    message: { text: message.message },
    locations: [{ physicalLocation: { artifactLocation: artifact(result.filePath, input), region: regionOfMessage(message) } }],
    ...(related.length === 0 ? {} : { relatedLocations: related.map((span, id) => ({ id: id + 1, ...location(span, input, sources) })) }),
    ...(spans.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ locations: spans.map((span) => ({ location: location(span, input, sources) })) }] }] }),
    ...(message.fix === undefined ? {} : { fixes: [describeFix(result.filePath, message.fix, input, sources.of(result.filePath))] }),
    ...(finding === undefined ? {} : { properties: { certainty: finding.certainty } }),
  };
}

function describeFailure(result: ESLint.LintResult, message: Linter.LintMessage, input: ReportInput) {
  return {
    level: 'error',
    message: { text: message.message },
    locations: [{ physicalLocation: { artifactLocation: artifact(result.filePath, input), region: regionOfMessage(message) } }],
  };
}

function artifact(file: string, { cwd }: ReportInput) {
  const path = shownPath(file, cwd);
  return path === file.replaceAll('\\', '/') ? { uri: pathToFileURL(file).href } : { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
}

function regionOfMessage({ line, column, endLine, endColumn }: Linter.LintMessage) {
  return { startLine: Math.max(1, line), startColumn: Math.max(1, column), ...(endLine === undefined ? {} : { endLine }), ...(endColumn === undefined ? {} : { endColumn }) };
}

function regionOf(source: SourceText, start: number, end: number) {
  const from = source.positionOf(start);
  const to = source.positionOf(end);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

function location(span: Span, input: ReportInput, sources: Sources) {
  return {
    physicalLocation: { artifactLocation: artifact(span.file, input), region: regionOf(sources.of(span.file), span.start, span.end) },
    message: { text: span.label },
  };
}

function describeFix(file: string, { range, text }: Linter.LintMessage['fix'] & object, input: ReportInput, source: SourceText) {
  return {
    description: { text: 'Applied by `borrowck check --fix`.' },
    artifactChanges: [
      { artifactLocation: artifact(file, input), replacements: [{ deletedRegion: regionOf(source, range[0], range[1]), insertedContent: { text } }] },
    ],
  };
}

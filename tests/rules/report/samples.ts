import type { ESLint, Linter } from 'eslint';
import type { BorrowFinding, Finding, Step } from '../../../rules/engine/findings.js';
import type { Origin } from '../../../rules/engine/ir/index.js';
import type { ReportInput } from '../../../rules/report/index.js';
import { SourceText } from '../../../rules/report/source-text.js';

export const CWD = '/project';

/** The origin of the n-th occurrence (from 1) of a text in a file. */
export function at(file: string, source: string, text: string, occurrence = 1): Origin {
  let start = -1;
  for (let index = 0; index < occurrence; index += 1) {
    start = source.indexOf(text, start + 1);
    if (start < 0) {
      throw new Error(`no ${JSON.stringify(text)} in ${file}`);
    }
  }
  return { file, start, end: start + text.length, syntax: { kind: 0 } };
}

export interface Sample {
  readonly file: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly region: Origin;
  readonly escape: Origin;
  readonly invalidation: Origin;
  readonly name?: string;
  readonly trace?: readonly Step[];
  readonly certainty?: 'certain' | 'potential';
  readonly how?: BorrowFinding['invalidation']['how'];
  readonly isLent?: boolean;
  readonly fix?: Linter.LintMessage['fix'];
  readonly suggestions?: Linter.LintMessage['suggestions'];
}

export function findingOfSample(sample: Sample): BorrowFinding {
  const { file, sources, escape } = sample;
  return {
    kind: 'borrowed-yield',
    certainty: sample.certainty ?? 'certain',
    escape: { how: 'yield', at: escape, view: escape, type: 'Buffer', via: undefined },
    region: { at: sample.region, name: sample.name ?? 'buf', isLent: sample.isLent ?? false },
    invalidation: { how: sample.how ?? 'overwrite', at: sample.invalidation, by: sources[file]?.includes('fh.read') === true ? 'fh.read()' : 'fill()' },
    trace: sample.trace ?? [],
  };
}

export function resultOf(file: string, source: string, messages: Linter.LintMessage[]): ESLint.LintResult {
  const errors = messages.filter((message) => message.severity === 2).length;
  return {
    filePath: file,
    messages,
    suppressedMessages: [],
    errorCount: errors,
    fatalErrorCount: messages.filter((message) => message.fatal === true).length,
    warningCount: messages.length - errors,
    fixableErrorCount: 0,
    fixableWarningCount: 0,
    usedDeprecatedRules: [],
    source,
  };
}

/** A report's input made from hand-made findings, as the command makes it from ESLint's results. */
export function inputOf(samples: readonly Sample[], more: Partial<ReportInput> = {}): ReportInput {
  const findings = new Map<string, Finding>();
  const results = samples.map((sample) => {
    const source = sample.sources[sample.file] ?? '';
    const text = new SourceText(source);
    const start = text.positionOf(sample.escape.start);
    const end = text.positionOf(sample.escape.end);
    const finding = findingOfSample(sample);
    findings.set(`${sample.file}:${start.line}:${start.column}`, finding);
    const message: Linter.LintMessage = {
      ruleId: 'borrowck/no-borrowed-yield',
      severity: finding.certainty === 'certain' ? 2 : 1,
      message: `This \`yield\` hands out a view of \`${finding.region.name}\` that is overwritten. Yield an owned copy instead.`,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      ...(sample.fix === undefined ? {} : { fix: sample.fix }),
      ...(sample.suggestions === undefined ? {} : { suggestions: sample.suggestions }),
    };
    return resultOf(sample.file, source, [message]);
  });
  const sources = new Map(samples.flatMap((sample) => Object.entries(sample.sources)));
  return {
    results,
    rules: {
      'no-borrowed-return': { meta: { docs: { description: 'disallow returning views', url: 'https://example.org/no-borrowed-return' } } },
      'no-borrowed-yield': { meta: { docs: { description: 'disallow handing out views' } } },
    },
    findingFor: (file, ruleId, line, column) => (ruleId === 'borrowck/no-borrowed-yield' ? findings.get(`${file}:${line}:${column}`) : undefined),
    sourceOf: (file) => sources.get(file),
    cwd: CWD,
    version: '1.2.3',
    isColored: false,
    width: 120,
    ...more,
  };
}

const READ = `import { open } from 'node:fs/promises';

export async function* read(path) {
  const fh = await open(path);
  const buf = Buffer.alloc(65536);

  for (;;) {
    const { bytesRead } = await fh.read(buf);
    if (bytesRead === 0) return;
    yield buf.subarray(0, bytesRead);
  }
}
`;

const READ_FILE = `${CWD}/src/read.ts`;
const yielded = at(READ_FILE, READ, 'yield buf.subarray(0, bytesRead)');
const view = at(READ_FILE, READ, 'buf.subarray(0, bytesRead)');

/** The commonest shape: a reused buffer that a generator yields. */
export const READER: Sample = {
  file: READ_FILE,
  sources: { [READ_FILE]: READ },
  region: at(READ_FILE, READ, 'Buffer.alloc(65536)'),
  escape: yielded,
  invalidation: at(READ_FILE, READ, 'fh.read(buf)'),
  fix: { range: [view.start, view.end], text: 'Buffer.from(buf.subarray(0, bytesRead))' },
};

const HELPER_FILE = `${CWD}/src/pool.ts`;
const HELPER = `const pool = Buffer.alloc(1024);
export function take(n) {
  return pool.subarray(0, n);
}
export function refill() {
  pool.fill(0);
}
`;
const USER_FILE = `${CWD}/src/user.ts`;
const USER = `import { refill, take } from './pool.js';
export function* frames() {
  for (;;) { yield take(16); refill(); }
}
`;

/** The buffer and the overwrite lie in another file. */
export const ACROSS_FILES: Sample = {
  file: USER_FILE,
  sources: { [USER_FILE]: USER, [HELPER_FILE]: HELPER },
  name: 'pool',
  region: at(HELPER_FILE, HELPER, 'Buffer.alloc(1024)'),
  escape: at(USER_FILE, USER, 'yield take(16)'),
  invalidation: at(HELPER_FILE, HELPER, 'pool.fill(0)'),
  trace: [
    { at: at(HELPER_FILE, HELPER, 'Buffer.alloc(1024)'), label: '`pool` is allocated here, once' },
    { at: at(HELPER_FILE, HELPER, 'pool.subarray(0, n)'), label: 'this is a view of it' },
    { at: at(USER_FILE, USER, 'yield take(16)'), label: 'which is handed out here' },
    { at: at(USER_FILE, USER, 'refill()'), label: 'this call overwrites it' },
    { at: at(HELPER_FILE, HELPER, 'pool.fill(0)'), label: 'by `pool.fill()`' },
  ],
};

import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { FORMATS, render } from '../../../rules/report/index.js';
import { ACROSS_FILES, CWD, READER, inputOf, resultOf } from './samples.js';

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}
interface Location {
  readonly id?: number;
  readonly message?: { readonly text: string };
  readonly physicalLocation: { readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string }; readonly region: Region };
}
interface Run {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string; readonly helpUri?: string }[] } };
  readonly originalUriBaseIds: Readonly<Record<string, { readonly uri: string }>>;
  readonly invocations: readonly { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[] }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly locations: readonly Location[];
    readonly relatedLocations?: readonly Location[];
    readonly codeFlows?: readonly { readonly threadFlows: readonly { readonly locations: readonly { readonly location: Location }[] }[] }[];
    readonly fixes?: readonly {
      readonly artifactChanges: readonly { readonly replacements: readonly { readonly deletedRegion: Region; readonly insertedContent: { readonly text: string } }[] }[];
    }[];
    readonly properties?: { readonly certainty: string };
  }[];
}

function sarif(...args: Parameters<typeof inputOf>): Run {
  const log = JSON.parse(render('sarif', inputOf(...args))) as { version: string; $schema: string; runs: Run[] };
  expect(log.version).toBe('2.1.0');
  expect(log.$schema).toMatch(/sarif-schema-2\.1\.0\.json$/);
  expect(log.runs).toHaveLength(1);
  return log.runs[0] as Run;
}

const FATAL = { ruleId: null, fatal: true as const, severity: 2 as const, message: 'Parsing error: Expression expected.', line: 1, column: 9 };

describe('json', () => {
  it('is the array of results and nothing else', () => {
    const input = inputOf([READER]);
    expect(JSON.parse(render('json', input))).toEqual(JSON.parse(JSON.stringify(input.results)));
  });
});

describe('github', () => {
  it('writes one command per message, with the place', () => {
    expect(render('github', inputOf([READER, { ...ACROSS_FILES, certainty: 'potential' }]))).toMatchInlineSnapshot(`
      "::error file=src/read.ts,line=10,col=5,endLine=10,endColumn=37,title=borrowck/no-borrowed-yield::This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
      ::warning file=src/user.ts,line=3,col=14,endLine=3,endColumn=28,title=borrowck/no-borrowed-yield::This \`yield\` hands out a view of \`pool\` that is overwritten. Yield an owned copy instead.
      "
    `);
  });

  it('escapes what would end a command or a property', () => {
    const message = { ruleId: 'borrowck/x', severity: 2 as const, message: '100%\nsure', line: 1, column: 2 };
    const report = render('github', inputOf([], { results: [resultOf(`${CWD}/a,b:c.ts`, '', [message])] }));
    expect(report).toBe('::error file=a%2Cb%3Ac.ts,line=1,col=2,title=borrowck/x::100%25%0Asure\n');
  });

  it('writes nothing for a clean run', () => {
    expect(render('github', inputOf([], { results: [resultOf(`${CWD}/a.ts`, '', [])] }))).toBe('');
  });
});

describe('sarif', () => {
  it('describes every rule and refers to it by index', () => {
    const run = sarif([READER]);
    expect(run.tool.driver.name).toBe('borrowck');
    expect(run.tool.driver.rules.map((rule) => rule.id)).toEqual(['borrowck/no-borrowed-return', 'borrowck/no-borrowed-yield']);
    const [result] = run.results;
    expect(run.tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe(result?.ruleId);
  });

  it('places files relative to the working directory, and others absolutely', () => {
    const run = sarif([READER], { cwd: '/project/src' });
    expect(run.originalUriBaseIds['SRCROOT']?.uri).toBe('file:///project/src/');
    expect(run.results[0]?.locations[0]?.physicalLocation.artifactLocation).toEqual({ uri: 'read.ts', uriBaseId: 'SRCROOT' });
    const outside = sarif([READER], { cwd: '/elsewhere' });
    expect(outside.results[0]?.locations[0]?.physicalLocation.artifactLocation).toEqual({ uri: 'file:///project/src/read.ts' });
  });

  it('gives the escape as the location, the rest as related ones, and all in order as a flow', () => {
    const [result] = sarif([ACROSS_FILES]).results;
    expect(result?.locations[0]?.physicalLocation.region).toEqual({ startLine: 3, startColumn: 14, endLine: 3, endColumn: 28 });
    expect(result?.relatedLocations?.map((location) => [location.id, location.physicalLocation.artifactLocation.uri, location.message?.text])).toEqual([
      [1, 'src/pool.ts', '`pool` is allocated here, once'],
      [2, 'src/pool.ts', 'this is a view of it'],
      [3, 'src/user.ts', 'this call overwrites it'],
      [4, 'src/pool.ts', 'by `pool.fill()`'],
    ]);
    const flow = result?.codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => location.physicalLocation.region.startLine);
    expect(flow).toEqual([1, 3, 3, 3, 6]);
  });

  it('carries the fix as a replacement of a region', () => {
    const replacement = sarif([READER]).results[0]?.fixes?.[0]?.artifactChanges[0]?.replacements[0];
    expect(replacement).toEqual({
      deletedRegion: { startLine: 10, startColumn: 11, endLine: 10, endColumn: 37 },
      insertedContent: { text: 'Buffer.from(buf.subarray(0, bytesRead))' },
    });
  });

  it('tells errors from warnings, and says how certain a finding is', () => {
    const run = sarif([READER, { ...ACROSS_FILES, certainty: 'potential' }]);
    expect(run.results.map((result) => [result.level, result.properties?.certainty])).toEqual([
      ['error', 'certain'],
      ['warning', 'potential'],
    ]);
  });

  it('reports a file that cannot be parsed as a failure of the run', () => {
    const run = sarif([], { results: [resultOf(`${CWD}/a b.js`, '', [FATAL])] });
    expect(run.results).toEqual([]);
    expect(run.invocations[0]?.executionSuccessful).toBe(false);
    expect(run.invocations[0]?.toolExecutionNotifications[0]).toMatchObject({
      message: { text: 'Parsing error: Expression expected.' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b.js', uriBaseId: 'SRCROOT' } } }],
    });
  });

  it('has no help address that is not one', () => {
    const [rule] = sarif([READER], { rules: { x: { meta: { docs: { url: 'docs/rules/x.md' } } } } }).tool.driver.rules;
    expect(rule).toMatchObject({ id: 'borrowck/x', help: { text: 'X.' } });
    expect(rule).not.toHaveProperty('helpUri');
  });

  it('says of each rule what code scanning shows of it', () => {
    const [rule] = sarif([READER]).tool.driver.rules;
    expect(rule).toMatchObject({
      shortDescription: { text: 'Disallow returning views.' },
      fullDescription: { text: 'Disallow returning views.' },
      help: { text: 'Disallow returning views. https://example.org/no-borrowed-return', markdown: expect.stringContaining('](https://example.org/no-borrowed-return)') as string },
      helpUri: 'https://example.org/no-borrowed-return',
      properties: { precision: 'high' },
    });
  });

  it('keeps to the schema of the format', () => {
    const log: unknown = JSON.parse(render('sarif', inputOf([READER, ACROSS_FILES])));
    expect(violationsOf(log)).toBe('');
    expect(violationsOf(JSON.parse(render('sarif', inputOf([], { results: [resultOf(`${CWD}/a b.js`, '', [FATAL])] }))))).toBe('');
    expect(violationsOf({ version: '2.1.0' })).toMatch(/runs/);
    expect(violationsOf({ version: '2.1.0', runs: [], results: [] })).toMatch(/results|additional/);
  });
});

const require = createRequire(import.meta.url);
// OASIS' schema, as Microsoft packs it with its own tests of SARIF.
const ajv = new Ajv({ schemaId: 'auto', allErrors: true }).addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json') as object);
const validate = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object);

/** What the schema says against a log; empty where it is valid. */
function violationsOf(log: unknown): string {
  return validate(log) === true ? '' : ajv.errorsText(validate.errors);
}

describe('every format', () => {
  it('ends in a line break or is empty', () => {
    for (const format of FORMATS) {
      expect(render(format, inputOf([READER]))).toMatch(/\n$/);
    }
  });
});

import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { engine, engineFailures } from '../../../rules/eslint/analysis.js';
import { findingFor, recordFindings, stopRecordingFindings } from '../../../rules/eslint/reported.js';
import borrowck from '../../../rules/index.js';
import { lint, typed } from '../fixes/gate.js';
import { root } from '../fixes/program.js';
import { prepareFindings } from './prepared.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const rules: Linter.RulesRecord = { 'borrowck/no-borrowed-yield': 'error', 'borrowck/no-borrowed-return': 'error' };
const text = 'export function* f(view: Uint8Array) {\n  yield view;\n}\n';

/** What a rule throws while a file is linted. */
function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

function verify(languageOptions: Linter.LanguageOptions, settings: Record<string, unknown> = {}): Linter.LintMessage[] {
  return new Linter({ configType: 'flat', cwd: root }).verify('export const a = 1;', { files: ['**/*.ts', '**/*.js'], languageOptions, plugins: { borrowck }, rules, settings }, { filename: `${root}/src/a.ts` });
}

describe('a project without type information is told in one sentence, without a stack', () => {
  test('no TypeScript parser', () => {
    const error = thrownBy(() => verify({}));
    expect(error.stack).toBe(
      'ConfigurationError: borrowck/no-borrowed-yield needs type information, but src/a.ts was parsed by espree, which has none: for such files, set languageOptions.parser to ' +
        '@typescript-eslint/parser and languageOptions.parserOptions.projectService to true, or exclude them with the disableTypeChecked configuration.',
    );
  });

  test('a TypeScript parser without a project', () => {
    const error = thrownBy(() => verify({ parser }));
    expect(error.stack).toBe(
      'ConfigurationError: borrowck/no-borrowed-yield needs type information, but no TypeScript program was built for src/a.ts: for such files, set languageOptions.parserOptions.projectService to true, ' +
        'or exclude them with the disableTypeChecked configuration.',
    );
  });
});

describe('settings.borrowck', () => {
  const lintWith = (borrowckSettings: unknown): unknown => {
    prepareFindings([]);
    const { file, program } = typed(text, {});
    return new Linter({ configType: 'flat', cwd: root }).verify(
      text,
      { files: ['**/*.ts'], languageOptions: { parser, parserOptions: { programs: [program] } }, plugins: { borrowck }, rules, settings: { borrowck: borrowckSettings } },
      { filename: file },
    );
  };

  test.each([
    [{ runtimes: 'auto' }, 'settings.borrowck has no "runtimes": it takes "runtime" and "contracts".'],
    [{ runtime: 'sometimes' }, 'settings.borrowck.runtime must be "auto" or "always" or "never", not \'sometimes\'.'],
    [{ runtime: false }, 'settings.borrowck.runtime must be "auto" or "always" or "never", not false.'],
    [[], "settings.borrowck must be an object such as { runtime: 'auto' }, not []."],
    ['never', "settings.borrowck must be an object such as { runtime: 'auto' }, not 'never'."],
  ])('%j is refused', (settings, message) => {
    expect(thrownBy(() => lintWith(settings)).stack).toBe(`ConfigurationError: ${message}`);
  });

  test('reaches the engine, with the defaults filled in', () => {
    const contracts = { 'pkg#read': {} };
    lintWith({ contracts });
    expect(vi.mocked(engine.sessionFor).mock.lastCall?.[0].settings).toEqual({ runtime: 'auto', contracts });
    lintWith(undefined);
    expect(vi.mocked(engine.sessionFor).mock.lastCall?.[0].settings).toEqual({ runtime: 'auto', contracts: undefined });
  });

  test.each([{ name: 'ConfigurationError' }, { code: 'BORROWCK_CONTRACT' }])('what the engine refuses is a configuration error too: %j', (mark) => {
    vi.spyOn(engine, 'sessionFor').mockImplementation(() => {
      throw Object.assign(new Error('settings.borrowck.contracts["pkg#read"] is not a contract.'), mark);
    });
    expect(thrownBy(() => lint(typed(text, {}), { rules })).stack).toBe('ConfigurationError: settings.borrowck.contracts["pkg#read"] is not a contract.');
  });
});

test('the engine gets the instance of TypeScript that built the program', () => {
  prepareFindings([]);
  const file = typed(text, {});
  lint(file, { rules });
  expect(vi.mocked(engine.sessionFor).mock.lastCall?.[0].ts).toBe(ts);
  expect(vi.mocked(engine.sessionFor).mock.lastCall?.[0].program).toBe(file.program);
});

test('a program of a TypeScript that is nowhere to be found is told in one sentence', () => {
  prepareFindings([]);
  const { file, program, text: content } = typed(text, {});
  // A source file as another version would number it, of a class nobody here has.
  const root_ = program.getSourceFile(file);
  if (root_ === undefined) throw new Error('the program lacks its file');
  Object.setPrototypeOf(root_, Object.create(Object.getPrototypeOf(root_) as object) as object);
  const { kind } = root_;
  const foreign = new Proxy(parser, {
    get: (target, key) =>
      key !== 'parseForESLint'
        ? (Reflect.get(target, key) as unknown)
        : (...parameters: Parameters<typeof parser.parseForESLint>) => {
            const result = target.parseForESLint(...parameters);
            Object.assign(root_, { kind: kind + 1 });
            return result;
          },
  });
  const run = (): unknown =>
    new Linter({ configType: 'flat', cwd: root }).verify(
      content,
      { files: ['**/*.ts'], languageOptions: { parser: foreign, parserOptions: { programs: [program] } }, plugins: { borrowck }, rules },
      { filename: file },
    );
  const error = thrownBy(run);
  expect(error.stack).toMatch(
    /^ConfigurationError: The TypeScript that parsed tests\/virtual\/sample\.ts is not one that borrowck can find \(found 6\.0\.\d+ in node_modules\/typescript\): install one typescript >=5\.4 <7 for @typescript-eslint\/parser and eslint-plugin-borrowck together\.$/,
  );
});

describe('an exception inside the engine', () => {
  beforeEach(() => {
    vi.spyOn(engine, 'sessionFor').mockImplementation(() => ({
      findings: () => {
        throw new Error('out of blocks');
      },
      notices: () => [],
      abandoned: () => 0,
    }));
  });

  test('never stops a lint run, is remembered, and not met twice', () => {
    const before = engineFailures().length;
    expect(lint(typed(text, {}), { rules })).toEqual([]);
    expect(engineFailures().slice(before)).toEqual([{ file: expect.stringMatching(/sample\.ts$/) as unknown, error: new Error('out of blocks') }]);
    expect(engine.sessionFor).toHaveBeenCalledTimes(1);
  });

  test('is printed for those who ask', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    lint(typed(text, {}), { rules });
    expect(write).not.toHaveBeenCalled();
    vi.stubEnv('DEBUG', 'eslint:rules,borrowck');
    lint(typed(text, {}), { rules });
    expect(write.mock.calls.join()).toMatch(/^borrowck: the engine failed on .*sample\.ts: Error: out of blocks\n\s+at /);
  });
});

describe('notices', () => {
  const notice = '`Buffer` does not resolve here: add "types": ["node"] to the tsconfig.';

  test('are told once per program, at the top of the first file', () => {
    prepareFindings([], [notice]);
    const first = typed(text, { others: { 'other.ts': 'export {};' } });
    const second = { ...first, file: first.file.replace('sample', 'other'), text: 'export {};' };
    const told = { ruleId: 'borrowck/no-borrowed-yield', messageId: 'notice', message: notice, line: 1, column: 1 };
    expect(lint(first, { rules })).toMatchObject([told]);
    expect(lint(second, { rules })).toEqual([]);
    // An editor that lints the file again goes on showing it.
    expect(lint(first, { rules })).toMatchObject([told]);
  });
});

test('findings are remembered for reports, by the place of their message', () => {
  prepareFindings([{ at: 'yield view', view: 'view', type: 'Uint8Array' }]);
  recordFindings();
  try {
    const file = typed(text, {});
    const [message] = lint(file, { rules });
    expect(message).toMatchObject({ line: 2, column: 3 });
    expect(findingFor(file.file, 'borrowck/no-borrowed-yield', 2, 3)).toMatchObject({ kind: 'borrowed-yield', escape: { type: 'Uint8Array' } });
  } finally {
    stopRecordingFindings();
  }
});

test('a file whose program holds another text is reported where the syntax tree says, and not rewritten', () => {
  const { file, program } = typed(text, {});
  const sourceFile = program.getSourceFile(file);
  let escape: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isYieldExpression(node)) escape = node;
    ts.forEachChild(node, visit);
  };
  if (sourceFile !== undefined) visit(sourceFile);
  if (escape === undefined) throw new Error('there is no yield');
  const at = { file, start: escape.getStart(), end: escape.end, syntax: escape };
  vi.spyOn(engine, 'sessionFor').mockImplementation(() => ({
    findings: () => [
      {
        kind: 'borrowed-yield',
        certainty: 'certain',
        escape: { how: 'yield', at, view: at, type: 'Uint8Array', via: undefined },
        region: { at, name: 'view', isLent: true },
        invalidation: { how: 'overwrite', at, by: 'fill()' },
        trace: [],
      },
    ],
    notices: () => [],
    abandoned: () => 0,
  }));
  const messages = lint({ file, program, text: `\n${text}` }, { rules });
  expect(messages).toMatchObject([{ messageId: 'yield', line: 2, column: 3 }]);
  expect(messages[0]?.fix).toBeUndefined();
  expect(messages[0]?.suggestions ?? []).toEqual([]);
});

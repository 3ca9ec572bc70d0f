import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import { applyFixes, lint } from './fixes/gate.js';
import { programOf, typeErrorsOf } from './fixes/program.js';
import { commentsOf, newOnes } from './fixes/texts.js';
import { describeBoth } from './support/compare.js';
import { fixedTwinOf, fixturesOf, readSource, type Fixture } from './support/fixtures.js';
import { readMarkers, type SourceText } from './support/markers.js';

/** `UPDATE=1` writes the `.fixed` twins anew, for review in the diff. */
const isUpdating = process.env['UPDATE'] === '1';

/** One form of the fix each: the platform's and the runtime's. */
const rules = [
  { rule: 'no-blocking-in-async', runtime: 'never' },
  { rule: 'no-borrowed-yield', runtime: 'never' },
  { rule: 'no-borrowed-return', runtime: 'always' },
  { rule: 'no-use-after-transfer', runtime: 'never' },
  { rule: 'no-stale-view', runtime: 'never' },
  { rule: 'no-unbounded-channel', runtime: 'never' },
  { rule: 'no-borrowed-capture', runtime: 'never' },
  { rule: 'no-overwrite-in-flight', runtime: 'never' },
  { rule: 'no-unreleased-ref', runtime: 'never' },
  { rule: 'no-unsendable-message', runtime: 'never' },
  { rule: 'no-unbounded-spawn', runtime: 'never' },
  { rule: 'no-ignored-backpressure', runtime: 'never' },
  { rule: 'no-throw-in-stream', runtime: 'never' },
] as const;

describe.each(rules)('$rule', ({ rule, runtime }) => {
  const fixtures = fixturesOf(rule);
  const sources = fixtures.flatMap((fixture) => fixture.sources);
  const twins = sources.filter(({ file }) => existsSync(fixedTwinOf(file))).map((original) => ({ original, twin: readSource(fixedTwinOf(original.file)) }));
  // One program for all fixtures of a rule: building it is most of the time.
  const program = programOf(Object.fromEntries([...sources, ...twins.map(({ twin }) => twin)].map(({ file, text }) => [file, text])));
  const messagesOf = (source: SourceText, options: object = {}): Linter.LintMessage[] =>
    lint({ ...source, program }, { rules: { [`borrowck/${rule}`]: ['error', options] }, settings: { runtime } });

  test('has at least 25 flagged and 25 clean fixtures, some of each in plain JavaScript', () => {
    for (const kind of ['flagged', 'clean'] as const) {
      const names = ofKind(fixtures, kind).map(({ name }) => name);
      expect(names.length).toBeGreaterThanOrEqual(25);
      expect(names.filter((name) => /js$/.test(name)).length).toBeGreaterThanOrEqual(5);
    }
  });

  test('has TypeScript fixtures without type errors', () => {
    const errors = sources.flatMap(({ file }) => typeErrorsOf(program, file).map((error) => `${basename(file)}: ${error}`));
    expect(errors).toEqual([]);
  });

  describe('flagged', () => {
    test.each(ofKind(fixtures, 'flagged'))('$name', (fixture) => {
      const markers = readMarkers(fixture.sources);
      expect(markers.length, 'a flagged fixture has a marker').toBeGreaterThan(0);
      for (const report of ['certain', 'potential'] as const) {
        if (report === 'potential' && markers.every(({ isPotential }) => !isPotential)) continue;
        for (const source of fixture.sources) {
          const expected = markers.filter(({ file, isPotential }) => file === source.file && (report === 'potential' || !isPotential));
          const both = describeBoth(expected, messagesOf(source, { report }), source);
          expect(both.actual, `report: ${report}`).toEqual(both.expected);
        }
      }
    });
  });

  describe('clean', () => {
    test.each(ofKind(fixtures, 'clean'))('$name', (fixture) => {
      expect(readMarkers(fixture.sources), 'a clean fixture has no markers').toEqual([]);
      for (const source of fixture.sources) {
        expect(describeBoth([], messagesOf(source), source).actual).toEqual([]);
      }
    });
  });

  describe('what --fix makes of it', () => {
    test.each(ofKind(fixtures, 'flagged'))('$name', (fixture) => {
      for (const source of fixture.sources) {
        const fixed = applyFixes(source.text, messagesOf(source));
        const twin = fixedTwinOf(source.file);
        if (isUpdating && fixed !== source.text) writeFileSync(twin, fixed);
        expect(existsSync(twin) ? readSource(twin).text : source.text).toBe(fixed);
      }
    });
  });

  // The gate of the fixes, on the shared program: the twin is what `--fix` wrote, as the test above shows.
  if (twins.length > 0) describe('after --fix', () => {
    test.each(twins.map((pair) => ({ name: basename(pair.twin.file), ...pair })))('$name', ({ original, twin }) => {
      expect(typeErrorsOf(program, twin.file)).toEqual([]);
      expect(newOnes(commentsOf(original.text, original.file), commentsOf(twin.text, twin.file)), 'no comment is lost').toEqual([]);
      const before = messagesOf(original);
      const after = messagesOf(twin);
      expect(after.length, 'every finding with a fix is gone').toBe(before.filter(({ fix }) => fix === undefined).length);
      expect(applyFixes(twin.text, after), 'a second run changes nothing').toBe(twin.text);
    });
  });
});

function ofKind(fixtures: readonly Fixture[], kind: Fixture['kind']): Fixture[] {
  return fixtures.filter((fixture) => fixture.kind === kind);
}

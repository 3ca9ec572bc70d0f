import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Linter, Rule } from 'eslint';
import { afterAll, describe, expect, test } from 'vitest';
import borrowck from '../../../rules/index.js';
import type { Consumer } from '../support/consumer.js';
import { Bench, driversOf, findingRules, isFound, isOverrun, isSound, keepingRules, kept, strainedRules, type Drivers, type Ports, type StrainedRule } from '../support/executed.js';
import { fixturesOf, fixturesRoot, type Fixture } from '../support/fixtures.js';
import type { SourceText } from '../support/markers.js';
import type { Strain } from '../support/strain.js';
import { applyFixes, lint } from './gate.js';
import { programOf, typeErrorsOf } from './program.js';
import { commentsOf, newOnes } from './texts.js';

/**
 * The gate of the fixes, over every flagged fixture of every rule and every form: what `--fix` applies, and each suggestion by itself,
 * with the platform's means and with the runtime's. Whatever has a driver is run, too, before and after; what has none is listed in
 * `not-executed.txt`.
 */
const modules: Readonly<Record<string, Rule.RuleModule>> = borrowck.rules;
const rules = Object.keys(modules).filter((rule) => existsSync(join(fixturesRoot, rule)));
const runtimes = ['never', 'always'] as const;

/** A copy of plain data has no methods, and had none before, whatever its type said: now the compiler knows. */
const revealed: Readonly<Record<string, RegExp>> = { 'no-unsendable-message': /^TS2339: Property '\w+' does not exist/ };

/** A fixture's file, rewritten. */
interface Variant extends SourceText {
  readonly name: string;
  readonly original: SourceText;
  readonly runtime: (typeof runtimes)[number];
}

function flaggedOf(rule: string): readonly Fixture[] {
  return fixturesOf(rule).filter(({ kind }) => kind === 'flagged');
}

function flaggedSources(rule: string): readonly SourceText[] {
  return flaggedOf(rule).flatMap(({ sources }) => sources);
}

const bench = new Bench();
afterAll(() => {
  bench.close();
});
const keeping: Readonly<Record<string, Drivers<Consumer>>> = Object.fromEntries(await Promise.all(keepingRules.map(async (rule) => [rule, await driversOf<Consumer>(rule)])));
const finding: Readonly<Record<string, Drivers<Ports>>> = Object.fromEntries(await Promise.all(findingRules.map(async (rule) => [rule, await driversOf<Ports>(rule)])));
const strained: Readonly<Record<string, Drivers<Strain>>> = Object.fromEntries(await Promise.all(Object.keys(strainedRules).map(async (rule) => [rule, await driversOf<Strain>(rule)])));
const notExecuted: string[] = [];

/** Runs a fixture before and after a rewrite that mends all of it, where it has a driver. */
async function execute(rule: string, { original, text, name }: Variant, mendsAll: boolean): Promise<void> {
  const fixture = flaggedOf(rule).find(({ sources }) => sources.includes(original) || sources.some(({ file }) => file === original.file));
  const key = relative(join(fixturesRoot, rule, 'flagged'), original.file).replaceAll('\\', '/');
  const keeper = keeping[rule]?.flagged[key];
  const finder = finding[rule]?.flagged[key];
  const sources = fixture?.sources ?? [];
  const strain = strained[rule]?.flagged[key];
  if (!mendsAll || (keeper === undefined && finder === undefined && strain === undefined)) {
    notExecuted.push(`${rule}: ${name}: ${mendsAll ? 'no driver' : 'one of several findings'}`);
    return;
  }
  const rewritten = { file: original.file, text };
  if (finder !== undefined) {
    expect(await isFound(await bench.load(sources), finder), 'the bug shows').toBe(false);
    expect(await isFound(await bench.load(sources, rewritten), finder), `the rewrite mends it:\n${text}`).toBe(true);
  }
  if (strain !== undefined) {
    expect(await isOverrun(rule as StrainedRule, () => bench.load(sources), strain), 'the bug shows').toBe(true);
    expect(await isSound(rule as StrainedRule, () => bench.load(sources, rewritten), strain), `the rewrite mends it:\n${text}`).toBe(true);
  }
  if (keeper !== undefined) {
    const before = await kept(await bench.load(sources), keeper, bench.data);
    const after = await kept(await bench.load(sources, rewritten), keeper, bench.data);
    expect(after.content.length).toBeGreaterThan(0);
    expect(after.changed, `the rewrite mends it:\n${text}`).toBe(0);
    expect(before.changed > 0 || before.content.join() !== after.content.join(), 'the bug shows').toBe(true);
  }
}

describe.each(rules)('%s', (rule) => {
  const sources = flaggedSources(rule);
  const messagesIn = (program: ReturnType<typeof programOf>, source: SourceText, runtime: Variant['runtime']): Linter.LintMessage[] =>
    lint({ ...source, program }, { rules: { [`borrowck/${rule}`]: ['error', { report: 'potential' }] }, settings: { runtime } });
  const before = programOf(textsOf(sources));
  const variants = sources.flatMap((original) => runtimes.flatMap((runtime) => variantsOf(original, runtime, messagesIn(before, original, runtime))));
  // One program for all that the rewrites make: building it is most of the time.
  const after = variants.length === 0 ? before : programOf(textsOf([...sources, ...variants]));

  /** A rewrite with all that `--fix` can do about the findings that it leaves, pass by pass; and whether none is left then. */
  const mended = (variant: Variant, messages: readonly Linter.LintMessage[]): [rewritten: Variant, mendsAll: boolean] => {
    let current = variant;
    let left = messages;
    while (left.some(({ fix }) => fix !== undefined)) {
      current = { ...current, text: applyFixes(current.text, left) };
      left = messagesIn(programOf({ ...textsOf(sources), [current.file]: current.text }), current, current.runtime);
    }
    return [current, left.length === 0];
  };

  test('declares that it rewrites, where it does', () => {
    const meta = modules[rule]?.meta;
    expect(variants.length === 0 || meta?.fixable === 'code' || meta?.hasSuggestions === true).toBe(true);
  });

  if (variants.length > 0) test.each(variants)('$name', async (variant) => {
    const { original, runtime } = variant;
    const errors = typeErrorsOf(after, variant.file).filter((error) => revealed[rule]?.test(error) !== true);
    expect(newOnes(errors, typeErrorsOf(before, original.file)), `no new type error:\n${variant.text}`).toEqual([]);
    expect(newOnes(commentsOf(original.text, original.file), commentsOf(variant.text, variant.file)), 'no comment is lost').toEqual([]);
    const left = messagesIn(after, variant, runtime);
    expect(left.length, `the finding is gone:\n${variant.text}`).toBeLessThanOrEqual(messagesIn(before, original, runtime).length - 1);
    if (errors.length < typeErrorsOf(after, variant.file).length) notExecuted.push(`${rule}: ${variant.name}: the compiler shows now what the copy has never had`);
    else await execute(rule, ...mended(variant, left));
  });
});

function variantsOf(original: SourceText, runtime: Variant['runtime'], messages: readonly Linter.LintMessage[]): readonly Variant[] {
  const variant = (how: string, text: string): Variant => ({
    name: `${basename(original.file)}, runtime ${runtime}: ${how}`,
    file: original.file.replace(/(\.[cm]?[jt]sx?)$/, `.${runtime}-${how.replaceAll(/\W+/g, '-')}$1`),
    text,
    original,
    runtime,
  });
  const fixed = applyFixes(original.text, messages);
  // Fixes that touch each other take turns: one at least is made.
  const fixes = fixed === original.text ? [] : [variant('--fix', fixed)];
  const suggestions = messages.flatMap((message) => (message.suggestions ?? []).map(({ fix, messageId }) => ({ line: message.line, column: message.column, fix, messageId })));
  return [...fixes, ...suggestions.map(({ line, column, fix, messageId }) => variant(`${messageId ?? ''} at ${line}:${column}`, applyFixes(original.text, [{ fix } as Linter.LintMessage])))];
}

test('all rules together reach a fixpoint in under ten passes, and leave nothing that a fix could mend', { timeout: 600_000 }, () => {
  const all: Linter.RulesRecord = Object.fromEntries(rules.map((rule) => [`borrowck/${rule}`, 'error']));
  let open: readonly SourceText[] = rules.flatMap(flaggedSources);
  const texts = new Map(open.map(({ file, text }) => [file, text]));
  let passes = 0;
  for (; open.length > 0; passes++) {
    expect(passes, open.map(({ file }) => file).join(', ')).toBeLessThan(10);
    const program = programOf(Object.fromEntries(texts));
    open = open.flatMap(({ file, text }) => {
      const fixed = applyFixes(text, lint({ file, text, program }, { rules: all, settings: { runtime: 'always' } }));
      return fixed === text ? [] : [{ file, text: fixed }];
    });
    for (const { file, text } of open) texts.set(file, text);
  }
  expect(passes).toBeGreaterThan(1);
});

test('what was not run is listed', async () => {
  expect(notExecuted.length).toBeGreaterThan(0);
  await expect(`${[...notExecuted].sort().join('\n')}\n`).toMatchFileSnapshot('not-executed.txt');
});

function textsOf(sources: readonly SourceText[]): Record<string, string> {
  return Object.fromEntries(sources.map(({ file, text }) => [file, text]));
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Linter, Rule } from 'eslint';
import { describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.js';
import { applyFixes, lint } from '../rules/fixes/gate.js';
import { programOf, typeErrorsOf } from '../rules/fixes/program.js';
import { repositoryRoot } from '../rules/support/fixtures.js';
import { fixesOf, pageOf, samplesOf, type Sample } from './samples.js';

const docs = join(repositoryRoot, 'docs/rules');
const documented = Object.entries(rules as Record<string, Rule.RuleModule>).map(([name, rule]) => ({ name, rule, text: pageOf(name) }));

/** What of an option's schema the page repeats. */
interface OptionSchema {
  readonly description: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
}

const headings = [
  'What it does',
  'Why is this bad',
  'Examples',
  'Options',
  'Fixes',
  'Known limits',
  'When not to use it',
  'The Rust rule it mirrors',
];

test('there is a page for every rule, and none for a rule that is not', () => {
  expect(readdirSync(docs).sort()).toEqual(Object.keys(rules).map((name) => `${name}.md`).sort());
});

describe.each(documented)('$name', ({ name, rule, text }) => {
  const samples = samplesOf(name);
  const program = programOf(Object.fromEntries(samples.map(({ file, text: code }) => [file, code])));
  const messagesOf = ({ file, text: code, runtime, form }: Sample): Linter.LintMessage[] =>
    lint({ file, text: code, program }, { rules: { [`borrowck/${name}`]: form === undefined ? 'error' : ['error', { fix: form }] }, settings: { runtime } });
  const ofRole = (role: string): Sample[] => samples.filter((sample) => sample.role === role);

  test('has all headings, in order', () => {
    expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(headings);
  });

  test('says what the rule says', () => {
    expect(text).toContain(`borrowck/${name}`);
    expect(text.toLowerCase()).toContain(rule.meta?.docs?.description ?? 'no description');
    expect(rule.meta?.docs?.url).toMatch(new RegExp(`^https://.+/docs/rules/${name}\\.md$`));
  });

  test('names every option with its choices and its default', () => {
    const schema = rule.meta?.schema as readonly { readonly properties: Record<string, OptionSchema> }[];
    const defaults = rule.meta?.defaultOptions?.[0] as Record<string, unknown>;
    for (const [option, { enum: choices, items, description }] of Object.entries(schema[0]?.properties ?? {})) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${option}\``)) ?? '';
      const cells = row.split('|').map((cell) => cell.trim());
      const listed = choices ?? items?.enum ?? [];
      expect(cells).toContain(description);
      expect(cells).toContain(listed.map((choice) => `\`${choice}\``).join(', '));
      const preset = defaults[option];
      const isAll = Array.isArray(preset) && preset.length === listed.length && listed.length > 0;
      expect(cells).toContain(isAll ? 'all' : `\`${typeof preset === 'string' ? preset : JSON.stringify(preset)}\``);
    }
  });

  test('names every way out that its messages know', () => {
    const ways = Object.keys(rule.meta?.messages ?? {}).filter((id) => !['copy', 'arena', 'await', 'bound', 'rewrite', 'channel', 'using', 'finally', 'notice'].includes(id));
    if (name === 'no-borrowed-yield') expect(ways.filter((way) => way !== 'return' && !text.includes(`| \`${way}\` |`))).toEqual([]);
    else if (name !== 'no-borrowed-return') expect(ways.filter((way) => !text.includes(`| \`${way}\` |`))).toEqual([]);
    expect(ways.length).toBeGreaterThan(0);
  });

  test('has samples of every kind', () => {
    expect(ofRole('incorrect').length).toBeGreaterThanOrEqual(3);
    expect(ofRole('correct').length).toBeGreaterThanOrEqual(3);
    expect(ofRole('before').length).toBeGreaterThanOrEqual(rule.meta?.fixable === undefined ? 0 : 1);
    expect(ofRole('after').length).toBe(ofRole('before').length);
  });

  test.each(samples)('sample on line $line has no type errors', ({ file }) => {
    expect(typeErrorsOf(program, file)).toEqual([]);
  });

  test.each(ofRole('incorrect'))('incorrect sample on line $line is flagged once', (sample) => {
    const messages = messagesOf(sample);
    expect(messages.map(({ ruleId }) => ruleId)).toEqual([`borrowck/${name}`]);
  });

  test.each([...ofRole('correct'), ...ofRole('after')])('correct sample on line $line is clean', (sample) => {
    expect(messagesOf(sample).map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  test.each(fixesOf(name))(
    'the fix of the sample on line $line is the one shown',
    ({ before, after }) => {
      expect(applyFixes(before.text, messagesOf(before).map(withSuggestion))).toBe(after?.text);
    },
  );
});

/** What nothing applies by itself is what an editor offers first. */
function withSuggestion(message: Linter.LintMessage): Linter.LintMessage {
  const fix = message.fix ?? message.suggestions?.[0]?.fix;
  return fix === undefined ? message : { ...message, fix };
}

import { createRequire } from 'node:module';
import { Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import borrowck, * as entry from '../../rules/index.js';

const { version } = createRequire(import.meta.url)('../../rules/package.json') as { version: string };
const names = Object.keys(borrowck.rules);
const enabled = (rules: Partial<Linter.RulesRecord> | undefined): string[] => Object.keys(rules ?? {}).map((rule) => rule.replace(/^borrowck\//, ''));

test('the entry exports the plugin, and the rules by name for the documentation generator', () => {
  expect(Object.keys(entry).sort()).toEqual(['default', 'rules']);
  expect(entry.rules).toBe(borrowck.rules);
});

test('the plugin says who it is', () => {
  expect(borrowck.meta).toEqual({ name: 'eslint-plugin-borrowck', version, namespace: 'borrowck' });
});

describe.each(Object.entries(borrowck.rules))('%s', (name, { meta }) => {
  test('says what it does and where it is documented', () => {
    expect(meta?.docs?.description).toMatch(/^disallow [^.]+$/);
    expect(meta?.docs?.url).toBe(`https://unpkg.com/eslint-plugin-borrowck@${version}/docs/rules/${name}.md`);
    expect(meta).toMatchObject({ type: 'problem', defaultOptions: [{ report: 'certain' }] });
    if (meta?.fixable === 'code') expect(meta.hasSuggestions).toBe(true);
    // Only a rule with a fix has an option that chooses among fixes.
    expect((meta?.defaultOptions?.[0] as { readonly fix?: string }).fix !== undefined).toBe(meta?.fixable === 'code');
  });

  test('refuses options that it does not have', () => {
    const verify = (options: unknown): unknown =>
      new Linter({ configType: 'flat' }).verify('', { plugins: { borrowck }, rules: { [`borrowck/${name}`]: ['error', options] as Linter.RuleEntry } }, 'a.js');
    expect(() => verify({ report: 'all' })).toThrow(/Value "all" should be equal/);
    expect(() => verify({ fix: 'clone' })).toThrow(meta?.fixable === undefined ? /Unexpected property "fix"/ : /Value "clone" should be equal/);
    expect(() => verify({ reports: 'certain' })).toThrow(/Unexpected property "reports"/);
  });
});

describe('configurations', () => {
  test.each(Object.entries(borrowck.configs))('%s is named, brings the plugin, and enables only rules that exist', (name, config) => {
    expect(config.name).toBe(`borrowck/${name}`);
    expect(config.plugins?.['borrowck']).toBe(borrowck);
    expect(names).toEqual(expect.arrayContaining(enabled(config.rules)));
    expect(enabled(config.rules).length).toBeGreaterThan(0);
  });

  test('recommended and strict have the same rules, all has every rule', () => {
    const { recommended, strict, all, disableTypeChecked } = borrowck.configs;
    expect(enabled(strict.rules)).toEqual(enabled(recommended.rules));
    expect(enabled(all.rules)).toEqual(names);
    expect(enabled(disableTypeChecked.rules)).toEqual(names);
    expect(Object.values(disableTypeChecked.rules ?? {})).toEqual(names.map(() => 'off'));
    expect(Object.values(strict.rules ?? {})).toEqual(names.map(() => ['error', { report: 'potential' }]));
  });

  test.each(['a.js', 'a.mjs', 'a.cjs', 'a.jsx', 'a.ts', 'a.mts', 'a.cts', 'a.tsx'])('apply to %s', (file) => {
    const linter = new Linter({ configType: 'flat' });
    expect(() => linter.verify('', [borrowck.configs.recommended], file)).toThrow(/needs type information/);
    expect(linter.verify('', [borrowck.configs.recommended, borrowck.configs.disableTypeChecked], file)).toEqual([]);
  });
});

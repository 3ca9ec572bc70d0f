import type { ESLint, Linter } from 'eslint';

/** What the rules can analyse, once it is parsed with type information. */
const files = ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'];

/** The shared configurations, by name. */
export interface Configs extends Record<string, Linter.Config> {
  /** Certain findings of the rules that have proven themselves on real code. */
  readonly recommended: Linter.Config;
  /** The same rules, with potential findings too. */
  readonly strict: Linter.Config;
  /** Every rule, with its default options. */
  readonly all: Linter.Config;
  /** Switches every rule off: for files that are parsed without type information. */
  readonly disableTypeChecked: Linter.Config;
}

/**
 * Builds the shared configurations of the plugin.
 *
 * @param plugin - the plugin object that the configurations refer to
 * @param recommended - the names of the recommended rules, without prefix
 * @returns the configurations
 */
export function configsOf(plugin: ESLint.Plugin, recommended: readonly string[]): Configs {
  const config = (name: string, rules: Linter.RulesRecord): Linter.Config => ({ name: `borrowck/${name}`, files, plugins: { borrowck: plugin }, rules });
  const every = Object.keys(plugin.rules ?? {});
  return {
    recommended: config('recommended', entries(recommended, 'error')),
    strict: config('strict', entries(recommended, ['error', { report: 'potential' }])),
    all: config('all', entries(every, 'error')),
    // Without `files`: it is applied to whatever files the user names.
    disableTypeChecked: { name: 'borrowck/disableTypeChecked', plugins: { borrowck: plugin }, rules: entries(every, 'off') },
  };
}

function entries(rules: readonly string[], entry: Linter.RuleEntry): Linter.RulesRecord {
  return Object.fromEntries(rules.map((rule) => [`borrowck/${rule}`, entry]));
}

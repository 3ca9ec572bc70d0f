import type { ESLint, Linter } from 'eslint';
import { PREFIX } from './lint.js';
import { UsageError } from './usage-error.js';

/**
 * Which rules run, and how.
 *
 * @param plugin the plugin with its rules and its `recommended` configuration
 * @param names rules to run, with or without the prefix; none means the recommended ones
 * @param report which findings to report; undefined leaves it to each rule
 * @returns a record as in an ESLint configuration
 * @throws UsageError for a rule that does not exist
 */
export function selectRules(plugin: ESLint.Plugin, names: readonly string[], report: 'certain' | 'potential' | undefined): Linter.RulesRecord {
  const known = Object.keys(plugin.rules ?? {});
  const wanted = names.length === 0 ? recommended(plugin) : names.map((name) => known.find((rule) => name === rule || name === PREFIX + rule) ?? unknownRule(name, known));
  return Object.fromEntries(wanted.map((name) => [PREFIX + name, report === undefined ? ['error'] : ['error', { report }]]));
}

function recommended(plugin: ESLint.Plugin): string[] {
  const config = plugin.configs?.['recommended'] as Linter.Config | Linter.Config[] | undefined;
  const rules = [config ?? []].flat().flatMap((each) => Object.keys(each.rules ?? {}));
  return rules.filter((rule) => rule.startsWith(PREFIX)).map((rule) => rule.slice(PREFIX.length));
}

function unknownRule(name: string, known: readonly string[]): never {
  throw new UsageError(`There is no rule \`${name}\`: the rules are ${known.join(', ')}.`);
}

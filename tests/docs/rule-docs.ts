import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The generator of rule pages' headers and option tables, and of the list of rules in `docs/rules.md`, as arguments for Node. */
export const ruleDocs: readonly string[] = [
  join(dirname(createRequire(import.meta.url).resolve('eslint-doc-generator/package.json')), 'dist/bin/eslint-doc-generator.js'),
  'rules',
  ...['--path-rule-doc', '../docs/rules/{name}.md'],
  ...['--path-rule-list', '../docs/rules.md'],
  ...['--rule-doc-title-format', 'prefix-name'],
  ...['strict', 'all', 'disableTypeChecked'].flatMap((config) => ['--ignore-config', config]),
];

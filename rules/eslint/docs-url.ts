import { createRequire } from 'node:module';

// By the package's own name: the compiled file and its source lie at different depths.
const { name, version } = createRequire(import.meta.url)('eslint-plugin-borrowck/package.json') as { name: string; version: string };

/**
 * Where a rule's page can be read: editors and reports link to it. It comes out of the published package, so it is the page of the
 * very version that is installed.
 *
 * @param rule - its name without prefix
 * @returns an absolute address
 */
export function docsUrl(rule: string): string {
  return `https://unpkg.com/${name}@${version}/docs/rules/${rule}.md`;
}

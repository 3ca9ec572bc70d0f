/**
 * One measured run: `contender.mjs <folder> <contender>` lints the folder's sources and prints what it took, as JSON. Plain JavaScript:
 * a loader that translates TypeScript would be asked about every file of a plugin, and make those of many files look slow to load.
 */
import { existsSync, readFileSync } from 'node:fs';
import * as parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import { plugin as typescriptPlugin } from 'typescript-eslint';

const [folder = '.', contender = 'types'] = process.argv.slice(2);
const floating = { '@typescript-eslint/no-floating-promises': 'error' };
const misused = { '@typescript-eslint/no-misused-promises': 'error' };

const built = new URL('../../rules/dist/index.js', import.meta.url);
if (!existsSync(built)) throw new Error('Build first: npm run build');
/** @type {Record<string, import('eslint').ESLint.Plugin>} */
const plugins = { '@typescript-eslint': typescriptPlugin };
/**
 * A contender without a plugin's rules does not pay for loading it.
 * @type {import('eslint').Linter.RulesRecord}
 */
let ours = {};
if (contender === 'borrowck' || contender === 'both' || contender === 'async') {
  const { default: plugin } = await import(built.href);
  plugins['borrowck'] = plugin;
  ours = Object.fromEntries(Object.keys(plugin.rules ?? {}).map((rule) => [`borrowck/${rule}`, 'error']));
}
if (contender === 'sync') plugins['n'] = (await import('eslint-plugin-n')).default;

/** The rules about queues, streams, tasks and blocking calls. */
const asynchronous = /no-(?:unbounded|ignored|throw-in|blocking-in)-/;

/** @type {Record<string, import('eslint').Linter.RulesRecord>} */
const rules = {
  types: {},
  floating,
  promises: { ...floating, ...misused },
  sync: { 'n/no-sync': 'error' },
  async: Object.fromEntries(Object.entries(ours).filter(([rule]) => asynchronous.test(rule))),
  borrowck: ours,
  both: { ...floating, ...ours },
};

const begin = performance.now();
const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parser, parserOptions: { project: './tsconfig.json', tsconfigRootDir: folder } }, plugins, rules: rules[contender] ?? {}, linterOptions: { reportUnusedDisableDirectives: 'off' } },
  ],
  allowInlineConfig: false,
});
const results = await eslint.lintFiles(['src/**/*.ts']);
const fatal = results.flatMap((result) => result.messages).filter((message) => message.fatal === true);
if (fatal.length > 0) throw new Error(fatal[0]?.message);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const wall = performance.now() - begin;
const lines = results.reduce((sum, { filePath }) => sum + readFileSync(filePath, 'utf8').split('\n').length, 0);
process.stdout.write(JSON.stringify({ wall, cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024, files: results.length, lines, messages: results.reduce((sum, result) => sum + result.messages.length, 0) }));

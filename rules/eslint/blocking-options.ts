import type { Rule } from 'eslint';
import { displayPath } from './type-information.js';
import type { BlockingFinding } from '../engine/findings.js';
import { reportOption } from './report-option.js';

/** Declarations that may block, by where they are and what they are called; what is left out may be anything. */
export interface Allowed {
  /** A file of the project, from the folder that ESLint runs in; `*` stands for a part of a path, `**` for any. */
  readonly file?: string;
  /** `node:fs`, `better-sqlite3`, `global`. */
  readonly package?: string;
  /** `existsSync`, `Statement.get`, `loadConfig`. */
  readonly name?: string | readonly string[];
}

/** The options of `no-blocking-in-async`. */
export interface BlockingRuleOptions {
  readonly report: 'certain' | 'potential';
  readonly fix: 'await' | 'off';
  readonly databases: 'off' | 'handlers' | 'all';
  readonly contexts: readonly BlockingFinding['context'][];
  readonly allow: readonly Allowed[];
}

const contexts = ['async', 'coroutine', 'event', 'extension', 'handler', 'promise', 'stream', 'timer'] as const satisfies readonly BlockingFinding['context'][];

export const defaultBlockingOptions: BlockingRuleOptions = { report: 'certain', fix: 'await', databases: 'off', contexts: [...contexts], allow: [] };

export const blockingRuleSchema: NonNullable<Rule.RuleMetaData['schema']> = [
  {
    type: 'object',
    properties: {
      report: reportOption,
      fix: {
        description: 'Which rewrite `--fix` applies.',
        type: 'string',
        enum: ['await', 'off'],
      },
      databases: {
        description: 'Where statements of databases inside the process are reported.',
        type: 'string',
        enum: ['off', 'handlers', 'all'],
      },
      contexts: {
        description: 'Which code counts as run by the event loop.',
        type: 'array',
        items: { type: 'string', enum: [...contexts] },
        minItems: 1,
        uniqueItems: true,
      },
      allow: {
        description: 'Declarations that may block, by file, package and name.',
        type: 'array',
        items: {
          type: 'object',
          properties: {
            file: { type: 'string' },
            package: { type: 'string' },
            name: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
          },
          minProperties: 1,
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
];

/** The options of the rule, with the defaults filled in. */
export function blockingOptions(context: Rule.RuleContext): BlockingRuleOptions {
  return { ...defaultBlockingOptions, ...(context.options[0] as Partial<BlockingRuleOptions> | undefined) };
}

type Cause = BlockingFinding['causes'][number];

/**
 * The nearest cause of a finding that the project wants to hear of.
 *
 * @param finding - the finding
 * @param options - the rule's options
 * @param cwd - where ESLint was started
 * @returns the cause; undefined when the options leave none
 */
export function wantedCause(finding: BlockingFinding, options: BlockingRuleOptions, cwd: string): Cause | undefined {
  if (!options.contexts.includes(finding.context)) return undefined;
  return finding.causes.find((cause) => isDatabaseWanted(cause, finding, options) && !options.allow.some((allowed) => isAllowed(cause, allowed, cwd)));
}

function isDatabaseWanted({ on }: Cause, { context }: BlockingFinding, { databases }: BlockingRuleOptions): boolean {
  return on !== 'database' || databases === 'all' || (databases === 'handlers' && context === 'handler');
}

/** What blocks is allowed by its package and name; a function on the way to it by its file and name. */
function isAllowed(cause: Cause, allowed: Allowed, cwd: string): boolean {
  const [module = '', name = ''] = (cause.path ?? '').split('#');
  if (allowed.file === undefined && hasName(name, allowed.name) && cause.path !== undefined && (allowed.package === undefined || bare(module) === bare(allowed.package))) return true;
  if (allowed.package !== undefined) return false;
  const { file } = allowed;
  return cause.links.some((link) => (file === undefined || matches(displayPath(link.file, cwd), file)) && hasName(link.name, allowed.name));
}

function bare(module: string): string {
  return module.replace(/^node:/, '');
}

/** `get` allows `Statement.get` as well. */
function hasName(name: string, allowed: Allowed['name']): boolean {
  if (allowed === undefined) return true;
  const names = typeof allowed === 'string' ? [allowed] : allowed;
  return names.some((one) => name === one || name.endsWith(`.${one}`));
}

function matches(path: string, pattern: string): boolean {
  const source = pattern.replace(/^\.\//, '').replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll(/\*\*\/?|\*|\?/g, (wild) => (wild === '?' ? '[^/]' : wild === '*' ? '[^/]*' : '.*'));
  return new RegExp(`^${source}$`).test(path);
}

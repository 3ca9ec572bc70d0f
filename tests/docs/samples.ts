import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../rules/support/fixtures.js';

const docs = join(repositoryRoot, 'docs/rules');

/** A fenced block of a rule's page whose info string says what it is: ` ```ts incorrect `, ` ```ts before runtime `, ` ```ts before runtime arena `. */
export interface Sample {
  readonly file: string;
  readonly text: string;
  readonly role: string;
  readonly line: number;
  readonly runtime: 'always' | 'never';
  /** The value of the rule's option `fix`. */
  readonly form: string | undefined;
}

/** A rule's page. */
export function pageOf(rule: string): string {
  return readFileSync(join(docs, `${rule}.md`), 'utf8');
}

/** The samples of a rule's page, in order; their files are not on disk. */
export function samplesOf(rule: string): Sample[] {
  const text = pageOf(rule);
  return [...text.matchAll(/^```(?<language>ts|js) (?<info>\w[\w ]*)\n(?<code>[^]*?)^```$/gm)].map((match, index) => {
    const { language = '', info = '', code = '' } = match.groups ?? {};
    const [role = '', ...more] = info.split(' ');
    const isCommonJs = /\brequire\(|\bexports\b/.test(code);
    const extension = language === 'ts' ? 'ts' : isCommonJs ? 'cjs' : 'mjs';
    return {
      file: join(docs, 'samples', `${rule}-${index}.${extension}`),
      text: code,
      role,
      line: text.slice(0, match.index).split('\n').length,
      runtime: more.includes('runtime') ? 'always' : 'never',
      form: more.find((word) => word !== 'runtime'),
    };
  });
}

/** Each sample of a fix, with what its page says the fix makes of it. */
export function fixesOf(rule: string): { readonly before: Sample; readonly after: Sample | undefined; readonly line: number }[] {
  const samples = samplesOf(rule);
  const after = samples.filter(({ role }) => role === 'after');
  return samples.filter(({ role }) => role === 'before').map((before, index) => ({ before, after: after[index], line: before.line }));
}

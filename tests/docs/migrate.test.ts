import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { structuredPatch } from 'diff';
import { expect, test } from 'vitest';
import { casesOf, filesOf } from '../rules/migrate/cases.js';
import { repositoryRoot } from '../rules/support/fixtures.js';

const page = join(repositoryRoot, 'docs/migrate.md');
/** `UPDATE=1` writes the examples anew, for review in the diff. */
const isUpdating = process.env['UPDATE'] === '1';

test('the examples of docs/migrate.md are the recorded migrations', () => {
  const text = readFileSync(page, 'utf8');
  const shown = text.replaceAll(/(<!-- case: (\w+)\/([\w-]+) -->\n)[\s\S]*?(<!-- \/case -->)/g, (_, open: string, form: string, name: string, close: string) => open + exampleOf(form, name) + close);
  if (isUpdating) writeFileSync(page, shown);
  expect(readFileSync(page, 'utf8')).toBe(shown);
  expect(shown.match(/<!-- case: /g)?.length).toBeGreaterThanOrEqual(5);
});

/** What changes in the files that do; the program around them is left out. */
function exampleOf(form: string, name: string): string {
  const found = casesOf(form).find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no case ${form}/${name}`);
  const after = filesOf(found.after);
  const rewritten = [...filesOf(found.before)].filter(([file, text]) => after.get(file) !== text);
  const beside = rewritten.filter(([file]) => !file.startsWith('main.'));
  const changed = beside.length > 0 ? beside : rewritten;
  const blocks = changed.map(([file, text]) => `\`${file}\`:\n\n\`\`\`diff\n${differences(text, after.get(file) ?? '')}\`\`\`\n`);
  return `\n${blocks.join('\n')}\n`;
}

function differences(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 2 });
  // What ends something that is not shown tells nothing.
  const shown = (lines: readonly string[]): readonly string[] => lines.slice(lines.findIndex((line) => !/^ [})\];]*$/.test(line)));
  return hunks.map(({ lines }) => `${shown(lines).join('\n')}\n`).join(' …\n');
}

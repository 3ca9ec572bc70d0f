import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reportOf } from './report.js';
import { recorded } from './results.js';
import { tables } from './tables/index.js';

const file = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

/** The page as it is. */
export function page(): string {
  return readFileSync(file, 'utf8');
}

/** The page as it should be: between its marks, what was recorded. */
export function writtenPage(): string {
  const results = recorded();
  return page().replaceAll(/(<!-- measured: (\S+) -->\n).*?(<!-- end of \S+ -->)/gs, (_, begin: string, name: string, end: string) => {
    const table = tables.find((each) => each.name === name);
    if (table === undefined) throw new Error(`docs/benchmarks.md has a place for a table ${name}, which is not measured`);
    return `${begin}\n${reportOf(table, results[name] ?? {})}\n\n${end}`;
  });
}

export function writePage(): void {
  writeFileSync(file, writtenPage());
}

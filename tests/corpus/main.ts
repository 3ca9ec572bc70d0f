/**
 * `npm run corpus`: checks pinned packages of real code and compares what is found with the record.
 * `--update` rewrites the records, keeping the verdicts. `--only a,b`: these packages. `--smoke`: two small ones. `--jobs N`.
 * `--fix`: runs the gate of the fixes on what is found, instead of comparing it with the record; `fixed.txt` records what was tried.
 * `--slow S`: also lists the files on which the engine took longer than S seconds.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PackageCheck } from './check.js';
import type { FixesCheck } from './fixes.js';
import type { CorpusPackage } from './packages.js';
import { fixesRecord, packages, recordOf } from './packages.js';
import { fixesRow, withFixesRow } from './fixes-record.js';
import { differences, parseRecord, printRecord } from './record.js';
import { printTable, rowOf, totalOf } from './table.js';
import type { Row } from './table.js';
import type { Answer, Question } from './worker.js';

const { values } = parseArgs({
  options: {
    update: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    only: { type: 'string' },
    jobs: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    fix: { type: 'boolean', default: false },
    slow: { type: 'string' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const names = values.only?.split(',');
  const unknown = names?.filter((name) => !packages.some((each) => each.name === name)) ?? [];
  const jobs = Number(values.jobs);
  if (unknown.length > 0 || !Number.isInteger(jobs) || jobs < 1) {
    console.error(unknown.length > 0 ? `no such package in packages.json: ${unknown.join(', ')}` : '--jobs is a whole number, at least 1');
    return 2;
  }
  const chosen = packages.filter(({ name, isSmoke }) => names?.includes(name) ?? (!values.smoke || isSmoke === true));
  const rows: Row[] = [];
  let problems = 0;
  await eachPackage(chosen, jobs, (corpusPackage, answer) => {
    if ('error' in answer) {
      console.error(`${corpusPackage.name}: ${answer.error}`);
      problems++;
      return;
    }
    problems += 'fixes' in answer ? tell(corpusPackage, answer.fixes) : review(corpusPackage, answer.check, rows);
  });
  if (values.fix) return problems > 0 ? 1 : 0;
  rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  console.log(printTable([...rows, totalOf(rows)]));
  if (problems > 0) console.error('The records and the engine disagree, or something failed: see above. `npm run corpus -- --update` rewrites the records; judge every new finding in them.');
  return problems > 0 ? 1 : 0;
}

/** Prints what the rewrites of a package's findings came to, and records it. Returns how many of them failed. */
function tell({ name, version }: CorpusPackage, { tried, passes, problems }: FixesCheck): number {
  for (const problem of problems) console.error(`${name}@${version}: ${problem}`);
  const row = fixesRow({ title: `${name}@${version}`, tried, passes, problems: problems.length });
  console.log(row);
  const before = existsSync(fixesRecord) ? readFileSync(fixesRecord, 'utf8') : '';
  const after = withFixesRow(before, row);
  if (after !== before && !values.update) console.log('fixed.txt says something else: `npm run corpus -- --fix --update` rewrites it.');
  if (values.update) writeFileSync(fixesRecord, after);
  return problems.length + (values.update || after === before ? 0 : 1);
}

/** Compares a check with its record, or rewrites the record. Returns how many things are wrong. */
function review(corpusPackage: CorpusPackage, check: PackageCheck, rows: Row[]): number {
  const path = recordOf(corpusPackage);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const title = `${corpusPackage.name}@${corpusPackage.version}`;
  const after = printRecord(title, check.findings, before === '' ? undefined : parseRecord(before));
  const changes = before === after ? [] : differences(before, after);
  if (changes.length > 0) console.log(`${title}\n${changes.map((line) => `  ${line}`).join('\n')}`);
  if (values.update && changes.length > 0) writeFileSync(path, after);
  for (const failure of check.failures) console.error(`${title}: ${failure}`);
  if (values.slow !== undefined) {
    for (const [file, milliseconds] of check.fileTimes.filter(([, time]) => time > Number(values.slow) * 1000)) console.log(`slow: ${title} ${file} ${(milliseconds / 1000).toFixed(1)} s`);
  }
  const row = rowOf(corpusPackage.name, check, parseRecord(after).entries);
  if (row.open > 0) console.log(`${title}: ${row.open} findings to be judged`);
  rows.push(row);
  return (values.update ? 0 : changes.length + row.open) + check.failures.length;
}

/** Checks packages in a few processes at a time: one that runs out of memory takes no other with it. */
async function eachPackage(queue: readonly CorpusPackage[], jobs: number, done: (corpusPackage: CorpusPackage, answer: Answer) => void): Promise<void> {
  const waiting = [...queue];
  const run = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (worker?.connected !== true) worker = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)));
      done(next, await ask(worker, next.name));
    }
    worker?.disconnect();
  };
  await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, run));
}

function ask(worker: ChildProcess, name: string): Promise<Answer> {
  return new Promise((resolve) => {
    const onAnswer = (answer: Answer): void => {
      worker.off('exit', onExit);
      resolve(answer);
    };
    const onExit = (code: number | null, signal: string | null): void => {
      worker.off('message', onAnswer);
      resolve({ name, error: `the process ended with ${signal ?? String(code)}` });
    };
    worker.once('message', onAnswer);
    worker.once('exit', onExit);
    worker.send({ name, isFixing: values.fix } satisfies Question);
  });
}

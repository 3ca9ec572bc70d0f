/**
 * `npm run fuzz -- [--runs N] [--seed S] [--smoke]`: mutated fixtures and random programs, then inputs grown out of all proportion,
 * never make a rule throw, hang or change the tree. `--smoke`: 200 files, and nothing grown, which `npm test` looks at.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutate, Random, randomProgram } from './mutate.js';
import { nestedAsDeepAsPossible, nestings, pathologicalInputs } from './pathological.js';
import { subject, type Look } from './subject.js';

/** For one file, which the compiler has checked, and for one that is grown. `npm test` holds the grown ones to a count of work. */
const look = { budget: 2_000, isChecked: true };
const grownLook = { budget: 30_000 };

/** Programs that are run before anything is timed. */
const warmUps = 20;

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' }, smoke: { type: 'boolean', default: false } },
});
const runs = values.smoke ? 200 : Number(values.runs);
const seed = Number(values.seed);
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  console.error('--runs and --seed are whole numbers, --runs at least 1');
  process.exit(2);
}

const fixtures = fileURLToPath(new URL('../rules/fixtures/', import.meta.url));
const failures = fileURLToPath(new URL('./failures/', import.meta.url));
const seeds = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[cm]?[jt]s$/.test(name)).sort();
const texts = seeds.map((name) => ({ ending: /\.[cm]?[jt]s$/.exec(name)?.[0] ?? '.ts', text: readFileSync(join(fixtures, name), 'utf8') }));

let failed = 0;
let unparsable = 0;
let slowest = 0;
const check = (name: string, label: string, text: string, how: Look = look): void => {
  const { isUnparsable, problem, spent } = subject(name, text, how);
  if (isUnparsable) unparsable++;
  slowest = Math.max(slowest, spent);
  if (problem === undefined) return;
  failed++;
  mkdirSync(failures, { recursive: true });
  writeFileSync(join(failures, `${label.replaceAll(/\W+/g, '-')}${/\.\w+$/.exec(name)?.[0] ?? ''}`), text);
  console.log(`${label}: ${problem}`);
};

// The first files pay for loading declarations, and for code that the engine has not compiled yet.
for (let index = 0; index < warmUps; index++) subject('warm.ts', randomProgram(new Random(index)), look);
for (let index = 0; index < runs; index++) {
  const random = new Random(seed * 1_000_003 + index);
  const { ending, text } = random.pick(texts);
  const program = random.below(4) === 0 ? randomProgram(random) : mutate(text, random.pick(texts).text, random);
  check(`fuzz${ending}`, `seed ${seed} index ${index}`, program);
  if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${runs}, ${failed} failed`);
}
if (process.stderr.isTTY) process.stderr.write('\n');
const ofFuzz = slowest;
console.log(`${runs} files, seed ${seed}: ${unparsable} not parsable, slowest ${ofFuzz.toFixed(0)} ms`);
const isTaken = (text: string): boolean => !subject('large.ts', text, grownLook).isUnparsable;
for (const { name, text } of values.smoke ? [] : [...pathologicalInputs(), ...nestings.map((nesting) => nestedAsDeepAsPossible(nesting, isTaken))]) {
  slowest = 0;
  check('large.ts', name, text, grownLook);
  console.log(`${name.padEnd(28)}${slowest.toFixed(0).padStart(8)} ms`);
}
console.log(failed === 0 ? 'no failures' : `${failed} failed; the files are in tests/fuzz/failures`);
process.exitCode = failed === 0 ? 0 : 1;

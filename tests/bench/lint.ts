/**
 * `npm run bench:lint -- [--rounds N] [--corpus LABEL]… [--only CONTENDER]… [--smoke]`: what the plugin adds to a lint, and what its rules
 * about async code add by themselves. Whole processes, interleaved and
 * rotated, so that a busy minute of the machine hits every contender; medians, and ratios between things measured side by side.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { corpora, prepare, type Corpus } from './packages.js';

interface Sample {
  readonly wall: number;
  readonly cpu: number;
  readonly rss: number;
  readonly files: number;
  readonly lines: number;
  readonly messages: number;
}

const all = ['types', 'floating', 'promises', 'sync', 'async', 'borrowck', 'both'] as const;
type Contender = (typeof all)[number];

const titles: Readonly<Record<Contender, string>> = {
  types: 'types, no rules',
  floating: 'no-floating-promises',
  promises: '+ no-misused-promises',
  sync: 'n/no-sync',
  async: 'borrowck, rules on async code',
  borrowck: 'borrowck alone',
  both: 'no-floating-promises + borrowck',
};

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, corpus: { type: 'string', multiple: true }, only: { type: 'string', multiple: true }, smoke: { type: 'boolean', default: false } },
});
const rounds = values.smoke ? 1 : Number(values.rounds);
const labels = values.smoke ? ['small'] : (values.corpus ?? ['small', 'medium', 'large', 'plain']);
/** What is compared with is always there. */
const contenders = all.filter((contender) => contender === 'types' || (values.only?.includes(contender) ?? true));
const unknown = values.only?.filter((name) => !all.some((contender) => contender === name)) ?? [];
const chosen = corpora.filter(({ label }) => labels.includes(label));
if (!Number.isInteger(rounds) || rounds < 1 || chosen.length < labels.length || unknown.length > 0) {
  console.error(`--rounds is a whole number from 1; --corpus is one of ${corpora.map(({ label }) => label).join(', ')}; --only is one of ${all.join(', ')}`);
  process.exit(2);
}
/** What the plugin adds for a line of the first corpus of the table: work that grows faster than the code shows on the larger ones. */
let perLine: { readonly label: string; readonly cost: number } | undefined;
for (const corpus of chosen) report(corpus, measure(corpus));

/** What is told of a corpus: a title, what has to be measured for it, a ratio and what it may be at most. */
type Bar = readonly [title: string, needed: readonly Contender[], ratio: () => number, bar: number];

function measure(corpus: Corpus): ReadonlyMap<Contender, readonly Sample[]> {
  const folder = prepare(corpus);
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length] ?? 'types';
      samples.get(contender)?.push(run(folder, contender));
      if (process.stderr.isTTY) process.stderr.write(`\r${corpus.label}: round ${round + 1} of ${rounds}, ${titles[contender].padEnd(40)}`);
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r');
  return samples;
}

function run(folder: string, contender: Contender): Sample {
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const output = execFileSync(process.execPath, [here('./contender.mjs'), folder, contender], {
    encoding: 'utf8',
    env: { ...process.env, TSESTREE_SINGLE_RUN: 'true' },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(output) as Sample;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function report(corpus: Corpus, samples: ReadonlyMap<Contender, readonly Sample[]>): void {
  const of = (contender: Contender, what: keyof Sample): number => median((samples.get(contender) ?? []).map((sample) => sample[what]));
  console.log(`\n${corpus.label}: ${corpus.name}@${corpus.version}, ${of('types', 'files')} files, ${of('types', 'lines').toLocaleString('en')} lines, median of ${rounds}`);
  console.log(`${''.padEnd(34)}${['wall s', 'cpu s', 'x types', 'peak MiB', 'found'].map((title) => title.padStart(10)).join('')}`);
  for (const contender of contenders) {
    const cells = [(of(contender, 'wall') / 1000).toFixed(2), (of(contender, 'cpu') / 1000).toFixed(2), (of(contender, 'cpu') / of('types', 'cpu')).toFixed(2), of(contender, 'rss').toFixed(0), String(of(contender, 'messages'))];
    console.log(`${titles[contender].padEnd(34)}${cells.map((cell) => cell.padStart(10)).join('')}`);
  }
  // CPU time is what a busy machine changes least.
  const added = (contender: Contender): number => of(contender, 'cpu') - of('types', 'cpu');
  const cost = added('borrowck') / of('types', 'lines');
  const first = perLine;
  if (corpus.kind === 'bytes' && contenders.includes('borrowck')) perLine ??= { label: corpus.label, cost };
  const bars: readonly Bar[] =
    corpus.kind === 'plain'
      ? [['over types, no rules', ['borrowck'], () => of('borrowck', 'cpu') / of('types', 'cpu'), 1.03]]
      : [
          ['borrowck adds / both promise rules add', ['borrowck', 'promises'], () => added('borrowck') / added('promises'), 0.5],
          ['beside no-floating-promises', ['both', 'floating'], () => of('both', 'cpu') / of('floating', 'cpu'), 1.15],
          ['peak memory beside no-floating-promises', ['both', 'floating'], () => of('both', 'rss') / of('floating', 'rss'), 1.05],
          ...(first === undefined ? [] : [[`borrowck adds for a line / for one of ${first.label}`, ['borrowck'], () => cost / first.cost, 1.5] as const]),
        ];
  const measured = bars.flatMap(([title, needed, ratio, bar]) => (needed.every((one) => contenders.includes(one)) ? [[title, ratio(), bar] as const] : []));
  for (const [title, ratio, bar] of measured) console.log(`${title.padEnd(44)}${ratio.toFixed(2).padStart(8)}  bar ${bar.toFixed(2)}  ${ratio <= bar ? 'met' : 'MISSED'}`);
}

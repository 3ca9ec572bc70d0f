/**
 * `npm run bench:lib -- [--table NAME]… [--rounds N] [--only TEXT]… [--parameter N]… [--smoke]`: the runtime beside its peers and the
 * physical floor. A process for each contender, parameter and round, in a rotated order, so that a busy minute of the machine hits all;
 * ratios are formed inside a round, and the median over the rounds is shown. `--smoke`: one quick
 * round at one parameter without peers, to see that it runs; cold code says nothing about speed.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, type Sample } from './measure.js';
import { installPeers } from './peers.js';
import type { Table } from './table.js';
import { tables } from './tables/index.js';

const { values } = parseArgs({
  options: {
    table: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
    parameter: { type: 'string', multiple: true },
    smoke: { type: 'boolean', default: false },
  },
});
const rounds = values.smoke ? 1 : Number(values.rounds);
const chosen = tables.filter(({ name }) => values.table === undefined || values.table.includes(name));
if (!Number.isInteger(rounds) || rounds < 1 || chosen.length < (values.table?.length ?? 1)) {
  console.error(`--rounds is a whole number from 1; --table is one of ${tables.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
if (!values.smoke) installPeers(chosen);
for (const table of chosen) {
  console.log(`\n## ${table.title}`);
  const parameters = table.parameters.filter((parameter) => values.parameter === undefined || values.parameter.includes(String(parameter))).slice(0, values.smoke ? 1 : undefined);
  const names = contendersOf(table);
  const samples = run(table, names, parameters);
  for (const parameter of parameters) report(table, names, parameter, samples);
}

function contendersOf(table: Table): string[] {
  return Object.entries(table.contenders).flatMap(([name, { kind }]) => {
    const isWanted = name === table.floor || values.only === undefined || values.only.some((text) => name.includes(text));
    return isWanted && !(values.smoke && kind === 'peer') ? [name] : [];
  });
}

type Samples = ReadonlyMap<string, readonly Sample[]>;

function keyOf(name: string, parameter: number): string {
  return `${parameter} ${name}`;
}

function run(table: Table, names: readonly string[], parameters: readonly number[]): Samples {
  const cells = parameters.flatMap((parameter) => names.map((name) => ({ name, parameter })));
  const samples = new Map<string, Sample[]>(cells.map(({ name, parameter }) => [keyOf(name, parameter), []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < cells.length; turn++) {
      const cell = cells[(turn + round * 5) % cells.length];
      if (cell === undefined) continue;
      if (process.stderr.isTTY) process.stderr.write(`\r${table.name}: round ${round + 1} of ${rounds}, ${turn + 1} of ${cells.length}, ${cell.name.padEnd(60)}`);
      samples.get(keyOf(cell.name, cell.parameter))?.push(sample(table, cell.name, cell.parameter));
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r');
  return samples;
}

function sample(table: Table, name: string, parameter: number): Sample {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const output = execFileSync(process.execPath, ['--expose-gc', '--import', here('../../oracle/register.mjs'), here('./cell.ts'), table.name, name, String(parameter), values.smoke ? 'quick' : 'full'], { encoding: 'utf8' });
  return JSON.parse(output) as Sample;
}

function report(table: Table, names: readonly string[], parameter: number, samples: Samples): void {
  const of = (name: string): readonly Sample[] => samples.get(keyOf(name, parameter)) ?? [];
  const floor = of(table.floor);
  const ratioOf = (name: string): number => median(of(name).map(({ ns }, round) => ns / (floor[round]?.ns ?? NaN)));
  const heapOf = (name: string): number => median(of(name).map(({ heapBytes }) => heapBytes));
  console.log(`\n### ${table.parameterTitle} ${parameter}\n\n| contender | ns | x ${table.floor} | heap B | spread |\n| --- | ---: | ---: | ---: | ---: |`);
  const sorted = [...names].sort((a, b) => ratioOf(a) - ratioOf(b));
  for (const name of sorted) {
    const ns = of(name).map((each) => each.ns);
    const spread = ((Math.max(...ns) - Math.min(...ns)) / median(ns)) * 100;
    const title = table.contenders[name]?.kind === 'ours' ? `**${name}**` : name;
    console.log(`| ${title} | ${median(ns).toFixed(1)} | ${ratioOf(name).toFixed(2)} | ${heapOf(name).toFixed(0)} | ${spread.toFixed(0)}% |`);
  }
  console.log('');
  if (values.smoke) return;
  for (const bar of table.bars.filter((each) => each.parameter === parameter && names.includes(each.contender))) {
    if (bar.ratio !== undefined) say(`${bar.contender}: ratio`, ratioOf(bar.contender), bar.ratio);
    if (bar.heapBytes !== undefined) say(`${bar.contender}: heap B`, heapOf(bar.contender), bar.heapBytes);
  }
  const rivals = sorted.filter((name) => table.contenders[name]?.isRival === true);
  const [best] = rivals;
  if (best === undefined) return;
  for (const name of sorted.filter((each) => table.contenders[each]?.kind === 'ours')) say(`${name}: against the best rival, ${best}`, ratioOf(name) / ratioOf(best), 1);
}

function say(title: string, value: number, bar: number): void {
  console.log(`- ${title} ${value.toFixed(2)}, bar ${bar}: ${value <= bar ? 'met' : 'MISSED'}`);
}

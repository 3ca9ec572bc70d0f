/**
 * `npm run bench:lib -- [--table NAME]… [--rounds N] [--only TEXT]… [--parameter N]… [--write] [--smoke]`: the runtime beside its peers
 * and the physical floor. A process for each contender, parameter and round, in a rotated order, so that a busy minute of the machine
 * hits all; ratios are formed inside a round, and the median over the rounds is shown. `--write` records what was measured, in
 * `results.json`, and puts it into `docs/benchmarks.md`. `--smoke`: one quick round at one parameter without peers, to see that it runs;
 * cold code says nothing about speed.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Sample } from './measure.js';
import { writePage } from './page.js';
import { installPeers } from './peers.js';
import { reportOf } from './report.js';
import { record, thisMachine, type Measured } from './results.js';
import type { Table } from './table.js';
import { tables } from './tables/index.js';

const { values } = parseArgs({
  options: {
    table: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
    parameter: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
  },
});
const rounds = values.smoke ? 1 : Number(values.rounds);
const chosen = tables.filter(({ name }) => values.table === undefined || values.table.includes(name));
if (!Number.isInteger(rounds) || rounds < 1 || chosen.length < (values.table?.length ?? 1)) {
  console.error(`--rounds is a whole number from 1; --table is one of ${tables.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
if (values.write && (values.smoke || values.only !== undefined || rounds < 3)) {
  console.error('--write records all contenders side by side, in 3 rounds or more: it goes with neither --only nor --smoke');
  process.exit(2);
}
if (!values.smoke) installPeers(chosen);
for (const table of chosen) {
  console.log(`\n## ${table.title}\n`);
  const measured: Record<string, Measured> = {};
  for (const parameter of parametersOf(table)) {
    measured[parameter] = { machine: thisMachine(), samples: run(table, contendersOf(table), parameter) };
    if (values.write) record(table, parameter, measured[parameter]);
  }
  console.log(reportOf(table, measured));
}
if (values.write) writePage();

function parametersOf(table: Table): readonly number[] {
  const wanted = table.parameters.filter((parameter) => values.parameter === undefined || values.parameter.includes(String(parameter)));
  return values.smoke ? wanted.slice(0, 1) : wanted;
}

function contendersOf(table: Table): string[] {
  return Object.entries(table.contenders).flatMap(([name, { kind }]) => {
    const isWanted = name === table.floor || values.only === undefined || values.only.some((text) => name.includes(text));
    return isWanted && !(values.smoke && kind === 'peer') ? [name] : [];
  });
}

function run(table: Table, names: readonly string[], parameter: number): Record<string, Sample[]> {
  const samples = Object.fromEntries(names.map((name): [string, Sample[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round * 5) % names.length] ?? '';
      if (process.stderr.isTTY) process.stderr.write(`\r${table.name} ${parameter}: round ${round + 1} of ${rounds}, ${turn + 1} of ${names.length}, ${name.padEnd(60)}`);
      samples[name]?.push(sample(table, name, parameter));
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

/** One measured process: `cell.ts <table> <contender> <parameter> [quick]` prints a sample as JSON. */
import { measure } from './measure.js';
import { loadPeer } from './peers.js';
import { tables } from './tables/index.js';

const [tableName, contenderName = '', parameterText, quick] = process.argv.slice(2);
const table = tables.find(({ name }) => name === tableName);
const contender = table?.contenders[contenderName];
if (table === undefined || contender === undefined) throw new Error(`no contender ${contenderName} in a table ${tableName}`);
const parameter = Number(parameterText);
const work = await contender.make(loadPeer);
const result = await work(1000, parameter);
if (result !== table.check(1000, parameter)) throw new Error(`${contenderName} did other work: ${result}`);
process.stdout.write(JSON.stringify(await measure(work, parameter, table.time, quick === 'quick', table.least?.(parameter))));
// Some peers keep timers.
process.exit(0);

/** `npm run load:tcp`: 2,000 connections against the example server, of clients that behave and clients that do not. */
import { load } from './load.js';

const { complaints, answered, ended, left, memory } = await load(2000, 100, 20);
console.log(`answered ${answered} frames; connections ended: ${JSON.stringify(ended)}`);
console.log(`left: ${left.frames} frames, ${left.connections} connections; memory, MB: ${memory.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')}`);
const [, first = 0] = memory;
const grown = (memory.at(-1) ?? 0) - first;
const problems = [...complaints, ...(left.frames + left.connections > 0 ? ['something was left'] : []), ...(grown > 8e6 ? [`memory grew by ${grown} bytes`] : [])];
console.log(problems.length === 0 ? 'nothing lost, nothing left, memory flat' : problems.join('\n'));
process.exitCode = problems.length === 0 ? 0 : 1;

/** Replaces every `.ts` file of a folder, for the test that interrupts it. */
import { readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../../../rules/cli/journal.js';
import { replaceFiles } from '../../../rules/cli/replace.js';

const folder = process.argv[2] ?? '';
const files = readdirSync(folder).map((name) => join(folder, name));
writeSync(1, 'now\n');
replaceFiles(files.map((file) => ({ file, text: 'new' })), new Journal(folder));

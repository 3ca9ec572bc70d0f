/** `npm run docs`: makes again what of the documentation is made: outputs of samples, findings, the picture, the rules' headers. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ruleDocs } from './rule-docs.js';
import { generated, read } from './pages.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

for (const [path, text] of Object.entries(generated())) {
  let before = '';
  try {
    before = read(path);
  } catch {
    // It is new.
  }
  if (before !== text) {
    writeFileSync(join(root, path), text);
    console.log(`written: ${path}`);
  }
}
process.exitCode = spawnSync(process.execPath, ruleDocs, { cwd: root, stdio: 'inherit' }).status ?? 1;

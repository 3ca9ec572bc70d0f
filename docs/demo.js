// Checks a published package, as `npx borrowck check node_modules/<package>` would.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [folder = 'node_modules/@msgpack/msgpack/src'] = process.argv.slice(2);
const command = fileURLToPath(new URL('../rules/dist/cli/main.js', import.meta.url));
const args = ['check', folder];

console.log(`$ borrowck ${args.join(' ')}\n`);
const { status } = spawnSync(process.execPath, [command, ...args], { stdio: 'inherit' });
// Exit code 1 says that there are findings: for a demonstration, that is success, and only that.
process.exitCode = status === 1 ? 0 : status === 0 ? 1 : (status ?? 2);

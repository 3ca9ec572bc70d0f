/**
 * `npm run matrix`: packs both packages, installs them beside every supported pair of an ESLint and a TypeScript, and lints from there.
 */
import { OLDEST, tryOut } from './installation.js';

const eslints = [OLDEST.eslint, '9.39.1', '10.15.0'];
const typescripts = [OLDEST.typescript, '5.6.3', '5.9.3', '6.0.3'];

let failures = 0;
for (const eslint of eslints) {
  for (const typescript of typescripts) {
    const wrong = tryOut({ eslint, typescript });
    console.log(`eslint ${eslint.padEnd(8)} typescript ${typescript.padEnd(6)} ${wrong.length === 0 ? 'as it should be' : wrong.join('\n  ')}`);
    failures += wrong.length;
  }
}
process.exitCode = failures === 0 ? 0 : 1;

/**
 * `npm run corpus:survey`: what `borrowck migrate --to arena` and `--to channel` have to do in the corpora, with all that may be changed,
 * and why they leave alone what they leave. Nothing is written but `surveyed.txt`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { runMigration } from '../../rules/cli/migrate.js';
import { folderOf, install, packages, recordOf, type CorpusPackage } from './packages.js';

/** The recorded findings that a form is for: a package without any has nothing to rewrite. */
const forms = {
  arena: / no-borrowed-capture certain /,
  channel: / (?:no-borrowed-yield certain yield|no-unbounded-channel certain queue) /,
} as const;

const parts = Object.entries(forms).map(([to, finding]) => {
  const concerned = packages.filter((one) => finding.test(readFileSync(recordOf(one), 'utf8')));
  const others = packages.length - concerned.length;
  return `# migrate --to ${to}\n${others} of ${packages.length} packages have no finding for it.\n${concerned.map((one) => told(one, to as keyof typeof forms)).join('')}`;
});
const text = parts.join('\n');
console.log(text);
writeFileSync(new URL('surveyed.txt', import.meta.url), text);

/** What the command says of a package. */
function told(corpusPackage: CorpusPackage, to: keyof typeof forms): string {
  install(corpusPackage);
  let said = '';
  runMigration(
    { paths: corpusPackage.paths, to, isWriting: false, exports: true, maybe: true },
    { cwd: folderOf(corpusPackage), isColored: false, width: 120, isWatched: false, out: () => undefined, error: (line) => void (said += line) },
  );
  return `\n${corpusPackage.name}@${corpusPackage.version}\n${said}`;
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMAND } from '../support/command.js';
import { pictureOf } from './terminal-picture.js';

/**
 * What the documentation shows of programs and of the command is made by running them. After a block `js runs` or `ts runs`, a block
 * `text prints` holds what the program printed, `text finds` what `borrowck check` says about it, `js fixed` what `--fix` makes of it
 * and `text fixed prints` what that prints.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The pages that hold such blocks. */
export const pages: readonly string[] = ['docs/why.md', 'docs/autofix.md', 'docs/guide.md', 'docs/guide.zh-CN.md'];

const picture = { source: 'README.md', path: 'docs/finding.svg' };

/**
 * Makes everything that is made.
 *
 * @returns by path relative to the repository, what should be there
 */
export function generated(): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(pages.map((page) => [page, regenerated(read(page))])), [picture.path]: findingPicture() };
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The picture of a finding shows the README's first sample. */
function findingPicture(): string {
  const sample = /^```ts\n(.*?)^```$/ms.exec(read(picture.source))?.[1] ?? '';
  const { stdout } = inFolder({ 'src/read.ts': sample }, (folder) => borrowck(folder, ['check', 'src/read.ts'], { FORCE_COLOR: '1' }));
  const frame = stdout.slice(0, stdout.indexOf('\n\n')).split('\n').flatMap((line) => wrapped(line));
  return pictureOf(`\u001b[90m$\u001b[39m npx borrowck check\n\n${frame.join('\n')}\n`, 'A finding of borrowck: a view of a buffer is yielded and then overwritten by the next read');
}

/** A terminal breaks long lines where it must; a picture between words. */
function wrapped(line: string, width = 110): string[] {
  const visible = line.replaceAll(/\u001b\[[\d;]*m/g, '');
  if (visible.length <= width) return [line];
  const extra = line.length - visible.length;
  const at = line.lastIndexOf(' ', width + extra);
  return [line.slice(0, at), ...wrapped(line.slice(at + 1), width)];
}

interface Block {
  readonly info: string;
  readonly text: string;
}

/** A page with its made blocks as they should be. */
export function regenerated(page: string): string {
  let program: { readonly code: string; readonly extension: string } | undefined;
  let fixed: string | undefined;
  return page.replaceAll(/^```([^\n]*)\n([^]*?)^```$/gm, (whole: string, info: string, text: string) => {
    const block: Block = { info, text };
    const running = /^(ts|js) runs\b/.exec(block.info);
    if (running !== null) {
      program = { code: block.text, extension: running[1] === 'ts' ? 'ts' : 'mjs' };
      fixed = undefined;
      return whole;
    }
    if (program === undefined) return whole;
    const name = `sample.${program.extension}`;
    if (/^(?:ts|js) fixed$/.test(info)) return fenced(info, (fixed = fixOf(name, program.code)));
    if (info === 'text prints') return fenced(info, outputOf(name, program.code));
    if (info === 'text fixed prints') return fenced(info, outputOf(name, fixed ?? fixOf(name, program.code)));
    if (info === 'text finds') return fenced(info, findingsOf(name, program.code));
    return whole;
  });
}

function fenced(info: string, text: string): string {
  return `\`\`\`${info}\n${text.trimEnd()}\n\`\`\``;
}

function outputOf(name: string, code: string): string {
  const strip = name.endsWith('.ts') ? ['--import', join(root, 'tests/oracle/register.mjs')] : [];
  return inFolder({ [name]: code }, (folder) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [...strip, name], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    if (status !== 0 || stderr !== '') throw new Error(`A sample of the documentation fails: ${stderr}`);
    return stdout;
  });
}

function findingsOf(name: string, code: string): string {
  const { stdout } = inFolder({ [name]: code }, (folder) => borrowck(folder, ['check', name]));
  return stdout.slice(0, stdout.lastIndexOf('\n\n') + 1);
}

function fixOf(name: string, code: string): string {
  return inFolder({ [name]: code }, (folder) => {
    borrowck(folder, ['check', '--fix', name]);
    return readFileSync(join(folder, name), 'utf8');
  });
}

function borrowck(folder: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): { readonly stdout: string } {
  const { FORCE_COLOR: _forced, DEBUG: _debug, ...env } = process.env;
  return spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, env: { ...env, ...more }, encoding: 'utf8' });
}

function inFolder<T>(files: Readonly<Record<string, string>>, run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'borrowck-docs-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    // Samples that import the runtime say so; fixes of the others keep to the platform.
    if (Object.values(files).some((text) => text.includes("'borrowck-runtime"))) {
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(join(root, 'lib'), join(folder, 'node_modules/borrowck-runtime'), 'junction');
    }
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Checks packages, one after the other, for the process that asks. */
import { loadToolchain } from '../../rules/cli/toolchain.js';
import type { PackageCheck } from './check.js';
import { checkPackage } from './check.js';
import type { FixesCheck } from './fixes.js';
import { checkFixes } from './fixes.js';
import { install, packages } from './packages.js';

/** What the worker answers: the check, or why there is none. */
export type Answer = { readonly name: string; readonly check: PackageCheck } | { readonly name: string; readonly fixes: FixesCheck } | { readonly name: string; readonly error: string };

const toolchain = await loadToolchain();

/** What the worker is asked: a package, and whether its findings are looked for or rewritten. */
export interface Question {
  readonly name: string;
  readonly isFixing: boolean;
}

async function answer({ name, isFixing }: Question): Promise<Answer> {
  const corpusPackage = packages.find((each) => each.name === name);
  if (corpusPackage === undefined) return { name, error: 'there is no such package' };
  try {
    install(corpusPackage);
    if (isFixing) return { name, fixes: await checkFixes(corpusPackage, toolchain) };
    return { name, check: await checkPackage(corpusPackage, toolchain) };
  } catch (error) {
    return { name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (question: Question) => {
  void answer(question).then((result) => process.send?.(result));
});

/** Checks packages, one after the other, for the process that asks. */
import { loadToolchain } from '../../rules/cli/toolchain.js';
import type { PackageCheck } from './check.js';
import { checkPackage } from './check.js';
import { install, packages } from './packages.js';

/** What the worker answers: the check, or why there is none. */
export type Answer = { readonly name: string; readonly check: PackageCheck } | { readonly name: string; readonly error: string };

const toolchain = await loadToolchain();

async function answer(name: string): Promise<Answer> {
  const corpusPackage = packages.find((each) => each.name === name);
  if (corpusPackage === undefined) return { name, error: 'there is no such package' };
  try {
    install(corpusPackage);
    return { name, check: await checkPackage(corpusPackage, toolchain) };
  } catch (error) {
    return { name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (name: string) => {
  void answer(name).then((result) => process.send?.(result));
});

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installed } from '../../../support/installed.js';

/** The parts that proofs use of packages which install a binary for each platform: a lock file would have to name them all. */
interface Packages {
  readonly lmdb: {
    open(options: { readonly path: string; readonly encoding: 'binary' }): {
      put(key: string, value: Buffer): Promise<boolean>;
      get(key: string): Buffer | undefined;
      getBinaryFast(key: string): Buffer | undefined;
      close(): Promise<void>;
    };
  };
  readonly msgpackr: {
    readonly Packr: new () => { useBuffer(buffer: Buffer): void; pack(value: unknown): Buffer };
  };
}

const versions: Readonly<Record<keyof Packages, string>> = { lmdb: '3.5.6', msgpackr: '2.1.3' };

/**
 * Loads a package from a folder of its own, where it is installed at its first use.
 *
 * @param name - the package
 * @returns what it exports
 * @throws {Error} when npm cannot install it
 */
export function load<N extends keyof Packages>(name: N): Packages[N] {
  const specifier = `${name}@${versions[name]}`;
  const folder = installed({ folder: join(import.meta.dirname, '.packages', specifier), packages: [specifier], before: '2026-11-19' });
  return createRequire(join(folder, 'package.json'))(name) as Packages[N];
}

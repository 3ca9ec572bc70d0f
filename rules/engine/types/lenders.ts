import type ts from 'typescript';
import type { Catalog } from '../contracts/api.js';

/** Types of the runtime and tags by which a file says that it lends memory, or is lent some. */
const words = /\b(?:Lending|Borrowed)\b|@(?:lends|owned|borrows|writes|acquires|releases)\b/;

/**
 * Whether a file declares, by types or tags, that something in it is lent.
 *
 * @param file - the file
 * @returns true when it may; its text alone is looked at
 */
export function declaresLending(file: { readonly text: string }): boolean {
  return words.test(file.text);
}

/** Which files something is lent to. Asked of every file, and answered without the checker. */
export class Lenders {
  readonly #program: ts.Program;
  readonly #catalog: Catalog;
  readonly #declaring = new Map<string, boolean>();
  #hasPools: boolean | undefined;

  constructor(parts: { readonly program: ts.Program; readonly catalog: Catalog }) {
    this.#program = parts.program;
    this.#catalog = parts.catalog;
  }

  /** The file's own declarations may say so. */
  declares(file: string): boolean {
    let known = this.#declaring.get(file);
    if (known === undefined) {
      const source = this.#program.getSourceFile(file);
      this.#declaring.set(file, (known = source !== undefined && declaresLending(source)));
    }
    return known;
  }

  /** Its own declarations say so, or a package that it imports is known to lend. */
  isLentTo(file: string): boolean {
    if (this.declares(file) || this.#hasOwnPools()) return true;
    const source = this.#program.getSourceFile(file) as { readonly imports?: readonly { readonly text: string }[]; readonly identifiers?: { has(name: string): boolean } } | undefined;
    if (source?.imports?.some(({ text }) => this.#catalog.lenders.modules.has(text)) === true) return true;
    for (const name of this.#catalog.lenders.names) if (source?.identifiers?.has(name) === true) return true;
    return false;
  }

  /** What the file calls may be told by a tag: it has some itself, or somebody must hand back what it takes. */
  mayCallTagged(file: string): boolean {
    return this.declares(file) || this.#hasOwnPools();
  }

  /** The project has functions whose result must be handed back: any file may call them. */
  #hasOwnPools(): boolean {
    return (this.#hasPools ??= this.#program.getSourceFiles().some((file) => !file.isDeclarationFile && !this.#program.isSourceFileFromExternalLibrary(file) && file.text.includes('@acquires')));
  }
}

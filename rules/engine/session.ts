import type ts from 'typescript';
import type { Finding } from './findings.js';

/** What a project says under `settings.borrowck`, with the defaults filled in. */
export interface BorrowckSettings {
  /** Whether fixes may use `borrowck-runtime`: where it resolves from the file, always, or never. */
  readonly runtime: 'auto' | 'always' | 'never';
  /** Contracts of the project's own functions, as written. */
  readonly contracts: unknown;
}

/** The analysis of one program, shared by every rule and cached per file. */
export interface Session {
  /** What the engine found in a file of the program. */
  findings(sourceFile: ts.SourceFile): readonly Finding[];
  /** What kept the engine from seeing the whole of the file, in sentences for the user. */
  notices(sourceFile: ts.SourceFile): readonly string[];
}

const silent: Session = { findings: () => [], notices: () => [] };

/**
 * The session of a program.
 *
 * @param options - the TypeScript instance that built the program, the program, and the project's settings
 * @returns the program's session
 */
export function sessionFor(options: { ts: typeof ts; program: ts.Program; settings: BorrowckSettings }): Session {
  void options;
  return silent;
}

import type ts from 'typescript';
import { vi } from 'vitest';
import type { BorrowFinding } from '../../../rules/engine/findings.js';
import type { Origin } from '../../../rules/engine/ir/index.js';
import { engine } from '../../../rules/eslint/analysis.js';

/** A finding described by snippets of the text, so that it stays true while the text changes around it. */
export interface Prepared {
  /** The whole escape. A finding whose escape is not in the text is mended. */
  readonly at: string;
  /** The view inside the escape. */
  readonly view?: string | undefined;
  readonly how?: BorrowFinding['escape']['how'];
  readonly type?: BorrowFinding['escape']['type'];
  readonly via?: string;
  readonly kind?: BorrowFinding['kind'];
  readonly certainty?: BorrowFinding['certainty'];
  /** A snippet, or a snippet of another file. */
  readonly region?: { readonly at: string; readonly name: string; readonly isLent?: boolean; readonly file?: string };
  readonly invalidation?: { readonly at: string; readonly by: string; readonly how?: BorrowFinding['invalidation']['how']; readonly file?: string };
}

function originOf(sourceFile: ts.SourceFile, snippet: string, from = 0): Origin | undefined {
  const start = sourceFile.text.indexOf(snippet, from);
  return start < 0 ? undefined : { file: sourceFile.fileName, start, end: start + snippet.length, syntax: { kind: 0 } };
}

function findingOf(prepared: Prepared, sourceFile: ts.SourceFile, program: ts.Program): BorrowFinding | undefined {
  const at = originOf(sourceFile, prepared.at);
  if (at === undefined) return undefined;
  const elsewhere = (file: string | undefined): ts.SourceFile => (file === undefined ? undefined : program.getSourceFiles().find((one) => one.fileName.endsWith(file))) ?? sourceFile;
  const { region, invalidation } = prepared;
  return {
    kind: prepared.kind ?? 'borrowed-yield',
    certainty: prepared.certainty ?? 'certain',
    escape: {
      how: prepared.how ?? 'yield',
      at,
      view: prepared.view === undefined ? undefined : originOf(sourceFile, prepared.view, at.start),
      type: prepared.type,
      via: prepared.via,
    },
    region: {
      at: originOf(elsewhere(region?.file), region?.at ?? '') ?? at,
      name: region?.name ?? 'buf',
      isLent: region?.isLent ?? false,
    },
    invalidation: {
      how: invalidation?.how ?? 'overwrite',
      at: originOf(elsewhere(invalidation?.file), invalidation?.at ?? '') ?? at,
      by: invalidation?.by ?? 'fill()',
    },
    trace: [],
  };
}

/** Until mocks are restored, the engine finds what is prepared here. */
export function prepareFindings(prepared: readonly Prepared[], notices: readonly string[] = []): void {
  vi.spyOn(engine, 'sessionFor').mockImplementation(({ program }) => ({
    findings: (sourceFile) => prepared.flatMap((one) => findingOf(one, sourceFile, program) ?? []),
    notices: () => notices,
    abandoned: () => 0,
  }));
}

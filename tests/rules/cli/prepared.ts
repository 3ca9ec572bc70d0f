import type ts from 'typescript';
import { beforeAll, onTestFinished } from 'vitest';
import { check } from '../../../rules/cli/check.js';
import type { CheckOptions, Terminal } from '../../../rules/cli/check.js';
import { loadToolchain } from '../../../rules/cli/toolchain.js';
import type { Toolchain } from '../../../rules/cli/toolchain.js';
import type { BorrowFinding } from '../../../rules/engine/findings.js';
import type { Origin } from '../../../rules/engine/ir/index.js';
import { engine } from '../../../rules/eslint/analysis.js';

/** What the engine is made to say of a file. */
export type Prepared = (file: string, text: string, program: ts.Program) => { readonly findings?: readonly BorrowFinding[]; readonly notices?: readonly string[] };

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

let toolchain: Toolchain;
beforeAll(async () => {
  toolchain = await loadToolchain();
});

/** Runs a check in a folder with the command's defaults, the engine replaced where findings are prepared. */
export async function run(cwd: string, options: Partial<CheckOptions> = {}, prepared?: Prepared): Promise<Outcome> {
  if (prepared !== undefined) {
    prepare(prepared);
  }
  const outcome = { code: -1, out: '', errors: '' };
  const terminal: Terminal = {
    cwd,
    isColored: false,
    width: 120,
    isWatched: false,
    out: (text) => void (outcome.out += text),
    error: (text) => void (outcome.errors += text),
  };
  outcome.code = await check({ paths: ['.'], format: 'json', fix: false, report: undefined, rules: [], maxWarnings: 0, ...options }, toolchain, terminal);
  return outcome;
}

function prepare(prepared: Prepared): void {
  const { sessionFor } = engine;
  onTestFinished(() => void (engine.sessionFor = sessionFor));
  engine.sessionFor = (options) => {
    const session = sessionFor(options);
    const of = (sourceFile: ts.SourceFile) => prepared(sourceFile.fileName, sourceFile.text, options.program);
    return { ...session, findings: (sourceFile: ts.SourceFile) => of(sourceFile).findings ?? [], notices: (sourceFile: ts.SourceFile) => of(sourceFile).notices ?? [] };
  };
}

/** A finding for each `yield buf.subarray(…)`. */
export const yieldsOfBuf: Prepared = (file, text) => ({
  findings: [...text.matchAll(/yield (buf\.subarray\([^()]*\))/g)].map((match): BorrowFinding => {
    const origin = (start: number, length: number): Origin => ({ file, start, end: start + length, syntax: { kind: 0 } });
    const certainty = text.includes('// potential') ? 'potential' : 'certain';
    const view = origin(match.index + 'yield '.length, match[1]?.length ?? 0);
    return {
      kind: 'borrowed-yield',
      certainty,
      escape: { how: 'yield', at: origin(match.index, match[0].length), view, type: 'Buffer', via: undefined },
      region: { at: origin(text.indexOf('Buffer.alloc('), 'Buffer.alloc(8)'.length), name: 'buf', isLent: false },
      invalidation: { how: 'overwrite', at: origin(text.indexOf('buf.fill('), 'buf.fill(1)'.length), by: 'buf.fill()' },
      trace: [],
    };
  }),
});

export const YIELDS = `export function* read() {
  const buf = Buffer.alloc(8);
  for (;;) {
    buf.fill(1);
    yield buf.subarray(0, 4);
  }
}
`;

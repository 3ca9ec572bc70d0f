import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Domain } from '../../../rules/engine/findings.js';
import { describe, expect, test } from 'vitest';
import { sessionFor } from '../../../rules/engine/session.js';
import { resetWork, workDone } from '../../../rules/engine/work.js';
import { programOf, virtualPath } from '../fixes/program.js';
import { fixturesOf } from '../support/fixtures.js';

/** Work that does not depend on the machine: a change that doubles it is a regression that no stopwatch has to notice. */
function workOn(sources: Readonly<Record<string, string>>, domain: Domain = 'borrow'): ReturnType<typeof workDone> {
  const program = programOf(sources);
  resetWork();
  const session = sessionFor({ ts, program, settings: { runtime: 'never', contracts: undefined } });
  for (const file of Object.keys(sources)) {
    const sourceFile = program.getSourceFile(file);
    if (sourceFile !== undefined) session.findings(sourceFile, domain);
  }
  return workDone();
}

describe('counted work', () => {
  test('on the flagged fixtures stays what it is', () => {
    const sources = fixturesOf('no-borrowed-yield').filter(({ kind }) => kind === 'flagged').flatMap((fixture) => fixture.sources);
    const work = workOn(Object.fromEntries(sources.map(({ file, text }) => [file, text])));
    expect(work.files).toBe(sources.length);
    const perFile = (count: number): number => count / sources.length;
    expect(perFile(work.instructions)).toBeGreaterThan(10);
    expect(perFile(work.instructions)).toBeLessThan(400);
    // Most are asked while memory is traced: of parameters, of what comes out of fields and calls, and whose the fields are.
    expect(perFile(work.questions.typeOf)).toBeLessThan(20);
    expect(perFile(work.questions.calleeOf)).toBeLessThan(20);
    expect(perFile(work.bodies)).toBeLessThan(8);
    expect(work.abandoned).toBe(0);
  });

  test.each(['borrow', 'blocking', 'message'] as const)('on code without memory, queues and waits is none: %s', (domain) => {
    const text = readFileSync(fileURLToPath(new URL('../../../rules/engine/flow/solver.ts', import.meta.url)), 'utf8');
    const work = workOn({ [virtualPath('solver.ts')]: text }, domain);
    expect(work.files).toBe(1);
    expect(work.instructions).toBe(0);
    expect(work.bodies).toBe(0);
    expect(work.questions).toEqual({ typeOf: 0, calleeOf: 0, resolveImport: 0, resolveGlobal: 0, isLending: 0 });
  });

  test('a list inside an object that is handed on is not asked about where nothing takes from lists of its name', () => {
    const text = `
import type { EventEmitter } from 'node:events';
class Report { readonly state = { issues: [] as string[] }; }
export function collect(source: EventEmitter, report: Report, printer: Printer): void {
  source.on('issue', (issue: string) => report.state.issues.push(issue));
  void printer.show(report);
}
class Printer {
  async show(report: Report): Promise<void> {
    for (const issue of report.state.issues) await this.print(issue);
  }
  async print(issue: string): Promise<void> {}
}
`;
    const { calleeOf, typeOf } = workOn({ [virtualPath('report.ts')]: text }, 'channel').questions;
    expect({ calleeOf, typeOf }).toEqual({ calleeOf: 0, typeOf: 0 });
  });

  test('what adds to a set is not looked at as if it wrote to shared memory where nothing does', () => {
    const text = `
const scratch = new Uint8Array(16);
export function* views(seen: Set<string>, names: Iterable<string>): Generator<Uint8Array> {
  for (const name of names) {
    seen.add(name);
    yield scratch;
  }
}
`;
    // The file's top level is looked at: it keeps memory.
    expect(workOn({ [virtualPath('views.ts')]: text }).bodies).toBe(1);
  });
});

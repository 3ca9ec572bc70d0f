import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { sessionFor, type Session } from '../../../rules/engine/session.js';
import { programOf } from './types/program.js';

const files = {
  'platform.ts': `
import { readSync } from 'node:fs';
const scratch = Buffer.alloc(16);
export function* read(fd: number) {
  while (readSync(fd, scratch) > 0) yield scratch.subarray(0, 4);
}`,
  'own.ts': `
const scratch = Buffer.alloc(16);
function copyOf(bytes: Buffer): Buffer { return bytes.subarray(0, 4); }
export function* read() {
  for (let turn = 0; turn < 10; turn++) {
    scratch.fill(turn);
    yield copyOf(scratch);
  }
}`,
};

function sessionWith(contracts: unknown, name = 'platform.ts'): { session: Session; file: ts.SourceFile } {
  const program = programOf(files);
  const file = program.getSourceFiles().find((each) => each.fileName.endsWith(`/${name}`));
  if (file === undefined) throw new Error('no file');
  return { session: sessionFor({ ts, program, settings: { runtime: 'auto', contracts } }), file };
}

describe('settings.borrowck.contracts', () => {
  it('says what it cannot use', () => {
    const { session, file } = sessionWith({ 'fs#readSync': { writes: 1 } });
    expect(session.notices(file)).toEqual([
      'settings.borrowck.contracts["fs#readSync"]: unknown property "writes"; known are "parameters", "rest", "completion", "receiver", "result", "acquires", "blocks", "queue", "drains", "sink", "endsProcess", "throwsOnInput", "vettedBy", "mayFail"',
    ]);
  });

  it('says nothing where nothing is wrong', () => {
    const { session, file } = sessionWith({ 'fs#readSync': {} });
    expect(session.notices(file)).toEqual([]);
  });

  it('wins over the catalog', () => {
    const plain = sessionWith(undefined);
    expect(plain.session.findings(plain.file, 'borrow')).toHaveLength(1);
    const declared = sessionWith({ 'fs#readSync': { result: { from: 'primitive' } } });
    expect(declared.session.findings(declared.file, 'borrow')).toEqual([]);
  });

  it('wins over what the body of a function of the project says', () => {
    const plain = sessionWith(undefined, 'own.ts');
    expect(plain.session.findings(plain.file, 'borrow')).toHaveLength(1);
    const declared = sessionWith({ './own.ts#copyOf': { result: { from: 'fresh', type: 'Buffer' } } }, 'own.ts');
    expect(declared.session.findings(declared.file, 'borrow')).toEqual([]);
  });
});

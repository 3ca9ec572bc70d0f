import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { assertSameTypeScript, TypeScriptMismatchError } from '../../../../rules/engine/types/handshake.js';
import { createWorld } from '../../../../rules/engine/types/world.js';
import { catalog, headersOf, programOf } from './program.js';

const program = programOf({ 'a.ts': 'export const a = 1;' });

describe('assertSameTypeScript', () => {
  it('lets the instance that built the program pass', () => {
    expect(() => assertSameTypeScript(ts, program)).not.toThrow();
  });

  it.each([
    ['node kinds', { SyntaxKind: { ...ts.SyntaxKind, SourceFile: ts.SyntaxKind.SourceFile + 1 } }],
    ['type flags', { TypeFlags: { ...ts.TypeFlags, String: ts.TypeFlags.String << 1 } }],
  ])('refuses an instance with other %s', (_, renumbered) => {
    const other = { ...ts, ...renumbered, version: '9.9.9' } as typeof ts;
    expect(() => assertSameTypeScript(other, program)).toThrow(TypeScriptMismatchError);
    expect(() => assertSameTypeScript(other, program)).toThrow(/^The program was built by another TypeScript than 9\.9\.9, which borrowck was given: .*\.$/);
    expect(() => createWorld({ ts: other, program, catalog, lowerModule: headersOf })).toThrow(TypeScriptMismatchError);
  });
});

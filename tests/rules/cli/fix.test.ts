import { lstatSync, readFileSync, readdirSync, statSync, chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../../rules/cli/fix.js';
import { replaceFile } from '../../../rules/cli/replace.js';
import { folderWith } from '../../support/folder.js';

function fix(start: number, end: number, text: string): Linter.LintMessage {
  return { ruleId: 'borrowck/x', severity: 2, message: '', line: 1, column: 1, fix: { range: [start, end], text } };
}

describe('fixes of one pass', () => {
  it('are applied in the order of the text, whatever the order of the messages', () => {
    expect(applyFixes('abcdef', [fix(4, 5, 'E'), fix(0, 1, 'A')])).toBe('AbcdEf');
  });

  it('insert and delete', () => {
    expect(applyFixes('abc', [fix(0, 0, '>'), fix(2, 3, '')])).toBe('>ab');
  });

  it('leave what overlaps or touches to the next pass', () => {
    expect(applyFixes('abcdef', [fix(0, 3, 'X'), fix(2, 4, 'Y'), fix(3, 4, 'Z'), fix(5, 6, 'F')])).toBe('XdeF');
    expect(applyFixes('abc', [fix(1, 1, '1'), fix(1, 1, '2')])).toBe('a1bc');
  });

  it('are none where no message has one, or nothing would change', () => {
    expect(applyFixes('abc', [])).toBeUndefined();
    expect(applyFixes('abc', [fix(1, 2, 'b')])).toBeUndefined();
  });
});

describe('replacing a file', () => {
  it('keeps the mode and leaves nothing beside it', () => {
    const folder = folderWith({ 'a.js': 'old' });
    chmodSync(join(folder, 'a.js'), 0o755);
    replaceFile(join(folder, 'a.js'), 'new');
    expect(readFileSync(join(folder, 'a.js'), 'utf8')).toBe('new');
    expect(statSync(join(folder, 'a.js')).mode & 0o777).toBe(0o755);
    expect(readdirSync(folder)).toEqual(['a.js']);
  });

  it('puts another file in its place: a reader of the old one sees no half of the new', () => {
    const folder = folderWith({ 'a.js': 'old' });
    const before = statSync(join(folder, 'a.js')).ino;
    replaceFile(join(folder, 'a.js'), 'new');
    expect(statSync(join(folder, 'a.js')).ino).not.toBe(before);
  });

  it('keeps a byte order mark', () => {
    const folder = folderWith({ 'a.js': '\uFEFFold' });
    replaceFile(join(folder, 'a.js'), 'new');
    expect(readFileSync(join(folder, 'a.js'), 'utf8')).toBe('\uFEFFnew');
  });

  it('writes through a symbolic link', () => {
    const folder = folderWith({ 'real/a.js': 'old' });
    symlinkSync(join(folder, 'real/a.js'), join(folder, 'link.js'));
    replaceFile(join(folder, 'link.js'), 'new');
    expect(lstatSync(join(folder, 'link.js')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real/a.js'), 'utf8')).toBe('new');
  });

  it('says in one sentence what could not be written, and leaves nothing behind', () => {
    const folder = folderWith({});
    mkdirSync(join(folder, 'a.js'));
    expect(() => replaceFile(join(folder, 'a.js'), 'new')).toThrow(/^The fixed text of `.+a\.js` cannot be written \(EISDIR\): check the permissions/);
    expect(() => replaceFile(join(folder, 'gone.js'), 'new')).toThrow(/cannot be written \(ENOENT\)/);
    expect(readdirSync(folder)).toEqual(['a.js']);
  });
});

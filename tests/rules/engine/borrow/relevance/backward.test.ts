import { describe, expect, test } from 'vitest';
import { boundsIn, writtenIn } from '../../../../../rules/engine/borrow/relevance/backward.js';
import { importKindOf } from '../../../../../rules/engine/borrow/relevance/import-kind.js';
import type { Variable } from '../../../../../rules/engine/ir/index.js';
import { functionNamed, lower } from '../../lower/support.js';

const named = (variables: Iterable<Variable>): string[] => [...new Set([...variables].map(({ name }) => name).filter((name) => name !== ''))].sort();

describe('what bounds a part of some memory', () => {
  const bounds = (body: string): string[] => named(boundsIn(functionNamed(lower(`async function f(fd, b, n, m) { ${body} }`), 'f')));

  test('is what it is cut by, and what that is computed from', () => {
    expect(bounds('return b.subarray(0, n);')).toEqual(['n']);
    expect(bounds('const end = Math.min(n, m) + 4; return b.subarray(0, end);')).toEqual(['end', 'm', 'n']);
    expect(bounds('const { bytesRead } = await fd.read(b); return b.subarray(0, bytesRead);')).toEqual(['bytesRead']);
  });

  test('is where a view begins: not what it is a view of', () => {
    expect(bounds('return new Uint8Array(b, n, m);')).toEqual(['m', 'n']);
  });

  test('is nothing where no part is taken', () => {
    expect(bounds('b.fill(n); return m;')).toEqual([]);
  });

  test('may be anything that is shared with a function inside which takes one', () => {
    expect(bounds('const size = m; return () => b.subarray(0, size);')).toContain('size');
  });
});

describe('what a function may write', () => {
  const written = (body: string): string[] => named(writtenIn(functionNamed(lower(`function f(a, b, c) { ${body} }`), 'f'), (name) => name === 'fill', (name) => name === 'subarray'));

  test('is what it stores elements into', () => {
    expect(written('a[0] = 1; b.name = 2; return c;')).toEqual(['a']);
  });

  test('is what it hands to a call that writes, and the receiver of one', () => {
    expect(written('fill(a); b.fill(0); read(c);')).toEqual(['a', 'b']);
  });

  test('is what that is a part or another name of', () => {
    expect(written('const part = a.subarray(1); part[0] = 1;')).toEqual(['a', 'part']);
    expect(written('const copy = a.slice(1); copy[0] = 1;')).toEqual(['copy']);
  });
});

describe('what an import stands for', () => {
  const importedIn = (text: string): readonly unknown[] => [...functionNamed(lower(`${text} function f() { return x; }`), 'f').outline.captures].map(importKindOf);

  test('is an export of another file, or all of them', () => {
    expect(importedIn("import { x } from './a.js';")).toEqual(['export']);
    expect(importedIn("import * as x from '#inner/a.js';")).toEqual(['namespace']);
  });

  test('is not known of defaults, of other packages and of what is required', () => {
    expect(importedIn("import x from './a.js';")).toEqual([undefined]);
    expect(importedIn("import { x } from 'package';")).toEqual([undefined]);
    expect(importedIn("const x = require('./a.js');")).toEqual([undefined]);
  });
});

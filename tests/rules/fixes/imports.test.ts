import { afterEach, expect, test, vi } from 'vitest';
import { prepareFindings } from '../eslint/prepared.js';
import { gate } from './gate.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the top of a file becomes when a `snapshot` is needed below it. */
function topAfterFix(top: string, options: { readonly name?: string; readonly tail?: string; readonly copy?: string } = {}): string {
  const { name = 'sample.ts', tail = '', copy = 'snapshot(view)' } = options;
  const isCommonJs = name.endsWith('.cjs');
  const body = (view: string): string =>
    isCommonJs
      ? `exports.f = function* (/** @type {Uint8Array} */ view) {\n  yield ${view};\n};\n${tail}`
      : `export function* f(view: Uint8Array): Generator<Uint8Array> {\n  yield ${view};\n}\n${tail}`;
  prepareFindings([{ at: 'yield view;', view: 'view', type: 'Uint8Array' }]);
  const { output } = gate(`${top}${body('view')}`, { rules: { 'borrowck/no-borrowed-yield': 'error' }, settings: { runtime: 'always' }, name });
  expect(output.endsWith(body(copy)), output).toBe(true);
  return output.slice(0, -body(copy).length);
}

test.each([
  ['an import that has it', "import { snapshot } from 'borrowck-runtime';\n", "import { snapshot } from 'borrowck-runtime';\n"],
  [
    'an import of other names',
    "import { DetachedBufferError } from 'borrowck-runtime';\nexport { DetachedBufferError };\n",
    "import { DetachedBufferError, snapshot } from 'borrowck-runtime';\nexport { DetachedBufferError };\n",
  ],
  [
    'a trailing comma',
    "import {\n  DetachedBufferError, // told by its code\n} from 'borrowck-runtime';\nexport { DetachedBufferError };\n",
    "import {\n  DetachedBufferError, snapshot, // told by its code\n} from 'borrowck-runtime';\nexport { DetachedBufferError };\n",
  ],
  ['empty braces', "import {} from 'borrowck-runtime';\n", "import { snapshot } from 'borrowck-runtime';\n"],
  ['a side effect', "import 'borrowck-runtime';\n", "import 'borrowck-runtime';\nimport { snapshot } from 'borrowck-runtime';\n"],
  ['types', "import type { Owned } from 'borrowck-runtime';\nexport type { Owned };\n", "import type { Owned } from 'borrowck-runtime';\nimport { snapshot } from 'borrowck-runtime';\nexport type { Owned };\n"],
  [
    'a type among values',
    "import { type Owned } from 'borrowck-runtime';\nexport type { Owned };\n",
    "import { type Owned, snapshot } from 'borrowck-runtime';\nexport type { Owned };\n",
  ],
  ['other imports', "import path from 'node:path';\nvoid path;\n", "import path from 'node:path';\nimport { snapshot } from 'borrowck-runtime';\nvoid path;\n"],
  ['double quotes', 'import path from "node:path";\nvoid path;\n', 'import path from "node:path";\nimport { snapshot } from "borrowck-runtime";\nvoid path;\n'],
  ['a comment behind the last import', "import 'node:path'; // for its effects\n\n", "import 'node:path'; // for its effects\nimport { snapshot } from 'borrowck-runtime';\n\n"],
  ['a directive', "'use client';\n\n", "'use client';\nimport { snapshot } from 'borrowck-runtime';\n\n"],
  ['a licence', '/** @license MIT */\n', "/** @license MIT */\nimport { snapshot } from 'borrowck-runtime';\n\n"],
  ['a header and the doc of what follows', '// What this file is for.\n\n/** Reads. */\n', "// What this file is for.\n\nimport { snapshot } from 'borrowck-runtime';\n\n/** Reads. */\n"],
  ['the doc of what follows', '/** Reads. */\n', "import { snapshot } from 'borrowck-runtime';\n\n/** Reads. */\n"],
  ['an interpreter', '#!/usr/bin/env node\n', "#!/usr/bin/env node\nimport { snapshot } from 'borrowck-runtime';\n\n"],
  ['a pragma', '// @ts-check\n', "// @ts-check\nimport { snapshot } from 'borrowck-runtime';\n\n"],
])('joins %s', (_what, before, after) => {
  expect(topAfterFix(before)).toBe(after);
});

test('a file without semicolons gets none', () => {
  prepareFindings([{ at: 'yield view\n', view: 'view', type: 'Uint8Array' }]);
  const text = "import path from 'node:path'\n\nexport function* f(view: Uint8Array): Generator<Uint8Array> {\n  void path\n  yield view\n}\n";
  expect(gate(text, { rules: { 'borrowck/no-borrowed-yield': 'error' }, settings: { runtime: 'always' } }).output).toBe(
    "import path from 'node:path'\nimport { snapshot } from 'borrowck-runtime'\n\nexport function* f(view: Uint8Array): Generator<Uint8Array> {\n  void path\n  yield snapshot(view)\n}\n",
  );
});

test('line ends are kept', () => {
  expect(topAfterFix("import path from 'node:path';\r\nvoid path;\r\n")).toBe("import path from 'node:path';\r\nimport { snapshot } from 'borrowck-runtime';\r\nvoid path;\r\n");
});

test('a namespace is enough', () => {
  const top = "import * as runtime from 'borrowck-runtime';\n";
  expect(topAfterFix(top, { copy: 'runtime.snapshot(view)' })).toBe(top);
});

test('an import under another name is enough', () => {
  const top = "import { snapshot as own } from 'borrowck-runtime';\n";
  expect(topAfterFix(top, { copy: 'own(view)' })).toBe(top);
});

test('a name that is taken is left alone', () => {
  expect(topAfterFix('const snapshot = 1;\n', { copy: 'snapshot_(view)' })).toBe("import { snapshot as snapshot_ } from 'borrowck-runtime';\n\nconst snapshot = 1;\n");
  expect(topAfterFix('', { copy: 'snapshot_(view)', tail: 'export function g(snapshot: number): number {\n  return snapshot;\n}\n' })).toBe(
    "import { snapshot as snapshot_ } from 'borrowck-runtime';\n\n",
  );
});

test('an import that is hidden at the place is brought in again under another name', () => {
  const text = (imports: string, view: string): string =>
    `import { ${imports} } from 'borrowck-runtime';\nvoid snapshot;\nexport function* f(view: Uint8Array, snapshot: number): Generator<Uint8Array> {\n  void snapshot;\n  yield ${view};\n}\n`;
  prepareFindings([{ at: 'yield view;', view: 'view', type: 'Uint8Array' }]);
  const { output } = gate(text('snapshot', 'view'), { rules: { 'borrowck/no-borrowed-yield': 'error' }, settings: { runtime: 'always' } });
  expect(output).toBe(text('snapshot, snapshot as snapshot_', 'snapshot_(view)'));
});

test.each([
  ['nothing', '', "const { snapshot } = require('borrowck-runtime');\n\n"],
  ['strict mode', "'use strict';\n\n", "'use strict';\nconst { snapshot } = require('borrowck-runtime');\n\n"],
  ['other modules', "const fs = require('fs');\nvoid fs;\n", "const fs = require('fs');\nconst { snapshot } = require('borrowck-runtime');\nvoid fs;\n"],
  [
    'other names of the package',
    "const { DetachedBufferError } = require('borrowck-runtime');\nvoid DetachedBufferError;\n",
    "const { DetachedBufferError, snapshot } = require('borrowck-runtime');\nvoid DetachedBufferError;\n",
  ],
  ['the name itself', "const { snapshot } = require('borrowck-runtime');\n", "const { snapshot } = require('borrowck-runtime');\n"],
])('CommonJS: joins %s', (_what, before, after) => {
  expect(topAfterFix(before, { name: 'sample.cjs' })).toBe(after);
});

test('CommonJS: the module object is enough, and a taken name is left alone', () => {
  const top = "const runtime = require('borrowck-runtime');\n";
  expect(topAfterFix(top, { name: 'sample.cjs', copy: 'runtime.snapshot(view)' })).toBe(top);
  expect(topAfterFix('const snapshot = 1;\nvoid snapshot;\n', { name: 'sample.cjs', copy: 'snapshot_(view)' })).toBe(
    "const { snapshot: snapshot_ } = require('borrowck-runtime');\n\nconst snapshot = 1;\nvoid snapshot;\n",
  );
});

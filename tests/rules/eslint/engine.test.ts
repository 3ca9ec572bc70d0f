import { fileURLToPath } from 'node:url';
import { RuleTester } from '@typescript-eslint/rule-tester';
import { afterAll, describe, it } from 'vitest';
import { rules } from '../../../rules/index.js';

RuleTester.afterAll = afterAll;
RuleTester.it = it;
RuleTester.itOnly = it.only;
RuleTester.describe = describe;

/** Nothing is prepared here: ESLint, the adapter, the engine and the fix, through the project service that users have. */
const tester = new RuleTester({
  languageOptions: {
    parserOptions: {
      projectService: { allowDefaultProject: ['*.ts', '*.js'], defaultProject: 'tsconfig.json' },
      tsconfigRootDir: fileURLToPath(new URL('./fixtures/', import.meta.url)),
    },
  },
});
/** The tester knows rules as typescript-eslint types them; ours are typed as ESLint does. */
type TestedRule = Parameters<typeof tester.run>[1];
const platform = { borrowck: { runtime: 'never' } };
const runtime = { borrowck: { runtime: 'always' } };

const reader = (copy: string): string => `import type { FileHandle } from 'node:fs/promises';
export async function* read(fh: FileHandle): AsyncGenerator<Buffer> {
  const buf = Buffer.alloc(65536);
  for (;;) {
    const { bytesRead } = await fh.read(buf);
    if (bytesRead === 0) return;
    yield ${copy};
  }
}
`;
const framer = (copy: string): string => `import { Transform, type TransformCallback } from 'node:stream';
export class Framer extends Transform {
  #buf = Buffer.alloc(4096);
  #length = 0;
  override _transform(chunk: Buffer, _encoding: string, callback: TransformCallback): void {
    this.#length = chunk.copy(this.#buf);
    this.push(${copy});
    callback();
  }
}
`;
const script = (copy: string): string => `const fs = require('fs');
exports.chunks = function* (fd) {
  const scratch = new Uint8Array(512);
  let size;
  while ((size = fs.readSync(fd, scratch)) > 0) yield ${copy};
};
`;

tester.run('no-borrowed-yield', rules['no-borrowed-yield'] as unknown as TestedRule, {
  valid: [
    { name: 'a copy', code: reader('Buffer.from(buf.subarray(0, bytesRead))'), settings: platform },
    { name: 'a buffer of each turn', code: reader('buf.subarray(0, bytesRead)').replace(/(.*const buf.*\n)(.*for.*\n)/, '$2$1'), settings: platform },
    { name: 'memory of its own', code: reader('Buffer.alloc(buf.length)'), settings: platform },
  ],
  invalid: [
    {
      name: 'a generator over a FileHandle',
      code: reader('buf.subarray(0, bytesRead)'),
      settings: platform,
      output: reader('Buffer.from(buf.subarray(0, bytesRead))'),
      errors: [
        {
          messageId: 'yield',
          data: { buffer: '`buf` (allocated on line 3)', fate: 'is overwritten on line 5 by `fh.read()`' },
          line: 7,
          column: 5,
        },
      ],
    },
    {
      name: 'a field that a Transform fills again',
      code: framer('this.#buf.subarray(0, this.#length)'),
      settings: platform,
      output: framer('Buffer.from(this.#buf.subarray(0, this.#length))'),
      errors: [{ messageId: 'push', line: 7, column: 5 }],
    },
    {
      name: 'CommonJS, with the runtime',
      code: script('scratch.subarray(0, size)'),
      filename: 'file.js',
      settings: runtime,
      output: script('snapshot(scratch.subarray(0, size))').replace("require('fs');\n", "require('fs');\nconst { snapshot } = require('borrowck-runtime');\n"),
      errors: [{ messageId: 'yield', line: 5, column: 49 }],
    },
  ],
});

const encoder = (copy: string): string => `const scratch = new Uint8Array(8);
export function encode(value: number): Uint8Array {
  scratch.fill(value);
  return ${copy};
}
`;

tester.run('no-borrowed-return', rules['no-borrowed-return'] as unknown as TestedRule, {
  valid: [
    { name: 'a copy', code: encoder('scratch.slice(0, 4)'), settings: platform },
    { name: 'a buffer that nothing overwrites', code: encoder('scratch.subarray(0, 4)').replace('  scratch.fill(value);\n', ''), settings: platform },
  ],
  invalid: [
    {
      name: 'a part of a buffer of the module',
      code: encoder('scratch.subarray(0, 4)'),
      settings: platform,
      output: encoder('scratch.slice(0, 4)'),
      errors: [
        {
          messageId: 'return',
          data: { buffer: '`scratch` (allocated on line 1)', fate: 'is overwritten on line 3 by `scratch.fill()`' },
          line: 4,
          column: 3,
        },
      ],
    },
  ],
});

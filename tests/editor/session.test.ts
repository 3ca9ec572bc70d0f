import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import type { ParserServicesWithTypeInformation } from '@typescript-eslint/parser';
import { Linter, type Rule } from 'eslint';
import { beforeEach, describe, expect, it } from 'vitest';
import { resetWork, workDone } from '../../rules/engine/work.js';
import borrowck from '../../rules/index.js';
import { settle } from '../support/promises.js';
import { projectWith } from '../support/project.js';

const helper = 'export const frameOf = (buf: Buffer): Buffer => buf.subarray(0, 4);\n';
const user = `import { readSync } from 'node:fs';
import { frameOf } from './helper.js';

export function* frames(fd: number) {
  const buf = Buffer.alloc(4);
  while (readSync(fd, buf) > 0) yield frameOf(buf);
}
`;
/** Files of the project that have nothing to do with the two. */
const bystanders = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [`other${index}.ts`, `export async function size${index}(chunks: AsyncIterable<Buffer>) {\n  let size = 0;\n  for await (const chunk of chunks) size += chunk.length;\n  return size;\n}\n`]),
);

/** Remembers programs, as long as somebody else does. */
const programs: WeakRef<object>[] = [];
const witness: Rule.RuleModule = {
  create: (context) => {
    const { program } = context.sourceCode.parserServices as ParserServicesWithTypeInformation;
    if (programs.at(-1)?.deref() !== program) programs.push(new WeakRef(program));
    return {};
  },
};

/** Lints as a language server does: one process, texts that are not saved, one project service for all. */
function open(files: Readonly<Record<string, string>>): (name: string, text: string) => string[] {
  const project = projectWith(files);
  const linter = new Linter({ configType: 'flat', cwd: project });
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: project } },
    plugins: { borrowck, test: { rules: { witness } } },
    rules: { ...borrowck.configs.recommended.rules, 'test/witness': 'error' as const },
    settings: { borrowck: { runtime: 'never' } },
  };
  return (name, text) => linter.verify(text, config, { filename: join(project, name) }).map(({ message }) => message);
}

beforeEach(() => {
  programs.length = 0;
});

describe('a long editing session', () => {
  it('lists the functions of an edited file again, and of no other', () => {
    const lint = open({ 'helper.ts': helper, 'user.ts': user, ...bystanders });
    expect(lint('helper.ts', helper)).toEqual([]);
    expect(lint('user.ts', user)).toHaveLength(1);
    resetWork();
    expect(lint('user.ts', `${user}\n`)).toHaveLength(1);
    expect(workDone().lowered).toBe(1);
    // The file that uses it is analysed again, but is as it was.
    resetWork();
    expect(lint('helper.ts', helper.replace('buf.subarray(0, 4)', 'Buffer.from(buf)'))).toEqual([]);
    expect(lint('user.ts', `${user}\n`)).toEqual([]);
    expect(workDone().lowered).toBe(1);
  });

  it('keeps no program of an earlier text', async () => {
    const lint = open({ 'helper.ts': helper, 'user.ts': user });
    lint('helper.ts', helper);
    for (let edits = 0; edits < 30; edits++) {
      lint('helper.ts', `${helper}\n// ${edits}\n`);
      expect(lint('user.ts', `${user}\n// ${edits}\n`)).toHaveLength(1);
    }
    expect(programs.length).toBeGreaterThan(30);
    const held = (): number => programs.filter((program) => program.deref() !== undefined).length;
    for (let tries = 0; tries < 20 && held() > 2; tries++) {
      await settle();
      globalThis.gc?.();
    }
    // The one that is in use, and the one that the parser has not yet let go.
    expect(held()).toBeLessThanOrEqual(2);
  });
});

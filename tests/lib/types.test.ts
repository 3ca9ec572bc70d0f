import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../lib/index.ts', import.meta.url));
const self = fileURLToPath(new URL('./sample.ts', import.meta.url));

/** Type-checks a program of one file that imports the package's types, and gives back what the compiler says. */
function errorsOf(body: string): string[] {
  const text = `import { DetachedBufferError, snapshot, type Borrowed, type Lending, type Owned } from ${JSON.stringify(entry)};\n${body}\nexport { DetachedBufferError, snapshot, type Borrowed, type Lending, type Owned };`;
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (file, ...rest) => (file === self ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true) : getSourceFile(file, ...rest));
  host.fileExists = (file) => file === self || fileExists(file);
  const program = ts.createProgram([self], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

test('a snapshot is an owned, exact Uint8Array', () => {
  expect(
    errorsOf(`
      const owned: Owned<Uint8Array<ArrayBuffer>> = snapshot(new DataView(new ArrayBuffer(1)));
      const plain: Uint8Array = owned;
      const memory: ArrayBuffer = owned.buffer;
      snapshot(Buffer.alloc(1)); snapshot(new SharedArrayBuffer(1)); snapshot(new BigInt64Array(1)); snapshot(new ArrayBuffer(1));
      void plain; void memory;
    `),
  ).toEqual([]);
});

test('only a snapshot is owned', () => {
  expect(errorsOf(`const owned: Owned<Uint8Array> = new Uint8Array(1); void owned;`)).toHaveLength(1);
  expect(errorsOf(`export function f(view: Borrowed<Uint8Array>): Owned<Uint8Array> { return view; }`)).toHaveLength(1);
});

test('any value can be lent, an owned one too, and is read as what it is', () => {
  expect(
    errorsOf(`
      const send = (message: Borrowed<Uint8Array>): number => message.length + (message[0] ?? 0);
      send(new Uint8Array(1)); send(Buffer.alloc(1)); send(snapshot(Buffer.alloc(1)));
      const plain = (message: Uint8Array): void => void message;
      const handler: (message: Borrowed<Uint8Array>) => void = plain;
      void handler;
    `),
  ).toEqual([]);
});

test('a generator can be typed to lend, and its consumer to keep a copy', () => {
  expect(
    errorsOf(`
      async function* lend(): Lending<Uint8Array> { yield new Uint8Array(1); }
      export async function keep(): Promise<Owned<Uint8Array>[]> {
        const kept: Owned<Uint8Array>[] = [];
        for await (const view of lend()) kept.push(snapshot(view));
        return kept;
      }
    `),
  ).toEqual([]);
  expect(errorsOf(`export async function keep(lending: Lending<Uint8Array>, out: Owned<Uint8Array>[]) { for await (const view of lending) out.push(view); }`)).toHaveLength(1);
});

test('what is not bytes is refused by the compiler', () => {
  expect(errorsOf(`snapshot([1, 2, 3]);`)).toHaveLength(1);
  expect(errorsOf(`snapshot('text');`)).toHaveLength(1);
});

test('the error is told by its code', () => {
  expect(errorsOf(`const code: 'ERR_DETACHED_BUFFER' = new DetachedBufferError('m', { cause: 1 }).code; void code;`)).toEqual([]);
});

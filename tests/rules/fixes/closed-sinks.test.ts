import { once } from 'node:events';
import { createServer, get, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { gate } from './gate.js';

/** What a fix makes of an export that looks at nothing: run with sinks that are closed while it waits for room. */
type Export = (rows: AsyncIterable<string>, sink?: Writable) => Promise<void>;

const source = `
import type { Writable } from 'node:stream';

export async function save(rows: AsyncIterable<string>, out: Writable): Promise<void> {
  for await (const row of rows) {
    out.write(row);
  }
  out.end();
}
`;

async function fixed(name = 'save.ts', text = source): Promise<{ readonly save: Export; readonly output: string }> {
  const { output } = gate(text, { name, rules: { 'borrowck/no-ignored-backpressure': 'error' } });
  const { outputText } = ts.transpileModule(output, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } });
  return { ...((await import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`)) as { save: Export }), output };
}

/** More than the buffers between two sockets hold. */
const count = 400;

/** Rows of 64 KiB, and how many of them were taken. */
class Rows {
  taken = 0;
  isReleased = false;

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    try {
      for (; this.taken < count; this.taken++) {
        if (this.taken % 10 === 0) await sleep(1);
        yield 'x'.repeat(65_536);
      }
    } finally {
      this.isReleased = true;
    }
  }
}

async function served(handle: (response: ServerResponse) => void): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((_request, response) => {
    handle(response);
  });
  await once(server.listen(0), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

test.each(['while it waits', 'before it begins'])('a client that goes away %s does not keep the handler waiting', async (when) => {
  const { save } = await fixed();
  const rows = new Rows();
  let handled: Promise<void> | undefined;
  let takenWhileStuck = 0;
  const { server, port } = await served((response) => {
    handled = (async () => {
      if (when === 'before it begins') await once(response, 'close');
      await save(rows, response);
    })();
  });
  const request = get({ port }, (response) => response.pause()).on('error', () => undefined);
  await sleep(when === 'before it begins' ? 50 : 300);
  takenWhileStuck = rows.taken;
  request.destroy();
  await sleep(50);
  expect(await Promise.race([handled?.then(() => 'done'), sleep(5000, 'hangs')])).toBe('done');
  expect(rows.isReleased).toBe(true);
  if (when === 'while it waits') expect(takenWhileStuck, 'it has waited').toBeLessThan(count);
  server.close();
});

test('every row arrives where the client reads slowly', async () => {
  const { save } = await fixed();
  const rows = new Rows();
  const { server, port } = await served((response) => void save(rows, response));
  const [response] = (await once(get({ port }), 'response')) as [AsyncIterable<Buffer>];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    await turn();
  }
  expect(size).toBe(count * 65_536);
  server.close();
});

test('nobody listens any more to a stream that was waited for many times', async () => {
  const { save } = await fixed();
  const sink = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => setImmediate(done) });
  await save(new Rows(), sink);
  expect([sink.listenerCount('drain'), sink.listenerCount('close'), sink.listenerCount('error')]).toEqual([0, 0, 0]);
});

test('an error of the stream stays what it was: nobody else listens for it', async () => {
  const { save } = await fixed();
  const sink = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => setImmediate(done, new Error('no space')) });
  const errors: Error[] = [];
  sink.on('error', (error) => errors.push(error));
  await save(new Rows(), sink);
  expect(errors.map(({ message }) => message)).toContain('no space');
});

test('two sinks of a file share one helper', async () => {
  const { output } = await fixed('two.ts', source.replace('out: Writable', 'out: Writable, log: Writable').replace('out.write(row);', 'out.write(row);\n    log.write(row);'));
  expect(output.match(/function drained/g)).toHaveLength(1);
  expect(output).toContain('await drained(out)');
  expect(output).toContain('await drained(log)');
});

test('a file that the function writes by itself needs none: it drains, or fails', async () => {
  const { output } = await fixed('file.ts', "import { createWriteStream } from 'node:fs';\n" + source.replace(/import type.*\n/, '').replace('out: Writable', 'path: string').replace('  for await', '  const out = createWriteStream(path);\n  for await'));
  expect(output).toContain("await once(out, 'drain')");
  const { output: heard } = await fixed('heard.ts', "import { createWriteStream } from 'node:fs';\n" + source.replace(/import type.*\n/, '').replace('out: Writable', 'path: string').replace('  for await', "  const out = createWriteStream(path);\n  out.on('error', console.error);\n  for await"));
  expect(heard).toContain('await drained(out)');
});

test('a sink that may be missing is not waited for where it is', async () => {
  const { output, save } = await fixed('optional.ts', source.replace('out: Writable', 'out?: Writable').replaceAll('out.', 'out?.'));
  expect(output).toContain('if (out?.write(row) === false) await drained(out);');
  await save(new Rows());
});

test('plain JavaScript says in a comment what the helper takes', async () => {
  const { output } = await fixed('save.mjs', source.replace("import type { Writable } from 'node:stream';", '// @ts-check').replace(': AsyncIterable<string>', '').replace(': Writable', '').replace(': Promise<void>', '').replace('export async', "/** @param {AsyncIterable<string>} rows @param {import('node:stream').Writable} out */\nexport async"));
  expect(output).toContain('@param {NodeJS.EventEmitter & { destroyed?: boolean }} stream');
  expect(output).not.toContain(': void');
});

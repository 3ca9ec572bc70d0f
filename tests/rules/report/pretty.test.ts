import { describe, expect, it } from 'vitest';
import { render } from '../../../rules/report/index.js';
import { ACROSS_FILES, CWD, READER, at, inputOf, resultOf } from './samples.js';
import type { Sample } from './samples.js';

function pretty(samples: readonly Sample[], more: Parameters<typeof inputOf>[1] = {}): string {
  return render('pretty', inputOf(samples, more));
}

/** A sample in one file with marked places. */
function inFile(source: string, places: { region: string; escape: string; invalidation: string }, more: Partial<Sample> = {}): Sample {
  const file = `${CWD}/a.js`;
  return {
    file,
    sources: { [file]: source },
    region: at(file, source, places.region),
    escape: at(file, source, places.escape),
    invalidation: at(file, source, places.invalidation),
    ...more,
  };
}

describe('frames', () => {
  it('draws allocation, overwrite and escape of one file in the order of lines, with gaps', () => {
    expect(pretty([READER])).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
        --> src/read.ts:10:5
         |
       5 |   const buf = Buffer.alloc(65536);
         |               ------------------- \`buf\` is allocated here
      ...
       8 |     const { bytesRead } = await fh.read(buf);
         |                                 ------------ overwritten here by \`fh.read()\`
       9 |     if (bytesRead === 0) return;
      10 |     yield buf.subarray(0, bytesRead);
         |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a view of it leaves here
         |
         = help: \`--fix\` rewrites it to: \`yield Buffer.from(buf.subarray(0, bytesRead));\`

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('gives each other file a section of its own', () => {
    expect(pretty([ACROSS_FILES])).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`pool\` that is overwritten. Yield an owned copy instead.
       --> src/user.ts:3:14
        |
      3 |   for (;;) { yield take(16); refill(); }
        |              ^^^^^^^^^^^^^^  -------- this call overwrites it
        |              |
        |              which is handed out here
       ::: src/pool.ts:1:14
        |
      1 | const pool = Buffer.alloc(1024);
        |              ------------------ \`pool\` is allocated here, once
      2 | export function take(n) {
      3 |   return pool.subarray(0, n);
        |          ------------------- this is a view of it
      ...
      6 |   pool.fill(0);
        |   ------------ by \`pool.fill()\`
        |
        = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`pool\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('hangs labels below each other where spans share a line', () => {
    const source = 'socket.on("x", () => { const b = pool; fs.readSync(fd, b); onChunk(b.slice(0, 16)); });\n';
    expect(pretty([inFile(source, { region: 'pool', escape: 'onChunk(b.slice(0, 16))', invalidation: 'fs.readSync(fd, b)' })])).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
       --> a.js:1:60
        |
      1 | socket.on("x", () => { const b = pool; fs.readSync(fd, b); onChunk(b.slice(0, 16)); });
        |                                  ----  ------------------  ^^^^^^^^^^^^^^^^^^^^^^^ a view of it leaves here
        |                                  |     |
        |                                  |     overwritten here by \`fill()\`
        |                                  \`buf\` is allocated here
        |
        = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`buf\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('paints an inner span over the outer one', () => {
    const source = 'const buf = new Uint8Array(8);\nfor (;;) yield fill(buf).subarray(1);\n';
    expect(pretty([inFile(source, { region: 'new Uint8Array(8)', escape: 'yield fill(buf).subarray(1)', invalidation: 'fill(buf)' })])).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
       --> a.js:2:10
        |
      1 | const buf = new Uint8Array(8);
        |             ----------------- \`buf\` is allocated here
      2 | for (;;) yield fill(buf).subarray(1);
        |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |          |     |
        |          |     overwritten here by \`fill()\`
        |          a view of it leaves here
        |
        = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`buf\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('keeps marks under their text behind tabs, wide characters, emoji and combining marks', () => {
    const source = '\tconst s = "日本語", t = "👍🏽", u = "e\u0301", buf = Buffer.alloc(8);\n\tyield buf;\n\tbuf.fill(s);\n';
    expect(pretty([inFile(source, { region: 'Buffer.alloc(8)', escape: 'yield buf', invalidation: 'buf.fill(s)' })])).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
       --> a.js:2:2
        |
      1 |     const s = "日本語", t = "👍🏽", u = "é", buf = Buffer.alloc(8);
        |                                                  --------------- \`buf\` is allocated here
      2 |     yield buf;
        |     ^^^^^^^^^ a view of it leaves here
      3 |     buf.fill(s);
        |     ----------- overwritten here by \`fill()\`
        |
        = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`buf\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('marks what goes on over several lines to the end of its first', () => {
    const source = 'const buf = Buffer.alloc(\n  8,\n);\nyield buf.subarray(\n  1,\n);\nbuf.fill(1);\n';
    expect(pretty([inFile(source, { region: 'Buffer.alloc(\n  8,\n)', escape: 'yield buf.subarray(\n  1,\n)', invalidation: 'buf.fill(1)' })])).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
       --> a.js:4:1
        |
      1 | const buf = Buffer.alloc(
        |             ------------- \`buf\` is allocated here
      ...
      4 | yield buf.subarray(
        | ^^^^^^^^^^^^^^^^^^^ a view of it leaves here
      ...
      7 | buf.fill(1);
        | ----------- overwritten here by \`fill()\`
        |
        = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`buf\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('cuts lines that are too wide to what is marked', () => {
    const padding = 'x();'.repeat(100);
    const source = `const buf=Buffer.alloc(8);${padding}yield buf;${padding}\nbuf.fill(1);\n`;
    const drawn = pretty([inFile(source, { region: 'Buffer.alloc(8)', escape: 'yield buf', invalidation: 'buf.fill(1)' })], { width: 60 });
    expect(drawn).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
       --> a.js:1:427
        |
      1 | const buf=Buffer.alloc(8);x();x();x();x();x();x();x();x…
        |           --------------- \`buf\` is allocated here
      1 | …);x();x();x();yield buf;x();x();x();x();x();x();x();x()…
        |                ^^^^^^^^^ a view of it leaves here
      2 | buf.fill(1);
        | ----------- overwritten here by \`fill()\`
        |
        = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`buf\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
    const cut = pretty([inFile(`${padding}yield buf;${padding}\nconst buf = 1;\nbuf.fill(1);\n`, { region: 'const buf = 1', escape: 'yield buf', invalidation: 'buf.fill(1)' })], { width: 60 });
    expect(cut).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
       --> a.js:1:401
        |
      1 | …);x();x();x();yield buf;x();x();x();x();x();x();x();x()…
        |                ^^^^^^^^^ a view of it leaves here
      2 | const buf = 1;
        | ------------- \`buf\` is allocated here
      3 | buf.fill(1);
        | ----------- overwritten here by \`fill()\`
        |
        = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`buf\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('draws control characters as something that a terminal does not obey', () => {
    const source = 'yield "\u001b[2J", buf; buf.fill(1); const buf = 1;\n';
    const drawn = pretty([inFile(source, { region: 'const buf = 1', escape: 'buf', invalidation: 'buf.fill(1)' })]);
    expect(drawn).not.toContain('\u001b');
    expect(drawn).toContain('\uFFFD[2J');
  });

  it('aligns gutters to the widest line number', () => {
    const source = `const buf = Buffer.alloc(8);\n${'\n'.repeat(120)}yield buf;\nbuf.fill(1);\n`;
    expect(pretty([inFile(source, { region: 'Buffer.alloc(8)', escape: 'yield buf', invalidation: 'buf.fill(1)' })])).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
         --> a.js:122:1
          |
        1 | const buf = Buffer.alloc(8);
          |             --------------- \`buf\` is allocated here
      ...
      122 | yield buf;
          | ^^^^^^^^^ a view of it leaves here
      123 | buf.fill(1);
          | ----------- overwritten here by \`fill()\`
          |
          = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`buf\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('understands every line break', () => {
    const source = 'const buf = Buffer.alloc(8);\r\nyield buf;\rbuf.fill(1);\u2028end();';
    expect(pretty([inFile(source, { region: 'Buffer.alloc(8)', escape: 'yield buf', invalidation: 'buf.fill(1)' })])).toMatchInlineSnapshot(`
      "error[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`buf\` that is overwritten. Yield an owned copy instead.
       --> a.js:2:1
        |
      1 | const buf = Buffer.alloc(8);
        |             --------------- \`buf\` is allocated here
      2 | yield buf;
        | ^^^^^^^^^ a view of it leaves here
      3 | buf.fill(1);
        | ----------- overwritten here by \`fill()\`
        |
        = help: hand out a copy (\`Buffer.from(view)\`), or allocate \`buf\` afresh before it is written again

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('says warning for what is only potential, and lent for what is lent', () => {
    const source = 'const view = db.get(k);\nyield view;\ndb.get(k2);\n';
    expect(pretty([inFile(source, { region: 'db.get(k)', escape: 'yield view', invalidation: 'db.get(k2)' }, { certainty: 'potential', isLent: true, name: 'view', how: 'next call' })])).toMatchInlineSnapshot(`
      "warning[borrowck/no-borrowed-yield]: This \`yield\` hands out a view of \`view\` that is overwritten. Yield an owned copy instead.
       --> a.js:2:1
        |
      1 | const view = db.get(k);
        |              --------- \`view\` is lent here
      2 | yield view;
        | ^^^^^^^^^^ a view of it leaves here
      3 | db.get(k2);
        | ---------- reused here by \`fill()\`
        |
        = help: copy the bytes while they are valid (\`Buffer.from(view)\`)

      1 warning in 1 file (1 file checked)
      "
    `);
  });
});

describe('help', () => {
  it('lists suggestions after the fix', () => {
    const suggestions = [{ desc: 'send the bytes through a channel', fix: { range: [0, 0] as [number, number], text: '' } }];
    const drawn = pretty([{ ...READER, suggestions }]);
    expect(drawn).toContain('= help: `--fix` rewrites it to: `yield Buffer.from(buf.subarray(0, bytesRead));`\n');
    expect(drawn).toContain('= help: or: send the bytes through a channel\n');
  });

  it('shows each line that a fix changes, an import too', () => {
    const source = READER.sources[READER.file] ?? '';
    const { start, end } = READER.escape;
    const text = `import { snapshot } from 'borrowck-runtime';\n${source.slice(0, start)}yield snapshot(buf)${source.slice(end)}`;
    expect(pretty([{ ...READER, fix: { range: [0, source.length], text } }])).toContain(
      "= help: `--fix` rewrites it to: `import { snapshot } from 'borrowck-runtime';` and `yield snapshot(buf);`\n",
    );
  });

  it('does not list the lines of a large rewrite', () => {
    const drawn = pretty([{ ...READER, fix: { range: [0, 0], text: 'a();\nb();\nc();\nd();\n' } }]);
    expect(drawn).toContain('= help: `--fix` rewrites it\n');
  });

  it('tells what to do where there is neither', () => {
    const { fix, ...withoutFix } = READER;
    expect(fix).toBeDefined();
    expect(pretty([withoutFix])).toContain('= help: hand out a copy (`Buffer.from(view)`), or allocate `buf` afresh before it is written again\n');
  });
});

describe('other messages', () => {
  it('shows where a file cannot be parsed', () => {
    const file = `${CWD}/broken.js`;
    const source = 'let x = ;\n';
    const message = { ruleId: null, fatal: true as const, severity: 2 as const, message: 'Parsing error: Expression expected.', line: 1, column: 9 };
    expect(pretty([], { results: [resultOf(file, source, [message])], sourceOf: () => source })).toMatchInlineSnapshot(`
      "error[syntax]: Expression expected.
       --> broken.js:1:9
        |
      1 | let x = ;
        |         ^

      1 error in 1 file (1 file checked)
      "
    `);
  });

  it('copes with a place beyond the text, when the file changed meanwhile', () => {
    const message = { ruleId: 'borrowck/x', severity: 2 as const, message: 'Gone.', line: 40, column: 9, endLine: 41, endColumn: 2 };
    expect(pretty([], { results: [resultOf('/elsewhere/a.js', '', [message])], sourceOf: () => 'a' })).toContain('--> /elsewhere/a.js:40:9\n');
  });
});

describe('colours and the last line', () => {
  it('colours only when asked', () => {
    expect(pretty([READER])).not.toContain('\u001b');
    const colored = pretty([READER], { isColored: true });
    expect(colored).toContain('\u001b[1m\u001b[31merror[borrowck/no-borrowed-yield]');
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(pretty([READER]));
  });

  it('counts errors, warnings, files and rewritten files', () => {
    const clean = { ...resultOf(`${CWD}/c.js`, '', []), output: 'x' };
    const both = inputOf([READER, { ...ACROSS_FILES, certainty: 'potential' }]);
    const report = render('pretty', { ...both, results: [...both.results, clean] });
    expect(report.split('\n').at(-2)).toBe('1 error and 1 warning in 2 files (3 files checked, 1 file rewritten)');
  });

  it('says clean', () => {
    expect(pretty([], { results: [resultOf(`${CWD}/c.js`, '', [])] })).toBe('clean: 1 file checked\n');
  });
});

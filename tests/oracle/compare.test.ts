import { describe, expect, it } from 'vitest';
import type { Answer, Opinion } from './analyse.js';
import { Case } from './compare.js';

const text = `import { byte, c } from './opaque.js';
export function* read() {
  const buf = Buffer.alloc(8);
  while (c(1)) {
    buf.fill(byte());
    yield buf.subarray(0, 4);
    yield Buffer.from(buf);
  }
}
`;

function opinion(...answers: [place: string, certainty: Answer['certainty']][]): Opinion {
  return { answers: answers.map(([place, certainty]) => ({ place, certainty, kind: 'borrowed-yield', by: 'main:5' })), crash: undefined };
}

async function judge(given: Opinion, isBranchExact = true) {
  const tested = await Case.of([{ name: 'main.ts', text }]);
  return tested.judge(given, isBranchExact);
}

describe('an opinion held against the truth', () => {
  it('is right when it is certain of just what is corrupted', async () => {
    const verdict = await judge(opinion(['main:6', 'certain']));
    expect(verdict).toMatchObject({ corrupted: ['main:6'], missed: [], falseAlarms: [], potentialOnly: [] });
  });

  it('misses what it does not name', async () => {
    expect((await judge(opinion())).missed).toEqual(['main:6']);
    expect((await judge(opinion(['main:7', 'potential']))).missed).toEqual(['main:6']);
  });

  it('is no miss but counted when it is only potential', async () => {
    expect(await judge(opinion(['main:6', 'potential']))).toMatchObject({ missed: [], potentialOnly: ['main:6'] });
  });

  it('is a false alarm when certain of what no path corrupts', async () => {
    const given = opinion(['main:6', 'certain'], ['main:7', 'certain']);
    expect((await judge(given)).falseAlarms.map(({ place }) => place)).toEqual(['main:7']);
    expect((await judge(given, false)).falseAlarms).toEqual([]);
    expect((await judge(opinion(['main:6', 'certain'], ['main:7', 'potential']))).falseAlarms).toEqual([]);
  });

  it('counts neither way when the engine crashed', async () => {
    expect(await judge({ answers: [], crash: 'TypeError' })).toMatchObject({ missed: [], crash: 'TypeError' });
  });

  it('is right at a call that leads to the hand-over', async () => {
    const tested = await Case.of([
      {
        name: 'main.js',
        text: `const { byte } = require('./opaque.js');
function read(out) {
  const buf = Buffer.alloc(8);
  pass(out, buf);
  buf.fill(byte());
}
function pass(to, b) {
  to.push(b);
}
module.exports = { read };
`,
      },
    ]);
    for (const place of ['main:4', 'main:8']) {
      expect(await tested.judge(opinion([place, 'certain']), true)).toMatchObject({ missed: [], falseAlarms: [] });
    }
  });

  it('looks longer before it calls something a false alarm', async () => {
    const turns = Array.from({ length: 9 }, (_, index) => `  if (!c(${String(index)})) return;`).join('\n');
    const tested = await Case.of([
      {
        name: 'main.ts',
        text: `import { byte, c } from './opaque.js';\nexport function* read() {\n  const buf = Buffer.alloc(8);\n  yield buf;\n${turns}\n  buf.fill(byte());\n}\n`,
      },
    ]);
    expect(tested.truth.corrupted.size).toBe(0);
    expect((await tested.judge(opinion(['main:4', 'certain']), true)).falseAlarms).toEqual([]);
  });
});

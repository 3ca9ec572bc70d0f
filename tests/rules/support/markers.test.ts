import { describe, expect, test } from 'vitest';
import { describeBoth } from './compare.js';
import { readMarkers } from './markers.js';

const text = `const buf = Buffer.alloc(64); //@alloc
function* read(fd) {
  readSync(fd, buf); //@refill
  readSync(fd, buf); //@refill
  yield buf;
//~~~~~~~~~ [yield] buf @alloc, readSync() @refill
}
`;
const source = { file: '/fixtures/read.js', text };
const message = (line: number, overwritten: number, endColumn = 12) => ({
  ruleId: 'borrowck/no-borrowed-yield',
  severity: 2 as const,
  messageId: 'yield',
  message: `This \`yield\` hands out a view of \`buf\` (allocated on line 1) that is overwritten on line ${overwritten} by \`readSync()\`. Yield an owned copy instead.`,
  line,
  column: 3,
  endLine: line,
  endColumn,
});

describe('a marker', () => {
  test('stands for a finding on the line above it, at the columns of its tildes', () => {
    expect(readMarkers([source])).toMatchObject([{ line: 5, column: 3, endColumn: 12, messageId: 'yield', isPotential: false }]);
  });

  test('may name places of another file of the fixture', () => {
    const other = { file: '/fixtures/pool.js', text: '\nexport const pool = Buffer.alloc(64); //@pool\n' };
    const user = { file: '/fixtures/user.js', text: '  yield pool;\n//~~~~~~~~~~ potential [yield] pool @pool\n' };
    expect(readMarkers([user, other])).toMatchObject([{ isPotential: true, memory: { text: 'pool', places: [{ file: other.file, line: 2 }] } }]);
  });

  test('must name a place that exists', () => {
    expect(() => readMarkers([{ file: 'a.js', text: '  yield buf;\n//~~~~~~~~~ [yield] buf @nowhere\n' }])).toThrow('no line is tagged //@nowhere');
  });
});

describe('the comparison', () => {
  const markers = readMarkers([source]);
  const compare = (...messages: ReturnType<typeof message>[]) => describeBoth(markers, messages, source);

  test('is equal where the finding is as marked, at either of two places of one name', () => {
    for (const line of [3, 4]) {
      const { expected, actual } = compare(message(5, line));
      expect(actual).toEqual(expected);
      expect(actual).toEqual([`5:3-12 [yield] yield buf | buf @ 1 | readSync() @ ${line}`]);
    }
  });

  test.each([
    ['a missing finding', []],
    ['a surplus finding', [message(5, 3), message(4, 3)]],
    ['a wrong line', [message(4, 3)]],
    ['a wrong end', [message(5, 3, 13)]],
    ['a wrong place of the overwrite', [message(5, 1)]],
    ['a wrong message', [{ ...message(5, 3), messageId: 'push' }]],
    ['a wrong name', [{ ...message(5, 3), message: message(5, 3).message.replace('`buf`', '`buffer`') }]],
  ])('differs for %s', (_, messages) => {
    const { expected, actual } = compare(...messages);
    expect(actual).not.toEqual(expected);
  });
});

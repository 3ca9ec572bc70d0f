import { describe, expect, it } from 'vitest';
import { differences, parseRecord, printRecord } from './record.js';
import type { RecordedFinding } from './record.js';

const push: RecordedFinding = {
  file: 'lib/reader.js',
  line: 12,
  column: 5,
  rule: 'no-borrowed-yield',
  certainty: 'certain',
  how: 'push',
  code: 'this.push(\n  this.buf.subarray(0, n),\n)',
  region: 'this.buf',
  from: 'allocated lib/reader.js:3',
  fate: 'overwrite lib/reader.js:9 by `fs.readSync()`',
};
const potential: RecordedFinding = { ...push, certainty: 'potential', how: 'return', rule: 'no-borrowed-return', line: 20, code: 'return this.buf;' };

const pushLine = 'lib/reader.js:12:5 no-borrowed-yield certain push this.buf <- allocated lib/reader.js:3, overwrite lib/reader.js:9 by `fs.readSync()` | this.push( this.buf.subarray(0, n), )';

function judged(text: string): string {
  return text.replaceAll('  to be judged', '  true: a late consumer sees the next chunk');
}

describe('a record', () => {
  it('has a line for each finding, and asks for a verdict on the certain ones', () => {
    expect(printRecord('reader@1.0.0', [push, potential], undefined).split('\n')).toEqual([
      '# reader@1.0.0',
      pushLine,
      '  to be judged',
      'lib/reader.js:20:5 no-borrowed-return potential return this.buf <- allocated lib/reader.js:3, overwrite lib/reader.js:9 by `fs.readSync()` | return this.buf;',
      '',
    ]);
  });

  it('is in the order of the source, whatever the order of the findings', () => {
    const other = { ...push, file: 'lib/a.js', line: 100 };
    expect(printRecord('x@1.0.0', [potential, other, push], undefined)).toBe(printRecord('x@1.0.0', [push, potential, other], undefined));
    expect(printRecord('x@1.0.0', [push, other], undefined).split('\n')[1]).toMatch(/^lib\/a\.js:100/);
  });

  it('cuts long code', () => {
    const long = { ...push, code: `f(${'x'.repeat(500)})` };
    expect(printRecord('x@1.0.0', [long], undefined).split('\n')[1]?.length).toBeLessThan(300);
  });

  it('is read back as it was written', () => {
    const text = judged(printRecord('reader@1.0.0', [push, potential], undefined));
    const record = parseRecord(text);
    expect(record.title).toBe('reader@1.0.0');
    expect(record.entries.map(({ isCertain, verdict }) => ({ isCertain, verdict }))).toEqual([
      { isCertain: true, verdict: { word: 'true', reason: 'a late consumer sees the next chunk' } },
      { isCertain: false, verdict: undefined },
    ]);
    expect(printRecord('reader@1.0.0', [push, potential], record)).toBe(text);
  });

  it('counts a finding without a verdict as open', () => {
    expect(parseRecord(printRecord('x@1.0.0', [push], undefined)).entries[0]?.verdict).toBeUndefined();
  });

  it('tells certain findings by their own word, not by the code', () => {
    expect(parseRecord(printRecord('x@1.0.0', [{ ...potential, code: 'return  certain  <- x' }], undefined)).entries[0]?.isCertain).toBe(false);
  });

  it.each(['  maybe: who knows', '  true: ', '  true'])('refuses %j as a verdict', (line) => {
    expect(() => parseRecord(`# x@1.0.0\n${pushLine}\n${line}\n`)).toThrow('A verdict is');
  });
});

describe('a verdict', () => {
  const before = parseRecord(judged(printRecord('x@1.0.0', [push], undefined)));

  it('stays with its finding when lines move and the engine says more', () => {
    const moved = { ...push, line: 40, fate: 'overwrite lib/reader.js:37 by `this.fill()`' };
    expect(printRecord('x@1.0.1', [moved], before)).toContain('\n  true: a late consumer sees the next chunk\n');
  });

  it('does not go to another finding', () => {
    const other = { ...push, code: 'this.push(this.other)' };
    expect(printRecord('x@1.0.0', [other], before)).toContain('\n  to be judged\n');
  });

  it('does not go to a second finding of the same code', () => {
    const text = printRecord('x@1.0.0', [push, { ...push, line: 50 }], before);
    expect(text.match(/ {2}(?:true|to be judged)/g)).toEqual(['  true', '  to be judged']);
  });

  it('stays when a finding is no longer certain', () => {
    expect(printRecord('x@1.0.0', [{ ...push, certainty: 'potential' }], before)).toContain('  true: ');
  });
});

describe('differences', () => {
  it('are none between equal texts', () => {
    expect(differences('a\nb\n', 'a\nb\n')).toEqual([]);
  });

  it('are the lines that went and came, in order', () => {
    expect(differences('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual(['- b', '+ x', '+ d']);
  });

  it('show a line that moved once on each side', () => {
    expect(differences('a\nb\n', 'b\na\n')).toEqual(['- a', '+ a']);
  });

  it('of nothing and a text are all its lines', () => {
    expect(differences('', 'a\n')).toContain('+ a');
  });
});

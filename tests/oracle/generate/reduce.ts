import type { Raw, RawEntry, RawProgram } from './raw.js';
import { rawProgram } from './raw.js';

/** All lists that come from one by dropping an element, by putting its nested statements in its place, or by reducing one element. */
function* reduceList(raws: readonly Raw[]): Generator<Raw[]> {
  if (raws.length > 1) yield [];
  for (const [index, raw] of raws.entries()) {
    const before = raws.slice(0, index);
    const after = raws.slice(index + 1);
    yield [...before, ...after];
    if (raw.kids.length > 0) yield [...before, ...raw.kids, ...after];
    if (raw.more.length > 0) yield [...before, ...raw.more, ...after];
    for (const kids of reduceList(raw.kids)) yield [...before, { ...raw, kids }, ...after];
    for (const more of reduceList(raw.more)) yield [...before, { ...raw, more }, ...after];
  }
}

function* reduceEntry(entry: RawEntry): Generator<RawEntry> {
  for (const body of reduceList(entry.body)) yield { ...entry, body };
  for (const second of reduceList(entry.second)) yield { ...entry, second };
  for (const third of reduceList(entry.third)) yield { ...entry, third };
}

/**
 * Smaller programs to try instead of one: first without some of its statements, then with simpler ones, as fast-check shrinks numbers.
 * @param program what fails
 * @returns the candidates, the ones without statements first
 */
export function* reductionsOf(program: RawProgram): Generator<RawProgram> {
  for (const index of program.entries.keys()) {
    if (program.entries.length > 1) yield { ...program, entries: program.entries.filter((_, other) => other !== index) };
  }
  for (const top of reduceList(program.top)) yield { ...program, top };
  for (const [index, entry] of program.entries.entries()) {
    for (const reduced of reduceEntry(entry)) yield { ...program, entries: program.entries.with(index, reduced) };
  }
  let count = 0;
  for (const { value_: value } of rawProgram.shrink(program, undefined)) {
    if (++count > 600) return;
    yield value;
  }
}

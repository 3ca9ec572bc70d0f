import { describe, expect, it } from 'vitest';
import { Case } from '../compare.js';
import { programAt } from '../run.js';
import type { Construct } from './constructs.js';
import { constructs } from './constructs.js';

const seeds = [21, 22, 23];
const programsPerSeed = 400;

/** What a program must hold that says it holds a construct: a name that nothing stands behind would be counted all the same. */
const texts: Partial<Record<Construct, RegExp>> = {
  'spawned work': /async function later(?:Buffer|Uint8Array)\(/,
  'spawned closure': /void \(async \(\) => \{ await slow\(\d*\); look\(/,
  timer: /set(?:Timeout|Immediate)\(\(\) => \{ look\(/,
  microtask: /queueMicrotask\(\(\) => \{ look\(/,
  then: /slow\(\d*\)\.then\(\(\) => \{ look\(/,
  'write in flight': /file\.write\(/,
  'sink not awaited': /void /,
  'sink awaited later': /await done\d/,
  'Promise.all': /await Promise\.all(?:Settled)?\(all\d/,
  'promises awaited one by one': /for \(const one of all\d+\) await one;/,
  structuredClone: /structuredClone\(.*\{ transfer: \[/,
  postMessage: /port\.postMessage\(view\d+, \[view\d+\.buffer/,
  'buffer.transfer()': /\.buffer as ArrayBuffer\)\.transfer\(\)/,
  'helper that moves': /moveAwayUint8Array\(view\d+\)/,
  'wasm growth': /memory\d+\.grow\(1\)/,
  resize: /ab\d+\.resize\(\d+\)/,
  'view derived anew': /view\d+ = new Uint8Array\(/,
  'helper in second file': /from '\.\/helpers\.js'/,
};

describe.each(seeds)('the programs of seed %i', (seed) => {
  const programs = Array.from({ length: programsPerSeed }, (_, index) => programAt(seed, index));
  const textOf = (index: number): string => programs[index]?.print('ts').map(({ text }) => text).join('\n') ?? '';

  it('hold every construct', () => {
    const missing = constructs.filter((name) => !programs.some((program) => program.constructs.has(name)));
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(texts) as [Construct, RegExp][])('write what they call "%s"', (name, text) => {
    const holding = programs.flatMap((program, index) => (program.constructs.has(name) ? [index] : []));
    expect(holding.length).toBeGreaterThanOrEqual(3);
    expect(holding.filter((index) => !text.test(textOf(index)))).toEqual([]);
  });
});

describe('the harm that executed programs come to', () => {
  it('comes in each of the ways that work and moves have', async () => {
    const ways: Readonly<Record<string, RegExp>> = {
      'a spawned call': /^void (?:later|passLater)/,
      'a spawned closure': /^void \(async/,
      'a timer': /^set(?:Timeout|Immediate)\(/,
      'a handler': /slow\(\d*\)\.then\(/,
      'a write in flight': /file\.write\(/,
      'a use': /^(?:look\(|view\d+(?:\.fill|\[)|out\.push\(view\d+\.slice)/,
      'a second move': /^(?:structuredClone\(|port\.postMessage\(|view\d+\.buffer\.transfer)/,
    };
    const seen = new Set<string>();
    for (let index = 0; index < 250 && seen.size < Object.keys(ways).length; index++) {
      const { files, truth } = await Case.of(programAt(24, index).print('cjs'));
      for (const { place } of [...truth.corrupted.values(), ...truth.gone.values()]) {
        const [name = '', line = ''] = place.split(':');
        const statement = files.find((file) => file.name === name)?.text.split('\n')[Number(line) - 1]?.trim() ?? '';
        for (const [way, form] of Object.entries(ways)) if (form.test(statement)) seen.add(way);
      }
    }
    expect([...seen].sort()).toEqual(Object.keys(ways).sort());
  }, 60_000);
});

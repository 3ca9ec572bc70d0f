import { describe, expect, test } from 'vitest';
import { lint, typed, type GateOptions } from './gate.js';
import { typeErrorsOf } from './program.js';

/** The bounds that editors offer for queues of packages and of the platform. */

interface Case {
  readonly rule: 'no-unbounded-channel' | 'no-unbounded-spawn';
  readonly imports: string;
  readonly before: string;
  readonly after: string;
}

const cases: readonly Case[] = [
  { rule: 'no-unbounded-channel', imports: "import { ReplaySubject } from 'rxjs';", before: 'new ReplaySubject<string>()', after: 'new ReplaySubject<string>(100)' },
  { rule: 'no-unbounded-channel', imports: "import { ReplaySubject } from 'rxjs';", before: 'new ReplaySubject<string>(Infinity, 500)', after: 'new ReplaySubject<string>(100, 500)' },
  { rule: 'no-unbounded-channel', imports: "import { shareReplay } from 'rxjs';", before: 'shareReplay({ refCount: true })', after: 'shareReplay({ bufferSize: 1, refCount: true })' },
  { rule: 'no-unbounded-channel', imports: "import { Piscina } from 'piscina';", before: "new Piscina({ filename: 'worker.js' })", after: "new Piscina({ maxQueue: 'auto', filename: 'worker.js' })" },
  { rule: 'no-unbounded-channel', imports: "import Bottleneck from 'bottleneck';", before: 'new Bottleneck({})', after: 'new Bottleneck({ highWater: 1000 })' },
  { rule: 'no-unbounded-channel', imports: "import { EventEmitter, on } from 'node:events';", before: "on(new EventEmitter(), 'tick')", after: "on(new EventEmitter(), 'tick', { highWaterMark: 1024 })" },
  {
    rule: 'no-unbounded-spawn',
    imports: "import pMap from 'p-map';\ndeclare const urls: () => Promise<string[]>;",
    before: '((list: string[]) => pMap(list, async (url) => (await fetch(url)).status,))',
    after: '((list: string[]) => pMap(list, async (url) => (await fetch(url)).status,{ concurrency: 8 }))',
  },
];

describe('a bound is offered, not applied', () => {
  test.each(cases)('$before', ({ rule, imports, before, after }) => {
    const whole = (expression: string): string => `${imports}\nexport const made = ${expression};\n`;
    const options = { rules: { [`borrowck/${rule}`]: ['error', { report: 'potential' }] } } satisfies Pick<GateOptions, 'rules'>;
    const [message, ...more] = lint(typed(whole(before), {}), options);
    expect(more).toEqual([]);
    expect(message?.fix).toBeUndefined();
    const [suggestion] = message?.suggestions ?? [];
    if (suggestion === undefined) throw new Error(`nothing was offered for ${message?.message ?? 'no message'}`);
    const { range, text } = suggestion.fix;
    const fixed = whole(before).slice(0, range[0]) + text + whole(before).slice(range[1]);
    expect(fixed).toBe(whole(after));
    const rewritten = typed(fixed, {});
    expect(typeErrorsOf(rewritten.program, rewritten.file)).toEqual([]);
    expect(lint(rewritten, options)).toEqual([]);
  });

  test('not where other arguments would have to be made up', () => {
    const [message] = lint(typed("import { on, type EventEmitter } from 'node:events';\nexport const made = (emitter: EventEmitter, given: [string]) => on(emitter, ...given);\n", {}), {
      rules: { 'borrowck/no-unbounded-channel': ['error', { report: 'potential' }] },
    });
    expect(message).toBeUndefined();
  });
});

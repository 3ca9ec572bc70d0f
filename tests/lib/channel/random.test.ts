import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channel, type Receiver, type Sender } from '../../../lib/index.js';
import { ChannelModel, isSame } from './model.js';
import { RealChannel, operations, settled, type Operation, type OperationName } from './operations.js';

const names = Object.keys(operations) as OperationName[];

/** An operation on both sides, for fast-check: invalid ones are left out, and a failing history is shrunk. */
class Command implements fc.AsyncCommand<ChannelModel, RealChannel> {
  readonly name: OperationName;

  constructor(name: OperationName) {
    this.name = name;
  }

  get operation(): Operation {
    return operations[this.name];
  }

  check(model: Readonly<ChannelModel>): boolean {
    return this.operation.isValid(model as ChannelModel);
  }

  async run(model: ChannelModel, real: RealChannel): Promise<void> {
    const id = model.outcomes.length;
    const aborted = this.operation.aborts?.(model);
    if (aborted !== undefined) real.willAbort(id, aborted);
    this.operation.model(model, id);
    real.apply(this.name, id);
    await settled(real.doRest);
    if (!isSame(real.observe(), model.observe())) throw new Error(`channel ${JSON.stringify(real.observe())}\nmodel   ${JSON.stringify(model.observe())}`);
  }

  toString(): string {
    return this.name;
  }
}

test('long histories do what the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.boolean(), fc.commands(names.map((name) => fc.constant(new Command(name))), { maxCommands: 60 }), async (capacity, doRest, commands) => {
      await fc.asyncModelRun(() => ({ model: new ChannelModel(capacity), real: new RealChannel(capacity, 'all', doRest) }), commands);
    }),
    { numRuns: 1000 },
  );
});

/** What a producer does with its items. */
type Style = 'send' | 'trySend' | 'permit' | 'cancelled';

test('whoever runs when: nothing is lost, doubled or reordered, and everybody ends', async () => {
  const producers = fc.array(fc.record({ style: fc.constantFrom<Style>('send', 'trySend', 'permit', 'cancelled'), count: fc.nat(8) }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), producers, fc.option(fc.nat(12), { nil: undefined }), async (scheduler, capacity, plans, leaveAfter) => {
      const undelivered: Item[] = [];
      const [first, rx] = channel<Item>(capacity, { onUndelivered: (item) => undelivered.push(item) });
      const pause = (): Promise<unknown> => scheduler.schedule(Promise.resolve());
      const accepted: Item[] = [];
      const all = plans.map(({ style, count }, producer) => produce(first.clone(), producer, style, count, pause, accepted));
      first.close();
      const received: Item[] = [];
      const consumer = consume(rx, capacity, pause, received, leaveAfter);
      await scheduler.waitFor(Promise.all([...all, consumer]));
      const seen = [...received, ...undelivered].map((item) => item.join());
      expect([...seen].sort()).toEqual(accepted.map((item) => item.join()).sort());
      plans.forEach((_, producer) => {
        const numbers = received.filter(([from]) => from === producer).map(([, number]) => number);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      });
    }),
    { numRuns: 1000 },
  );
});

type Item = readonly [producer: number, number: number];

async function produce(tx: Sender<Item>, producer: number, style: Style, count: number, pause: () => Promise<unknown>, accepted: Item[]): Promise<void> {
  for (let number = 0; number < count; number++) {
    const item: Item = [producer, number];
    await pause();
    const isAccepted = await offer(tx, item, style, pause);
    if (isAccepted) accepted.push(item);
  }
  tx.close();
}

/** Whether the channel took the item. */
async function offer(tx: Sender<Item>, item: Item, style: Style, pause: () => Promise<unknown>): Promise<boolean> {
  try {
    if (style === 'trySend') return tx.trySend(item).ok;
    if (style === 'send') await tx.send(item);
    if (style === 'permit') {
      const permit = await tx.reserve();
      await pause();
      permit.send(item);
    }
    if (style === 'cancelled') {
      const controller = new AbortController();
      const sending = tx.send(item, { signal: controller.signal });
      // Settled before it is awaited: whoever comes first, wins.
      sending.catch(() => undefined);
      await pause();
      controller.abort('enough');
      await sending;
    }
    return true;
  } catch {
    return false;
  }
}

async function consume(rx: Receiver<Item>, capacity: number, pause: () => Promise<unknown>, received: Item[], leaveAfter: number | undefined): Promise<void> {
  for await (const item of rx) {
    received.push(item);
    expect(rx.length).toBeLessThanOrEqual(capacity);
    await pause();
    if (received.length === leaveAfter) return;
  }
}

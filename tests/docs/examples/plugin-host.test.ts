import { expect, test } from 'vitest';
import { PluginHost } from '../../../docs/examples/plugin-host.js';
import type { Plugin } from '../../../docs/examples/plugin-host.js';
import { errorOf, settle } from '../../support/promises.js';

test('a plugin is swapped under load: no event is lost, none is handled twice, each version is closed once', async () => {
  const handled: number[] = [];
  const byVersion = new Map<string, number>();
  const closed: string[] = [];
  let inside = 0;
  const version = (name: string) => (): Plugin => ({
    name,
    handle: async ({ id }) => {
      expect(++inside).toBe(1);
      await settle();
      inside--;
      expect(closed).not.toContain(name);
      handled.push(id);
      byVersion.set(name, (byVersion.get(name) ?? 0) + 1);
    },
    close: () => void closed.push(name),
  });
  {
    await using host = new PluginHost();
    host.add('counter', version('v0'));
    const emitting = (async () => {
      for (let id = 0; id < 500; id++) await host.emit({ id, text: `event ${id}` });
    })();
    for (let n = 1; n <= 8; n++) {
      await settle();
      await host.replace('counter', version(`v${n}`));
    }
    expect(await errorOf(host.replace('counter', () => Promise.reject(new Error('broken'))))).toMatchObject({ code: 'ERR_SWAP' });
    await emitting;
  }
  expect(handled).toEqual(Array.from({ length: 500 }, (_, id) => id));
  expect(closed).toEqual(Array.from({ length: 9 }, (_, n) => `v${n}`));
  expect(byVersion.get('v8')).toBeGreaterThan(100);
});

test('a plugin that fails is tried again, restarted, and what it cannot do is kept; its neighbours notice nothing', async () => {
  const seen: number[] = [];
  const failed = await (async () => {
    await using host = new PluginHost();
    host.add('moody', () => ({
      name: 'moody',
      handle: ({ id }) => {
        if (id % 5 === 4) throw new Error(`event ${id}`);
      },
    }));
    host.add('steady', () => ({ name: 'steady', handle: ({ id }) => void seen.push(id) }));
    for (let id = 0; id < 20; id++) await host.emit({ id, text: '' });
    expect(await errorOf(host.replace('unknown', () => Promise.reject(new Error('never called'))))).toBeInstanceOf(RangeError);
    return host.failed;
  })();
  expect(failed.map(({ message, reason, actor }) => [message.id, reason, actor])).toEqual([4, 9, 14, 19].map((id) => [id, 'failed', 'moody']));
  expect(seen).toHaveLength(20);
});

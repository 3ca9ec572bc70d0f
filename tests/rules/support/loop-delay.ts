import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long the event loop stood still while some work ran.
 *
 * @param work - what to run, awaited
 * @returns the longest pause in milliseconds
 */
export async function longestPause(work: () => unknown): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sleep(20);
  await work();
  // The pause is noted when the loop turns next.
  await sleep(20);
  delay.disable();
  return delay.max / 1e6;
}

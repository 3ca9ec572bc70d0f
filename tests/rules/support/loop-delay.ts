import { setTimeout as sleep } from 'node:timers/promises';

// Some tests put others in their place.
const { setInterval, clearInterval } = globalThis;

/**
 * How long the event loop stood still while some work ran.
 *
 * @param work - what to run, awaited
 * @returns the longest pause in milliseconds
 */
export async function longestPause(work: () => unknown): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const note = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const turning = setInterval(note, 1);
  await sleep(20);
  note();
  longest = 0;
  await work();
  // What it has begun may run after it.
  await sleep(20);
  note();
  clearInterval(turning);
  return longest;
}

/** Runs a producer and a consumer side by side, and gives back what the consumer found. */
export async function pair(produce: () => Promise<void>, consume: () => Promise<number>): Promise<number> {
  const producing = produce();
  const sum = await consume();
  await producing;
  return sum;
}

/** The functions of `opaque.ts` that programs use. */
export const opaqueNames = ['c', 't', 'pick', 'byte', 'items', 'tick', 'slow', 'look', 'arrivals', 'inspect'] as const;

export type OpaqueName = (typeof opaqueNames)[number];

/** The text of `opaque.ts`: what no analysis can see through. */
export const opaqueText = `let state = Date.now();
function next(): number {
  state = (state * 1103515245 + 12345) % 2147483648;
  return state;
}
export function c(k: number): boolean {
  return (next() + k) % 2 === 0;
}
export function t(k: number): void {
  if (c(k)) throw new Error('t');
}
export function pick(k: number, n: number): number {
  return (next() + k) % n;
}
export function byte(): number {
  return next() % 256;
}
export function items(k: number): number[] {
  return new Array<number>(pick(k, 4)).fill(0);
}
export declare function inspect(value: unknown): void;
export function tick(): Promise<void> {
  return Promise.resolve();
}
export function slow(): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, next() % 50); });
}
export function look(b: Uint8Array): void {
  state += b[0] ?? 0;
}
export async function* arrivals(k: number): AsyncGenerator<number> {
  while (c(k)) {
    await tick();
    yield next();
  }
}
`;

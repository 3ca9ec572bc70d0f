// corrupted: none
// parked: none
// branch-exact: yes
// file: main.ts
import { byte, c } from './opaque.js';
export async function give(sink: (value: unknown) => Promise<void>) {
  const buf = Buffer.alloc(8);
  while (c(1)) {
    buf.fill(byte());
    const all: Promise<void>[] = [sink(buf)];
    all.push(sink({ v: buf.subarray(0, 4) }));
    const done = sink(buf);
    await Promise.all(all);
    await done;
  }
}

/** Inputs that grow one thing far beyond what anybody writes; each ends within the budget. */
export interface Pathological {
  readonly name: string;
  readonly text: string;
}

const many = (count: number, make: (index: number) => string, separator = '\n'): string => Array.from({ length: count }, (_, index) => make(index)).join(separator);

export function pathologicalInputs(): readonly Pathological[] {
  return [
    { name: '20,000 lines', text: `const pool = Buffer.alloc(64);\nexport function f(x) {\n${many(20_000, (i) => `  pool[${i % 64}] = x + ${i};`)}\n  return pool.subarray(0, 8);\n}` },
    { name: '500 nested callbacks', text: `const b = Buffer.alloc(9);\n${many(500, (i) => `run((a${i}) => {`)} b.fill(1); send(b.subarray(1)); ${'});'.repeat(500)}` },
    { name: '2,000 cases', text: `export function f(x, b = Buffer.alloc(9)) { switch (x) {\n${many(2_000, (i) => `case ${i}: b = Buffer.alloc(${i});`)}\n} return b.subarray(1); }` },
    { name: 'types that recurse', text: `type D<T, N extends 0[]> = N['length'] extends 400 ? T : D<{ v: T }, [...N, 0]>;\nexport function* f(x: D<Uint8Array, []>) { const b = new Uint8Array(9); yield b.subarray(1); b.fill(0); x; }` },
    { name: '10,000 functions', text: `const b = Buffer.alloc(9);\n${many(10_000, (i) => `function f${i}(x) { b[${i % 9}] = x; return f${(i * 7 + 1) % 10_000}(x) ?? f${(i + 1) % 10_000}(b.subarray(x)); }`)}\nexport { f0 };` },
    { name: 'a class of 500 methods', text: `export class C { buf = Buffer.alloc(64);\n${many(500, (i) => `  m${i}(x) { if (x) this.buf.fill(${i}); else this.m${(i + 1) % 500}(x); return this.buf.subarray(${i % 64}); }`)}\n}` },
    { name: '300 branches', text: `export function* f(x) { ${many(30, (i) => `let b${i};`, ' ')}\n${many(300, (i) => `  if (x === ${i}) b${i % 30} = Buffer.alloc(${i + 1});`)}\n${many(30, (i) => `  yield b${i}.subarray(1); b${(i + 3) % 30}.fill(0);`)} }` },
    { name: 'objects in objects', text: `const b = Buffer.alloc(9);\nexport const o = ${'{ a: ['.repeat(300)}b.subarray(1)${'] }'.repeat(300)};\nexport function f() { b.fill(0); return o; }` },
    { name: '1 MB on one line', text: many(12_000, (i) => `function m${i}(a,b){var c=new Uint8Array(a);return b?c.subarray(b):m${(i + 1) % 12_000}(c,1)}`, ';') },
    { name: 'an operand 5,000 deep', text: `export const f = (b) => ${'b.subarray('.repeat(1_000)}b${')'.repeat(1_000)} + ${many(4_000, (i) => String(i), '+')};` },
    { name: 'a chain of 2,000 calls', text: `export const f = (b) => b${'.then((x) => x)'.repeat(2_000)};` },
  ];
}

/** Inputs that grow one thing far beyond what anybody writes. */
export interface Pathological {
  readonly name: string;
  readonly text: string;
}

/** An input that nests one thing, to any depth. */
export interface Nesting {
  readonly name: string;
  readonly deepest: number;
  nest(depth: number): string;
}

const many = (count: number, make: (index: number) => string, separator = '\n'): string => Array.from({ length: count }, (_, index) => make(index)).join(separator);

export function pathologicalInputs(): readonly Pathological[] {
  return [
    { name: '20,000 lines', text: `const pool = Buffer.alloc(64);\nexport function f(x) {\n${many(20_000, (i) => `  pool[${i % 64}] = x + ${i};`)}\n  return pool.subarray(0, 8);\n}` },
    { name: '2,000 cases', text: `export function f(x, b = Buffer.alloc(9)) { switch (x) {\n${many(2_000, (i) => `case ${i}: b = Buffer.alloc(${i});`)}\n} return b.subarray(1); }` },
    { name: 'types that recurse', text: `type D<T, N extends 0[]> = N['length'] extends 400 ? T : D<{ v: T }, [...N, 0]>;\nexport function* f(x: D<Uint8Array, []>) { const b = new Uint8Array(9); yield b.subarray(1); b.fill(0); x; }` },
    { name: '10,000 functions', text: `const b = Buffer.alloc(9);\n${many(10_000, (i) => `function f${i}(x) { b[${i % 9}] = x; return f${(i * 7 + 1) % 10_000}(x) ?? f${(i + 1) % 10_000}(b.subarray(x)); }`)}\nexport { f0 };` },
    { name: 'a class of 500 methods', text: `export class C { buf = Buffer.alloc(64);\n${many(500, (i) => `  m${i}(x) { if (x) this.buf.fill(${i}); else this.m${(i + 1) % 500}(x); return this.buf.subarray(${i % 64}); }`)}\n}` },
    { name: '300 branches', text: `export function* f(x) { ${many(30, (i) => `let b${i};`, ' ')}\n${many(300, (i) => `  if (x === ${i}) b${i % 30} = Buffer.alloc(${i + 1});`)}\n${many(30, (i) => `  yield b${i}.subarray(1); b${(i + 3) % 30}.fill(0);`)} }` },
    { name: '1 MB on one line', text: many(12_000, (i) => `function m${i}(a,b){var c=new Uint8Array(a);return b?c.subarray(b):m${(i + 1) % 12_000}(c,1)}`, ';') },
  ];
}

/** What nests; ESLint's parser, too, has a stack that ends, and takes less the deeper it is called. */
export const nestings: readonly Nesting[] = [
  { name: 'callbacks', deepest: 500, nest: (depth) => `const b = Buffer.alloc(9);\n${many(depth, (i) => `run((a${i}) => {`)} b.fill(1); send(b.subarray(1)); ${'});'.repeat(depth)}` },
  { name: 'objects in objects', deepest: 300, nest: (depth) => `const b = Buffer.alloc(9);\nexport const o = ${'{ a: ['.repeat(depth)}b.subarray(1)${'] }'.repeat(depth)};\nexport function f() { b.fill(0); return o; }` },
  { name: 'calls as operands', deepest: 1_000, nest: (depth) => `export const f = (b) => ${'b.subarray('.repeat(depth)}b${')'.repeat(depth)} + ${many(depth * 4, (i) => String(i), '+')};` },
  { name: 'a chain of calls', deepest: 2_000, nest: (depth) => `export const f = (b) => b${'.then((x) => x)'.repeat(depth)};` },
  { name: 'functions in functions', deepest: 500, nest: (depth) => `const b = Buffer.alloc(9);\n${many(depth, (i) => `function f${i}() {`)} b.fill(1); return b.subarray(1); ${'}'.repeat(depth)}\nexport { f0 };` },
  { name: 'branches in branches', deepest: 500, nest: (depth) => `export function f(x) { const b = Buffer.alloc(9);\n${many(depth, (i) => `if (x > ${i}) { b[0] = ${i};`)} return b.subarray(1); ${'}'.repeat(depth)} }` },
];

/**
 * What nests, as deep as it is taken.
 *
 * @param nesting - the input
 * @param isTaken - whether ESLint's parser takes a text
 * @returns the input
 */
export function nestedAsDeepAsPossible({ name, deepest, nest }: Nesting, isTaken: (text: string) => boolean): Pathological & { readonly depth: number } {
  let depth = 0;
  for (let step = deepest; step >= 1; step = Math.floor(step / 2)) {
    while (depth + step <= deepest && isTaken(nest(depth + step))) depth += step;
  }
  return { name: `${depth} ${name}`, text: nest(depth), depth };
}

/**
 * Keys of states are sums of hashes of their parts, so that neither the order of the parts nor a change of one of them asks for
 * the whole to be sorted and joined again. Two 32-bit hashes: a collision would merge two states, at odds of 1 in 10^14.
 */
export interface Hash {
  readonly a: number;
  readonly b: number;
}

/** Hashes a text (FNV-1a and a multiplicative hash, each with a final mix). */
export function hashOf(text: string): Hash {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b + code, 0x85ebca6b) ^ (b >>> 13);
  }
  return { a: mix(a), b: mix(b) };
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Hashes a pair of things, each hashed already. */
export function hashOfPair(first: Hash, second: Hash): Hash {
  return { a: mix(first.a ^ Math.imul(second.a, 0x9e3779b1)), b: mix(first.b + Math.imul(second.b, 0x85ebca77)) };
}

const texts = new Map<string, Hash>();
const textsLimit = 20_000;

/** Hashes a name that comes up again and again. */
export function hashOfName(text: string): Hash {
  let hash = texts.get(text);
  if (hash === undefined) {
    if (texts.size > textsLimit) texts.clear();
    texts.set(text, (hash = hashOf(text)));
  }
  return hash;
}

/** A sum that does not depend on order. */
export class HashSum {
  private a: number;
  private b: number;
  private count: number;

  constructor(from?: HashSum) {
    this.a = from?.a ?? 0;
    this.b = from?.b ?? 0;
    this.count = from?.count ?? 0;
  }

  add(hash: Hash): void {
    this.a = (this.a + hash.a) >>> 0;
    this.b = (this.b + hash.b) >>> 0;
    this.count++;
  }

  subtract(hash: Hash): void {
    this.a = (this.a - hash.a) >>> 0;
    this.b = (this.b - hash.b) >>> 0;
    this.count--;
  }

  toString(): string {
    return `${this.count}:${this.a}:${this.b}`;
  }
}

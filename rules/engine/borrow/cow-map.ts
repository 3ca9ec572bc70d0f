import { mapLike } from './copies.js';
import { HashSum, type Hash } from './hash.js';

let revisions = 0;

/**
 * A map that is copied when it is first written after it was cloned: most copies of a state change little of it.
 */
export class CowMap<K, V> {
  protected items: Map<K, V>;
  /** Tells this content from any other one that some map has had. */
  revision = 0;
  private isShared = false;
  /** What a reader worked out from the content; gone with the next write. */
  private memo: unknown;

  constructor(items?: Map<K, V>) {
    this.items = items ?? new Map<K, V>();
  }

  clone(): CowMap<K, V> {
    return this.shareWith(new CowMap(this.items));
  }

  protected shareWith<M extends CowMap<K, V>>(copy: M): M {
    this.isShared = true;
    copy.isShared = true;
    copy.memo = this.memo;
    copy.revision = this.revision;
    return copy;
  }

  /** The content is one and the same, not only equal. */
  isSameAs(other: CowMap<K, V>): boolean {
    return this.items === other.items;
  }

  /**
   * Works something out once for a content, whatever copies of it there are.
   *
   * @param derive always the same function for maps of one kind
   */
  derived<T>(derive: (map: ReadonlyMap<K, V>) => T): T {
    return (this.memo ??= derive(this.items)) as T;
  }

  get size(): number {
    return this.items.size;
  }

  get(key: K): V | undefined {
    return this.items.get(key);
  }

  has(key: K): boolean {
    return this.items.has(key);
  }

  set(key: K, value: V): this {
    this.own().set(key, value);
    return this;
  }

  delete(key: K): boolean {
    return this.items.has(key) && this.own().delete(key);
  }

  keys(): IterableIterator<K> {
    return this.items.keys();
  }

  values(): IterableIterator<V> {
    return this.items.values();
  }

  entries(): IterableIterator<[K, V]> {
    return this.items.entries();
  }

  /** Visits every entry there is now; faster than an iterator, which makes a pair of each. */
  forEach(visit: (value: V, key: K) => void): void {
    this.items.forEach(visit);
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.items.entries();
  }

  private own(): Map<K, V> {
    this.memo = undefined;
    this.revision = ++revisions;
    if (this.isShared) {
      this.items = mapLike(this.items);
      this.isShared = false;
    }
    return this.items;
  }
}

/** A copied-on-write map that knows the sum of its entries' hashes: only entries that changed are hashed again. */
export class HashedMap<K, V> extends CowMap<K, V> {
  private readonly hashOf: (key: K, value: V) => Hash | undefined;
  private readonly sum: HashSum;
  /** What the sum still counts for entries that were written since it was last asked for. */
  private counted: Map<K, V | undefined> | undefined;

  /**
   * @param hashOf always the same for maps of one kind; `undefined` for entries that do not count
   * @param from the map to copy
   */
  constructor(hashOf: (key: K, value: V) => Hash | undefined, from?: HashedMap<K, V>) {
    super(from?.items);
    this.hashOf = hashOf;
    this.sum = new HashSum(from?.sum);
    if (from?.counted !== undefined) this.counted = mapLike(from.counted);
  }

  override clone(): HashedMap<K, V> {
    return this.shareWith(new HashedMap(this.hashOf, this));
  }

  override set(key: K, value: V): this {
    this.note(key);
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    if (!this.items.has(key)) return false;
    this.note(key);
    return super.delete(key);
  }

  private note(key: K): void {
    this.counted ??= new Map<K, V | undefined>();
    if (!this.counted.has(key)) this.counted.set(key, this.items.get(key));
  }

  /** The sum of all entries' hashes. */
  hash(): HashSum {
    if (this.counted !== undefined) {
      for (const [key, before] of this.counted) {
        const now = this.items.get(key);
        if (now === before) continue;
        const old = before === undefined ? undefined : this.hashOf(key, before);
        const hash = now === undefined ? undefined : this.hashOf(key, now);
        if (old !== undefined) this.sum.subtract(old);
        if (hash !== undefined) this.sum.add(hash);
      }
      this.counted = undefined;
    }
    return this.sum;
  }
}

/**
 * A map that is copied when it is first written after it was cloned: most copies of a state change little of it.
 */
export class CowMap<K, V> {
  private items: Map<K, V>;
  private isShared = false;
  /** What a reader worked out from the content; gone with the next write. */
  private memo: unknown;

  constructor(items?: Map<K, V>) {
    this.items = items ?? new Map<K, V>();
  }

  clone(): CowMap<K, V> {
    this.isShared = true;
    const copy = new CowMap(this.items);
    copy.isShared = true;
    copy.memo = this.memo;
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

  clear(): void {
    if (this.items.size > 0) this.own().clear();
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

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.items.entries();
  }

  private own(): Map<K, V> {
    this.memo = undefined;
    if (this.isShared) {
      this.items = new Map(this.items);
      this.isShared = false;
    }
    return this.items;
  }
}

/** A copy of a map. The constructor asks an iterator for each entry, which makes a pair of it: for the many copies of states, that is most of the memory used. */
export function mapLike<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  const copy = new Map<K, V>();
  map.forEach((value, key) => copy.set(key, value));
  return copy;
}

/** A copy of a set, made in the same way. */
export function setLike<T>(set: ReadonlySet<T>): Set<T> {
  const copy = new Set<T>();
  set.forEach((item) => copy.add(item));
  return copy;
}

/** The other items of a set. */
export function without<T>(set: ReadonlySet<T>, item: T): Set<T> {
  const copy = setLike(set);
  copy.delete(item);
  return copy;
}

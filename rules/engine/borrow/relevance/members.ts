import { Place, type Holder, type Members } from './sources.js';

/** The places behind members' names: one for each class, one for objects made by literals, one for stores into anything else. */
export class MemberPlaces implements Members {
  private readonly byName = new Map<string, Map<Holder, Place>>();
  private readonly bases = new Map<string, Set<string>>();
  private readonly heirs = new Map<string, Set<string>>();
  private readonly relatives = new Map<string, readonly string[]>();

  /** A class extends what goes by these names. */
  relate(name: string, superNames: readonly string[]): void {
    for (const base of superNames) {
      addTo(this.bases, name, base);
      addTo(this.heirs, base, name);
    }
    if (superNames.length > 0) this.relatives.clear();
  }

  /** Classes whose code may have an instance of the class for `this`: its bases and its heirs. */
  private relativesOf(name: string): readonly string[] {
    let relatives = this.relatives.get(name);
    if (relatives === undefined) this.relatives.set(name, (relatives = [...new Set([...reachedIn(this.bases, name), ...reachedIn(this.heirs, name)])]));
    return relatives;
  }

  /** One of two classes is the other, or an heir of it. */
  areRelated(one: string, other: string): boolean {
    return this.relativesOf(one).includes(other);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  isShared(name: string): boolean {
    return (this.byName.get(name)?.size ?? 0) > 1;
  }

  read(name: string, holder: Holder): readonly Place[] {
    const places = this.byName.get(name);
    if (places === undefined) return [];
    if (typeof holder !== 'string') return [...places.values()];
    return [undefined, ...this.relativesOf(holder)].flatMap((one) => places.get(one) ?? []);
  }

  /** Where what is stored goes to. */
  store(name: string, holder: Holder): Place {
    let places = this.byName.get(name);
    if (places === undefined) this.byName.set(name, (places = new Map<Holder, Place>()));
    let place = places.get(holder);
    if (place === undefined) places.set(holder, (place = new Place(name)));
    return place;
  }

  *all(): Iterable<Place> {
    for (const places of this.byName.values()) yield* places.values();
  }
}

function addTo(map: Map<string, Set<string>>, key: string, item: string): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, new Set([item]));
  else items.add(item);
}

function reachedIn(map: ReadonlyMap<string, ReadonlySet<string>>, from: string): ReadonlySet<string> {
  const reached = new Set([from]);
  for (const one of reached) for (const next of map.get(one) ?? []) reached.add(next);
  return reached;
}

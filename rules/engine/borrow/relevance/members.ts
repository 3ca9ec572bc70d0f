import type { Families } from './families.js';
import { Place, type Holder, type Members } from './sources.js';

/** The places behind members' names: one for each class, one for objects made by literals, one for stores into anything else. */
export class MemberPlaces implements Members {
  private readonly byName = new Map<string, Map<Holder, Place>>();
  private readonly families: Families;

  constructor(families: Families) {
    this.families = families;
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
    return [undefined, ...this.families.relativesOf(holder)].flatMap((one) => places.get(one) ?? []);
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

import type { Variable } from '../../ir/index.js';
import type { Families } from './families.js';
import { MemberPlaces } from './members.js';
import { Place } from './sources.js';

/** The places where memory is kept, and how it goes from one to another. */
export class PlaceGraph {
  readonly members: MemberPlaces;
  readonly variables = new Map<Variable, Place>();
  private readonly next = new Map<Place, Set<Place>>();

  constructor(families: Families) {
    this.members = new MemberPlaces(families);
  }

  /** The place that a variable shared by several functions is. */
  ofVariable(variable: Variable): Place {
    let place = this.variables.get(variable);
    if (place === undefined) this.variables.set(variable, (place = new Place(variable.name)));
    return place;
  }

  /** What is kept in one place comes to another. */
  connect(from: Place, to: Place): void {
    const next = this.next.get(from);
    if (next === undefined) this.next.set(from, new Set([to]));
    else next.add(to);
  }

  /** Places whose memory is handed out through one place and overwritten through another that the same memory comes to. */
  inQuestion(): ReadonlySet<Place> {
    const found = new Set<Place>();
    for (const place of [...this.members.all(), ...this.variables.values()]) {
      const reached = this.reachedFrom(place);
      const isInQuestion = reached.some(({ lenders }) => lenders.size > 0) && reached.some(({ writers }) => writers.size > 0);
      if (isInQuestion) for (const one of reached) found.add(one);
    }
    return found;
  }

  private reachedFrom(place: Place): readonly Place[] {
    const reached = new Set([place]);
    for (const one of reached) for (const next of this.next.get(one) ?? []) reached.add(next);
    return [...reached];
  }
}

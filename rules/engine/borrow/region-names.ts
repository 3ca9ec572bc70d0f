import type { RegionId } from './value.js';

/** The name under which an allocation's instances share their description. */
export function baseRegion(region: RegionId): RegionId {
  return region.endsWith('~') ? region.slice(0, -1) : region;
}

/** The name of what an object, or memory that it lends, is called when another object is made at the same place. */
export function older(name: string, id: string): string {
  if (name === id) return `${id}~`;
  return name.startsWith('?') && name.includes(`:${id}.`) ? name.replace(`:${id}.`, `:${id}~.`) : name;
}

/** The owner of lent memory is one of several that were made at the same place: which of them is asked again, nobody knows. */
export function isOfOlder(region: RegionId): boolean {
  return region.includes('~.');
}

/**
 * Views made before their memory grew: they show nothing any more, while a new view of the same memory is a good one. Which
 * growth it was comes behind the mark: what the next one leaves stale is something else, with a repair of its own.
 */
const staleMark = '^';

/** The memory behind a region, stale views of it included. */
export function memoryOf(region: RegionId): RegionId {
  const mark = region.indexOf(staleMark);
  return mark < 0 ? region : region.slice(0, mark);
}

/** What views are called that were made of a memory which is gone, since the growth at a place. */
export function stale(region: RegionId, growth = ''): RegionId {
  return region.includes(staleMark) ? region : `${region}${staleMark}${growth}`;
}

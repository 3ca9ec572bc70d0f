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

import type { Certainty } from '../findings.js';
import { invalidate, whole } from './effects.js';
import { renameIdentities } from './identities.js';
import { isConstant, type Linear } from './linear.js';
import type { Machine, Site } from './machine.js';
import { recordMove, type Move } from './moves.js';
import { memoryOf, stale } from './region-names.js';
import { calleeText } from './reports.js';
import type { State } from './state.js';
import type { Unit } from './unit.js';
import { rootOf } from './uses.js';
import { valueKey, type RegionId, type Value } from './value.js';

/** Memory that an object lends: its own buffer, and what its methods gave. */
export function lentBy(unit: Unit, owner: Value): readonly RegionId[] {
  const key = valueKey(owner);
  const prefixes = [`?lent:${key}.`, `?${key}.`];
  const own = owner.kind === 'opaque' ? `?wasm:${owner.id}` : `?${key}.buffer`;
  const others = [...unit.regions.keys()].filter((region) => region !== own && memoryOf(region) === region && prefixes.some((prefix) => region.startsWith(prefix)));
  return [own, ...others];
}

/** All views that were made of a memory so far are stale from here on. */
export function leaveStale(machine: Machine, state: State, region: RegionId, site: Site, certainty: Certainty): void {
  const { unit } = machine;
  loseLent(machine, state, region, whole, site);
  const gone = stale(region, site.key);
  const info = unit.regions.get(region);
  if (info !== undefined && !unit.regions.has(gone)) unit.regions.set(gone, info);
  // What the same growth left behind on an earlier turn was another memory.
  if (gone !== region && state.moves.has(gone)) renameIdentities(state, (id) => (id === gone ? `${gone}~` : id));
  renameIdentities(state, (id) => (id === region ? gone : id));
  const old = state.moves.get(gone);
  if (old?.certainty === 'certain') return;
  recordMove(state, gone, moveAt(machine, state, site, certainty));
}

/** A buffer was resized: views of a part that is no longer there show nothing. */
export function shrink(machine: Machine, state: State, region: RegionId, size: Linear | undefined, site: Site): void {
  if (size === undefined || !isConstant(size)) {
    state.moves.delete(region);
    return;
  }
  loseLent(machine, state, region, { low: size, high: undefined }, site);
  recordMove(state, region, { ...moveAt(machine, state, site, 'certain'), limit: size.constant });
}

/** Whoever was given a view of what is not there any more has an empty one; who asks for a new one each time is not harmed. */
function loseLent(machine: Machine, state: State, region: RegionId, bounds: Parameters<typeof invalidate>[3], site: Site): void {
  invalidate(machine.unit, state, region, bounds, { how: 'growth', at: site.at, by: `\`${calleeText(machine.unit, site)}\``, certainty: 'potential' });
}

function moveAt(machine: Machine, state: State, site: Site, certainty: Certainty): Move {
  return { how: 'growth', at: site.at, by: calleeText(machine.unit, site), certainty, name: '', origin: undefined, remedy: undefined, facts: new Map(state.facts), root: rootOf(site.frame), limit: undefined };
}

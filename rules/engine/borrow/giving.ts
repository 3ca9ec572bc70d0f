import type { Contract, ParameterEffect } from '../contracts/contract.js';
import type { Certainty, MoveFinding } from '../findings.js';
import type { Origin } from '../ir/index.js';
import { weakest } from './loan.js';
import type { Machine, Site } from './machine.js';
import { recordMove } from './moves.js';
import type { State } from './state.js';

import { rootOf, useAgain } from './uses.js';
import { alternatives, movable, type Value } from './value.js';
import { baseRegion } from './region-names.js';

/** A call that moves what it is given away. */
export interface Giving {
  readonly machine: Machine;
  readonly contract: Contract;
  readonly site: Site;
  readonly certainty: Certainty;
  readonly by: string;
  /** The argument that the value is, or is listed in. */
  readonly argument: Origin | undefined;
  /** The value is an element of the argument, or of a property of it: a transfer list. */
  readonly isListed: boolean;
}

/** A value is detached by a call. */
export function giveAway(giving: Giving, state: State, value: Value, effect: ParameterEffect): void {
  const { machine, site, by } = giving;
  for (const one of alternatives(value)) {
    const region = movable(one);
    // Shared memory stays where it is.
    if (region === undefined || (one.kind === 'view' && one.type === 'SharedArrayBuffer')) continue;
    const certainty = weakest(giving.certainty, value.kind === 'any' || baseRegion(region) !== region ? 'potential' : 'certain');
    useAgain(machine, state, region, site, certainty);
    recordMove(state, region, {
      how: 'transfer',
      at: site.at,
      by,
      certainty,
      name: nameOf(giving, one),
      origin: one.kind === 'opaque' ? one.origin : undefined,
      remedy: remedyOf(giving, one, effect),
      limit: undefined,
      facts: new Map(state.facts),
      root: rootOf(site.frame),
    });
  }
}

/** As the call names it: `worker.postMessage(x, [buf.buffer])` gives `buf` away. */
function nameOf({ machine, argument, isListed, site }: Giving, value: Value): string {
  const { unit } = machine;
  const written = argument === undefined ? undefined : unit.source.textOf(argument);
  const listed = isListed ? /^\[\s*([\w$.#]+?)(?:\.buffer)?(?:\s+as\s+\w+)?\s*,?\s*\]$/.exec(written ?? '')?.[1] : written;
  if (listed !== undefined && /^[\w$.#]+$/.test(listed)) return listed;
  const known = value.kind === 'view' ? unit.regions.get(baseRegion(value.region))?.name : undefined;
  if (known !== undefined) return known;
  if (value.kind === 'opaque') return unit.source.textOf(value.origin);
  return argument === undefined && site.receiverOrigin !== undefined ? unit.source.textOf(site.receiverOrigin) : '';
}

/** What can be copied in place of what is moved. */
function remedyOf({ contract, site, argument, isListed }: Giving, value: Value, effect: ParameterEffect): MoveFinding['remedy'] {
  if (value.kind === 'instance') return undefined;
  if (isListed) return argument === undefined ? undefined : { how: 'unlist', list: argument };
  const type = value.kind === 'view' ? value.type : undefined;
  // The callee gives the same memory back when it is done with it: a copy would not help.
  const isLoan = contract.result?.from === 'promise' && contract.result.of.from === 'object';
  if (argument !== undefined) return isLoan ? undefined : { how: 'copy', view: argument, type };
  return effect === contract.receiver && type === 'ArrayBuffer' ? { how: 'slice', call: site.at } : undefined;
}

import type { Contract, ParameterEffect, PlaceRef, Source } from '../engine/contracts/contract.js';

/**
 * Says in words what a contract says as data.
 *
 * @param contract - the contract
 * @returns one line without a full stop
 */
export function contractInWords(contract: Contract): string {
  const { parameters = [], receiver, rest, result } = contract;
  const effects: readonly (readonly [ParameterEffect | null | undefined, string])[] = [
    [receiver, 'what it is called on'],
    ...parameters.map((effect, index) => [effect, `argument ${index + 1}`] as const),
    [rest, 'every further argument'],
  ];
  const parts = effects.flatMap(([effect, what]) => (effect == null ? [] : effectInWords(effect, what)));
  if (result !== undefined && result.from !== 'primitive' && result.from !== 'unknown') parts.push(`gives ${sourceInWords(result)}`);
  if (contract.acquires === true) parts.push('what it gives has to be handed back');
  if (contract.drains !== undefined) parts.push(`once it has settled, nothing is in flight any more on ${contract.drains.map(placeInWords).join(' and ')}`);
  if (contract.blocks !== undefined) parts.push(`blocks the event loop (${contract.blocks.on})`);
  if (contract.sink !== undefined) parts.push('hands something to a sink that says when it is full');
  return parts.length === 0 ? 'reads what it is given, and keeps nothing of it' : parts.join('; ');
}

function effectInWords(effect: ParameterEffect, what: string): string[] {
  const { writes, keeps, escapes, storedIn, callback } = effect;
  const parts: string[] = [];
  if (writes !== undefined) parts.push(`overwrites ${what}${writes.until === 'settle' ? ' until it settles' : ''}`);
  if (keeps !== undefined && keeps !== 'return' && callback === undefined) parts.push(`keeps ${what} ${keeps === 'forever' ? 'for good' : keeps === 'settle' ? 'until it settles' : `until the ${keeps}`}`);
  if (escapes !== undefined) parts.push(`hands ${what} on (${escapes})`);
  if (effect.transfers === true) parts.push(`moves ${what} away`);
  if (effect.releases === true) parts.push(`leaves views of ${what} without their memory`);
  if (effect.reuses === true) parts.push(`uses again what ${what} has lent`);
  if (effect.ends !== undefined) parts.push(`takes ${what} back`);
  if (storedIn !== undefined) parts.push(`stores ${what} in ${placeInWords(storedIn)}`);
  if (effect.clones === true) parts.push(`clones ${what}`);
  if (effect.resizes !== undefined) parts.push(`resizes ${what}`);
  if (callback !== undefined) parts.push(`calls ${what} ${callback.when === 'now' ? 'before it returns' : 'later'}${callback.arguments.some((source) => source.from === 'lent') ? ', with something that is only lent' : ''}`);
  if (effect.elements !== undefined) parts.push(...effectInWords(effect.elements, `each element of ${what}`));
  for (const [name, inner] of Object.entries(effect.properties ?? {})) parts.push(...effectInWords(inner, `\`${name}\` of ${what}`));
  return parts;
}

function sourceInWords(source: Source): string {
  switch (source.from) {
    case 'primitive':
      return 'a value without bytes';
    case 'fresh':
      return 'memory of its own';
    case 'view':
      return `a view of ${placeInWords(source.of)}`;
    case 'place':
      return placeInWords(source.of);
    case 'element':
      return `what ${placeInWords(source.of)} holds`;
    case 'container':
      return 'a new container';
    case 'lent':
      return `${source.of === undefined ? 'memory' : sourceInWords(source.of)} that is only lent, until the ${source.until}`;
    case 'property':
      return `\`${source.name}\` of ${placeInWords(source.of)}`;
    case 'object':
      return 'an object';
    case 'instance':
      return `a ${source.type.slice(source.type.indexOf('#') + 1)}`;
    case 'promise':
      return `a promise of ${sourceInWords(source.of)}`;
    case 'iterable':
      return `an iterable of ${sourceInWords(source.of)}`;
    case 'choice':
      return `${sourceInWords(source.otherwise)}, or something else for other arguments`;
    case 'function':
      return 'a function';
    case 'unknown':
      return 'something unknown';
  }
}

function placeInWords(place: PlaceRef): string {
  return place === 'this' ? 'what it is called on' : `argument ${place + 1}`;
}

import type { NoContext } from '../engine/blocking/contexts.js';
import type { Bound } from '../engine/channel/bounds.js';
import type { QueueNote, SpawnNote } from '../engine/channel/index.js';
import type { BlockingNote } from '../engine/blocking/index.js';
import type { Origin } from '../engine/ir/index.js';
import type { AsyncExplanation } from '../engine/session.js';

/** Where code is, as a reader finds it: `src/read.ts:12`. */
type PlaceOf = (at: Origin) => string;

/**
 * What is printed about the queues on some lines: what fills and empties each, and what bounds it.
 *
 * @param explanation - what is known
 * @param placeOf - names places
 * @returns lines, none where there is no queue
 */
export function queuesInWords({ queues }: AsyncExplanation, placeOf: PlaceOf): readonly string[] {
  return queues.flatMap((queue) => [`\`${queue.name}\``, ...sidesOf(queue, placeOf).map((line) => `  ${line}`)]);
}

function sidesOf({ filled, emptied, bound, isShared }: QueueNote, placeOf: PlaceOf): readonly string[] {
  if (emptied.length === 0) return ['nothing in sight empties it at a pace of its own: it is a list, and no queue'];
  const taken = emptied.map(({ at, label }) => `${label} (${placeOf(at)})`);
  if (filled.length === 0) return [...taken, 'nothing fills it at a pace of its own: whoever puts a value in waits for it, is told when it is dealt with, or is asked for it'];
  return [...filled.map(({ at, label }) => `filled ${label} (${placeOf(at)})`), ...taken, boundInWords(bound, placeOf), ...(isShared ? ['other code gets hold of it, and may empty it: a finding is potential'] : [])];
}

function boundInWords(bound: Bound | undefined, placeOf: PlaceOf): string {
  switch (bound?.kind) {
    case 'limit':
      return `bounded (${placeOf(bound.at)})`;
    case 'optional':
      return `compared with a limit that need not be set (${placeOf(bound.at)})`;
    case 'unknown':
      return `it may be bounded by code that is not followed (${placeOf(bound.at)}): a finding is potential`;
    case undefined:
      return 'nothing bounds it';
  }
}

const sizes: Readonly<Record<SpawnNote['size'], string>> = {
  bounded: 'the code says how many there are at most',
  input: 'as many as somebody brings',
  unknown: 'nothing in sight says how many there are: a finding is potential',
};

/**
 * What is printed about tasks on some lines that are waited for together: how many there can be.
 *
 * @param explanation - what is known
 * @param placeOf - names places
 * @returns lines, none where there are no tasks
 */
export function spawnsInWords({ spawns }: AsyncExplanation, placeOf: PlaceOf): readonly string[] {
  return spawns.map(({ at, size, isWork }) => `${placeOf(at)}: ${isWork ? sizes[size] : 'what is done for each waits for nothing of its own, waits for its turn, or goes on already'}`);
}

/**
 * What is printed about calls on some lines that give a sink something: whether they run again and again, and whether somebody listens.
 *
 * @param explanation - what is known
 * @param placeOf - names places
 * @returns lines, none where there is no such call
 */
export function sinksInWords({ sinks }: AsyncExplanation, placeOf: PlaceOf): readonly string[] {
  return sinks.map(({ via, repeated, isHeeded }) => {
    if (repeated === undefined) return `\`${via}\`: nothing in sight makes it run again and again for one sink`;
    return `\`${via}\` ${repeated.label} (${placeOf(repeated.at)}): ${isHeeded ? 'code near it listens to the sink' : 'nobody listens to the sink'}`;
  });
}

const reasons: Readonly<Record<NoContext, string>> = {
  file: 'a script, a configuration, a test or a worker\'s own file: nothing else waits for it',
  twin: 'the synchronous half of an API, by its name: whoever calls it wants that',
  'start-up': 'it runs before the program serves anyone, or when it no longer does',
  callers: 'no event loop calls this function that is known of: it is reported at the call in code that one runs',
};

/**
 * What is printed about calls on some lines that block.
 *
 * @param explanation - what is known
 * @param placeOf - names places
 * @returns lines, none where nothing blocks
 */
export function blockingInWords({ blocking }: AsyncExplanation, placeOf: PlaceOf): readonly string[] {
  return blocking.map((note) => `${note.chain} (${placeOf(note.at)}): ${contextInWords(note)}`);
}

function contextInWords({ whyNot }: BlockingNote): string {
  return whyNot === undefined ? 'the event loop runs this code while other work waits' : reasons[whyNot];
}

import type { AsyncFinding, Certainty, Step } from '../findings.js';
import type { FunctionIr, ModuleIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { boundOf, type Bound } from './bounds.js';
import { Callers } from './callers.js';
import { chainsIn, usesOfChain, type Chain } from './chains.js';
import { consumersOf, placeOfConsumer, type Consumer } from './consumers.js';
import { puttingNames, takingNames } from './containers.js';
import { factsOf } from './facts.js';
import { Handed } from './handed.js';
import type { ChannelOptions } from './options.js';
import { functionIndexOf } from './functions.js';
import { elementKeyOf, isElement, Places, touchersOf, type Place } from './places.js';
import { producersOf, type Producer } from './producers.js';
import { mayRenew } from './renewed.js';
import { talliesOf } from './tallies.js';
import { inOnePlace, Uses, type QueueUses, type Raw } from './uses.js';

/**
 * Queues that the code builds and that nothing bounds: filled at one pace, emptied at another.
 *
 * @param module - the file whose producers are looked at
 * @param options - answers about types and about the program's other files
 * @returns a finding for each queue, at the first place that fills it
 */
export function checkQueues(module: ModuleIr, options: ChannelOptions): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  const filling = fillingIn(module, options);
  const search = new Search(module, options);
  const found = new Map([...search.candidates(filling).values()].flatMap((place): [string, AsyncFinding][] => {
    const finding = search.check(place);
    return finding === undefined ? [] : [[place.key, finding]];
  }));
  // Of a collection of queues, the queues are told of.
  const findings = [...found].flatMap(([key, finding]) => (found.has(elementKeyOf(key)) ? [] : [finding]));
  return { findings, work: filling.reduce((sum, fn) => sum + factsOf(fn).sites.length, 0) };
}

/** A queue on the lines that are looked at, and what is known of it. */
export interface QueueNote {
  /** As a reader knows it: `this.queue`. */
  readonly name: string;
  /** What fills it at a pace of its own, and what empties it at another: as sentences have it. */
  readonly filled: readonly Step[];
  readonly emptied: readonly Step[];
  readonly bound: Bound | undefined;
  readonly isShared: boolean;
}

/**
 * The queues that code between two offsets fills or empties, reported or not.
 *
 * @param module - the file
 * @param options - answers about types and about the program's other files
 * @param range - the offsets
 * @returns what is known of each
 */
export function explainQueues(module: ModuleIr, options: ChannelOptions, { start, end }: { readonly start: number; readonly end: number }): readonly QueueNote[] {
  const search = new Search(module, options);
  return [...search.candidates(fillingIn(module, options)).values()].flatMap((place): QueueNote[] => {
    const judged = search.judge(place);
    const isHere = [...(judged?.uses.puts ?? []), ...(judged?.uses.takes ?? [])].some(({ site: { fn, instruction: { origin } } }) => fn.module === module && start <= origin.start && origin.start < end);
    if (judged === undefined || !isHere) return [];
    const { uses, consumers, producers, bound } = judged;
    return [
      {
        name: place.label,
        filled: producers.map((producer) => ({ at: producer.put.site.instruction.origin, label: fillingInWords(producer) })),
        emptied: consumers.map((consumer) => ({ at: placeOfConsumer(consumer), label: takingInWords(consumer) })),
        bound,
        isShared: uses.isShared,
      },
    ];
  });
}

const taking: readonly string[] = [...takingNames];

/** What a queue comes to: all that is done with it, and what of that matters. */
interface Judged {
  readonly uses: QueueUses;
  readonly consumers: readonly Consumer[];
  readonly producers: readonly Producer[];
  readonly bound: Bound | undefined;
}

class Search {
  readonly #module: ModuleIr;
  readonly #world: World;
  readonly #names: ChannelOptions['names'];
  readonly #places: Places;
  readonly #uses: Uses;
  readonly #handed: Handed;
  /** The linked lists of the file, by their heads. */
  readonly #chains: ReadonlyMap<string, Chain>;

  constructor(module: ModuleIr, { world, names, file }: ChannelOptions) {
    this.#module = module;
    this.#world = world;
    this.#names = names;
    this.#places = new Places(world, new Set());
    this.#uses = new Uses(world, this.#places);
    this.#handed = new Handed(new Callers({ world, names }), this.#places, this.#uses);
    this.#chains = new Map(chainsIn(module, file.text, this.#places).map((chain) => [chain.head.key, chain]));
  }

  /** The places that some function of the file puts values into. */
  candidates(filling: readonly FunctionIr[]): ReadonlyMap<string, Place> {
    const places = [...filling.flatMap((fn) => this.#uses.filledBy(fn)), ...[...this.#chains.values()].map(({ head }) => head)];
    return new Map(places.map((place) => [place.key, place]));
  }

  check(place: Place): AsyncFinding | undefined {
    if (!this.#isEverEmptied(place)) return undefined;
    const judged = this.judge(place);
    if (judged === undefined) return undefined;
    const { uses, bound, consumers: [consumer], producers } = judged;
    const producer = producers.find(({ isDoubtful }) => !isDoubtful) ?? producers[0];
    return consumer === undefined || producer === undefined || bound?.kind === 'limit' ? undefined : findingOf(uses, producer, consumer, bound, this.#world);
  }

  /** Asks for no type: most collections are never emptied. */
  #isEverEmptied(place: Place): boolean {
    if (this.#chains.has(place.key) || touchersOf(place).some((fn) => mayEmpty(fn) && (this.#uses.in(fn).get(place.key) ?? []).some(mayTake))) return true;
    return this.#othersOf(place).length > 0 || this.#mayBeHandedToTaker(place);
  }

  /** What is done with what a place holds; undefined where that is no collection. */
  judge(place: Place): Judged | undefined {
    const chain = this.#chains.get(place.key);
    if (chain !== undefined) return this.#judged(usesOfChain(chain, this.#uses, this.#places));
    const here = place.module === this.#module ? [] : this.#module.functions.filter((fn) => touches(fn, place));
    const own = this.#uses.of(inOnePlace(place), here);
    const isKeyed = own?.container.kind === 'set' || own?.container.kind === 'map';
    for (const more of [() => own, () => (own?.takes.length === 0 && !isKeyed ? this.#throughout(place, here) : undefined), () => (isKeyed ? undefined : this.#whereverHanded(place, here))]) {
      const uses = more();
      const consumers = uses === undefined ? [] : consumersOf(uses, this.#world);
      if (uses !== undefined && consumers.length > 0) return this.#judged(uses, consumers);
    }
    return own && this.#judged(own, []);
  }

  #judged(uses: QueueUses, consumers: readonly Consumer[] = consumersOf(uses, this.#world)): Judged {
    const producers = consumers.length === 0 ? [] : producersOf(uses, consumers, this.#world).filter(({ put }) => put.site.fn.module === this.#module);
    return { uses, consumers, producers, bound: producers.length === 0 ? undefined : boundOf(this.#counted(uses), producers, this.#world) };
  }

  /** With what is counted beside the queue. */
  #counted(uses: QueueUses): QueueUses {
    const { sizes, rooms } = talliesOf(uses.place, uses.puts, this.#uses, this.#places);
    return { ...uses, sizes: [...uses.sizes, ...sizes], rooms: [...uses.rooms, ...rooms] };
  }

  #othersOf(place: Place): readonly FunctionIr[] {
    if (!isNamedElsewhere(place)) return [];
    return this.#names.touching(place.name, taking).filter((fn) => fn.module !== place.module && namesOne(fn.outline.members, takingNames) && mayWait(fn) && takesFrom(fn, place.name));
  }

  /** With what the program's other files do with it. */
  #throughout(place: Place, here: readonly FunctionIr[]): QueueUses | undefined {
    const others = this.#othersOf(place);
    if (others.length === 0) return undefined;
    const places = new Places(this.#world, new Set([place.name]));
    return new Uses(this.#world, places).of(inOnePlace(place), [...here, ...others]);
  }

  #mayBeHandedToTaker(place: Place): boolean {
    const how = this.#handed.howHanded(place);
    if (how !== 'within' || isElement(place)) return how !== undefined;
    return this.#names.touching(place.name).some((fn) => mayEmpty(fn) && (takesFrom(fn, place.name) || fn.outline.stored.has(place.name) || fn.outline.stored.has('length')));
  }

  /** With what is done with it by code that it is handed to, or handed over by. */
  #whereverHanded(place: Place, here: readonly FunctionIr[]): QueueUses | undefined {
    if (!this.#mayBeHandedToTaker(place)) return undefined;
    const holders = this.#handed.holdersOf(place);
    return holders.places.length === 1 ? undefined : this.#uses.of(holders, here);
  }
}

/** Other files can name it: not a private field, nor a variable that is not exported. */
function isNamedElsewhere({ name, variable, module }: Place): boolean {
  if (variable === undefined) return !name.startsWith('#');
  return variable.owner.kind === 'module' && factsOf(module.top).usesOf(variable).some(({ instruction }) => instruction.op === 'export');
}

function findingOf(uses: QueueUses, producer: Producer, consumer: Consumer, bound: Bound | undefined, world: World): AsyncFinding {
  const { place } = uses;
  const at = producer.put.site.instruction.origin;
  const taken = placeOfConsumer(consumer);
  const certainty = certaintyOf(uses, producer, consumer, bound);
  const trace: Step[] = [
    { at, label: `filled ${fillingInWords(producer)}` },
    { at: taken, label: takingInWords(consumer) },
    ...(bound?.kind === 'optional' ? [{ at: bound.at, label: 'compared with a limit that need not be set' }] : []),
  ];
  return {
    kind: 'unbounded-channel',
    certainty: certainty === 'certain' && holdsPromises(uses, world) ? 'potential' : certainty,
    at,
    form: bound?.kind === 'optional' ? 'optional' : 'queue',
    words: {
      queue: place.label,
      filled: fillingInWords(producer),
      taken,
      taking: takingInWords(consumer),
      advice: adviceFor(producer),
      ...(bound?.kind === 'optional' && { limit: bound.at }),
    },
    advice: adviceFor(producer),
    trace,
  };
}

function certaintyOf({ place, container, isShared, puts }: QueueUses, producer: Producer, consumer: Consumer, bound: Bound | undefined): Certainty {
  if (bound?.kind === 'unknown' || isShared || producer.isDoubtful) return 'potential';
  // A key that is there already takes no room, and so does a value that was looked for first.
  if (container.kind === 'set' || container.kind === 'map') return 'potential';
  // Among queues by key, it is the queue that is looked for.
  const looking = ['includes', 'indexOf', 'some', 'find', 'findIndex', ...(isElement(place) ? [] : ['has'])];
  if (puts.some(({ site }) => looking.some((name) => site.fn.outline.members.has(name)))) return 'potential';
  // What is given out one at a time may be lent and come back: a pool.
  return consumer.how === 'receive' && producer.how === 'call' && !isMailbox(puts, consumer) ? 'potential' : 'certain';
}

/** What is put in are promises: the work goes on already, and the list only remembers to wait for it. */
function holdsPromises({ puts }: QueueUses, world: World): boolean {
  return puts.every(({ site, value }) => value !== undefined && world.typeOf(factsOf(site.fn).originOf(value)).kind === 'promise');
}

/**
 * All that is given out was brought by a caller, in one way, and who finds nothing waits. What a pool lends was made or put in some
 * other way before it was brought back.
 */
function isMailbox(puts: QueueUses['puts'], { take: { site } }: Consumer): boolean {
  const isBrought = puts.every(({ site: { fn }, value }) => fn === puts[0]?.site.fn && value !== undefined && factsOf(fn).sourceOf(value).storage === 'parameter');
  const { sites } = factsOf(site.fn);
  return isBrought && !sites.some(({ instruction }) => instruction.op === 'call' && instruction.callee.kind === 'construct' && !isPromise(instruction.callee.value, site.fn));
}

function isPromise(constructed: Variable, fn: FunctionIr): boolean {
  const maker = factsOf(fn).makerOf(constructed);
  return maker?.op === 'global' && maker.name === 'Promise';
}

function fillingInWords({ how, event, fn }: Producer): string {
  switch (how) {
    case 'event':
      return event === undefined ? 'on every event' : `on every \`${event}\` event`;
    case 'timer':
      return 'on every tick of a timer';
    case 'stream':
      return 'by a loop that does not wait';
    case 'call':
      return `by every call of \`${shortName(fn)}()\``;
  }
}

function takingInWords({ how, take }: Consumer): string {
  switch (how) {
    case 'loop':
      return 'emptied by a loop that waits for each value to be dealt with';
    case 'iterator':
      return 'emptied at the pace of whoever iterates';
    case 'receive':
      return `emptied at the pace of whoever calls \`${shortName(take.site.fn)}()\``;
    case 'pump':
      return 'emptied one by one, as the work on each is done';
    case 'retry':
      return 'emptied all at once, and filled again with what could not be dealt with';
    case 'poll':
      return 'emptied a few at a time, by a timer';
  }
}

/** `Mailbox.push`, which is no list's; `load`. */
function shortName({ name, ownerClass }: FunctionIr): string {
  const own = name.replace(/^.*[#.](?=[^#.]+$)/, '');
  return ownerClass === undefined || ownerClass.name === '' || ownerClass.name.startsWith('<') ? own : `${ownerClass.name}.${own}`;
}

function adviceFor({ how }: Producer): string {
  if (how === 'event') return 'Pause the source when the queue is long, or drop or refuse what does not fit';
  return how === 'stream' ? 'Wait until there is room before the next value is read' : 'Make the caller wait for room, or refuse what does not fit';
}

/** By the names it uses: a method that takes, or, in code that waits, perhaps a new collection in place of the old one. */
function mayEmpty({ outline, kind }: FunctionIr): boolean {
  if (outline.hasAwait && kind !== 'module') return true;
  return namesOne(outline.members, takingNames);
}

/** Whatever kind of collection is kept there. */
function mayTake(raw: Raw): boolean {
  return raw.kind === 'assign' || (raw.kind === 'method' && takingNames.has(raw.name)) || (raw.kind === 'store' && raw.key.kind === 'name' && raw.key.name === 'length');
}

/** The function calls a method that takes, on something of that name. */
function takesFrom(fn: FunctionIr, name: string): boolean {
  return factsOf(fn).sites.some(({ instruction }) => {
    if (instruction.op !== 'call' || instruction.callee.kind !== 'method' || instruction.callee.key.kind !== 'name' || !takingNames.has(instruction.callee.key.name)) return false;
    const root = functionIndexOf(fn.module).rootOf(instruction.callee.object);
    const maker = factsOf(root.owner).definitionOf(root);
    return root.storage === 'import' || (maker?.op === 'load' && maker.key.kind === 'name' && maker.key.name === name);
  });
}

/** The function names the place, as its own file does. */
function touches({ outline }: FunctionIr, { name, variable }: Place): boolean {
  if (variable === undefined) return outline.members.has(name);
  return [...outline.captures].some((captured) => captured.storage === 'import');
}

/** It waits, or hands something to code that does. */
function mayWait({ outline, isAsync }: FunctionIr): boolean {
  return isAsync || outline.hasAwait || outline.nested.length > 0;
}

function namesOne(used: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  for (const name of names) if (used.has(name)) return true;
  return false;
}

/** The functions that may put something into a list, by the names they use. */
function fillingIn({ functions }: ModuleIr, { file }: ChannelOptions): readonly FunctionIr[] {
  const isRenewing = mayRenew(file.text);
  return functions.filter((fn) => mayFill(fn) || (isRenewing && fn.kind !== 'module' && fn.outline.members.size + fn.outline.captures.size > 0 && mayRenew(file.text.slice(fn.origin.start, fn.origin.end))));
}

/** By the names it uses. */
function mayFill({ outline }: FunctionIr): boolean {
  if (outline.hasElementStore && outline.members.has('length')) return true;
  return namesOne(outline.members, puttingNames);
}

import type { SinkSignal } from '../contracts/contract.js';
import type { AsyncFinding, Step, StreamRewrite } from '../findings.js';
import { originKey, type FunctionIr, type ModuleIr, type Origin, type Variable } from '../ir/index.js';
import { namesStreams } from '../stream-names.js';
import type { World } from '../world.js';
import type { ChannelOptions } from './options.js';
import { contractOf } from './apis.js';
import { factsOf, type Call, type Site } from './facts.js';
import { fateOf } from './fate.js';
import { functionIndexOf } from './functions.js';
import { isHeeded } from './heeding.js';
import { calledAs } from './names.js';
import { Repetitions, type Repetition } from './repetition.js';
import { madeBy, nameOfRoot, type Root, rootOf } from './roots.js';
import { baseTypeOf, stepOf, streamOfThis } from './streams.js';
import { isSuspensionHarmless } from './suspension.js';
import { isUnread } from './unread.js';

/** How sinks say that they are full, asked once for all the calls of one method on one object. */
class Signals {
  readonly #known = new Map<Variable, Map<string, SinkSignal | undefined>>();

  of({ site, root, signal }: Candidate): SinkSignal | undefined {
    const { base, path } = root;
    // What is assigned again, or looked at, may have another type elsewhere.
    if ((!base.isConstant && base.storage !== 'this') || isNarrowed(base, site.fn)) return signal();
    const known = this.#known.get(base) ?? new Map<string, SinkSignal | undefined>();
    this.#known.set(base, known);
    const key = [...path, calledAs(site)].join('.');
    if (!known.has(key)) known.set(key, signal());
    return known.get(key);
  }
}

function isNarrowed(base: Variable, fn: FunctionIr): boolean {
  return factsOf(fn).blocks.some(({ terminal }) => terminal.kind === 'branch' && (terminal.test.kind === 'instanceof' || terminal.test.kind === 'typeof') && rootOf(terminal.test.value).base === base);
}

/** A call by which a sink may be given something, and of which nothing that comes back is looked at. */
interface Candidate {
  readonly site: Site<Call>;
  readonly root: Root;
  /** How the sink says that it is full; undefined where the call is not one on a sink. Asks for the callee's type. */
  readonly signal: () => SinkSignal | undefined;
}

/** One that is. */
interface Write extends Pick<Candidate, 'site' | 'root'> {
  readonly signal: SinkSignal;
}

const advice: Readonly<Record<SinkSignal, string>> = {
  false: "stop when it returns `false`, and go on at 'drain' (`if (!sink.write(chunk)) await once(sink, 'drain')`), or let `pipeline` do it",
  promise: 'await the write, or `writer.ready` before it',
  desiredSize: 'enqueue from `pull()`, or stop the source while `desiredSize` is not positive',
  bufferedAmount: 'send no more while `bufferedAmount` is above a limit',
};

/**
 * Looks for producers that ignore a sink's signal: calls of `write`, `push`, `enqueue` and `send` that run again and again for one
 * sink, whose result nobody looks at.
 *
 * @param module - the file
 * @param options - what may be asked
 * @returns the findings, and how many instructions were looked at
 */
export function findIgnoredBackpressure(module: ModuleIr, { world, file }: Pick<ChannelOptions, 'world' | 'file'>): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  const ofPackages = file.specifiers.flatMap((specifier) => [...(world.catalog.queuesOf(specifier)?.sinks ?? [])]);
  const sinkNames = ofPackages.length === 0 ? world.catalog.sinkNames : new Set([...world.catalog.sinkNames, ...ofPackages]);
  const isWorthwhile = (name: string): boolean => sinkNames.has(name) && (name !== 'push' || namesStreams(module));
  const findings = new Map<string, AsyncFinding>();
  const repetitions = new Repetitions(world);
  const signals = new Signals();
  let work = 0;
  for (const fn of module.functions) {
    if (![...fn.outline.members].some(isWorthwhile)) continue;
    const { sites } = factsOf(fn);
    work += sites.length;
    for (const site of sites) {
      const candidate = isCall(site) && isWorthwhile(calledAs(site)) ? candidateOf(site, world) : undefined;
      const finding = candidate && findingOf(candidate, repetitions, signals, world);
      // Copies of one statement, in a `finally`, are one place to a reader.
      if (finding !== undefined) findings.set(originKey(finding.at), finding);
    }
  }
  return { findings: [...findings.values()], work };
}

/** A call that gives a sink something without a look at the answer, and what is known of it. */
export interface SinkNote {
  readonly at: Origin;
  /** As a reader knows it: `this.#out.write()`. */
  readonly via: string;
  /** What makes it run again and again; undefined where nothing does. */
  readonly repeated: Step | undefined;
  /** Code near it listens to the sink. */
  readonly isHeeded: boolean;
}

/**
 * The calls between two offsets that give a sink something and do not look at the answer, reported or not.
 *
 * @param module - the file
 * @param options - what may be asked
 * @param range - the offsets
 * @returns what is known of each
 */
export function explainSinks(module: ModuleIr, { world }: Pick<ChannelOptions, 'world'>, { start, end }: { readonly start: number; readonly end: number }): readonly SinkNote[] {
  const repetitions = new Repetitions(world);
  return module.functions.flatMap((fn) => factsOf(fn).sites).flatMap((site): SinkNote[] => {
    const { origin } = site.instruction;
    const candidate = isCall(site) && start <= origin.start && origin.start < end ? candidateOf(site, world) : undefined;
    const signal = candidate?.signal();
    if (candidate === undefined || signal === undefined) return [];
    const repetition = repetitions.of(candidate.site, candidate.root);
    const repeated = repetition && { at: repetition.at, label: `runs for ${repetition.by}` };
    return [{ at: origin, via: viaOf(candidate), repeated, isHeeded: isHeeded(candidate.site, candidate.root, signal, world) }];
  });
}

function viaOf({ site, root }: Pick<Candidate, 'site' | 'root'>): string {
  const name = calledAs(site);
  const sink = nameOfRoot(root);
  return sink === '' ? `${name}()` : `${sink}.${name}()`;
}

function isCall(site: Site): site is Site<Call> {
  return site.instruction.op === 'call';
}

function candidateOf(site: Site<Call>, world: World): Candidate | undefined {
  const { callee, arguments: args } = site.instruction;
  const [chunk] = args;
  if (chunk === undefined || isEnd(chunk.value) || fateOf(site) === 'used') return undefined;
  if (callee.kind === 'super-method') return superCandidate(site, world);
  if (callee.kind !== 'method') return undefined;
  const root = rootOf(callee.object);
  if (isOwnCollection(root) || isConsole(root)) return undefined;
  return { site, root, signal: () => (isOrdinary(callee.objectOrigin, world) ? undefined : (contractOf(site.instruction, site.fn, world)?.sink ?? inheritedSink(root, site, world))) };
}

/**
 * By its type no sink, but a list, a text or an instance of a class of the program's own. Asked of the object, which every call on it
 * has in common: to find out what a call calls, the checker looks at all its arguments.
 */
function isOrdinary(object: Origin, world: World): boolean {
  const type = world.typeOf(object);
  return type.kind === 'array' || type.kind === 'primitive' || (type.kind === 'class' && type.class.superNames.length === 0);
}

/** What a constructor inherits by `util.inherits`, no type tells. */
function inheritedSink({ base, path }: Root, site: Site<Call>, world: World): SinkSignal | undefined {
  if (path.length > 0 || base.storage !== 'this' || base.owner.ownerClass !== undefined) return undefined;
  return streamOfThis(base.owner, world)?.method(calledAs(site))?.sink;
}

/** `super.push(chunk)` in an override of `push` is not a producer of its own. */
function superCandidate(site: Site<Call>, world: World): Candidate | undefined {
  const { ownerClass, thisVariable } = site.fn;
  const name = calledAs(site);
  if (ownerClass === undefined || thisVariable === undefined || ownerClass.members.some((member) => member.function === site.fn && member.key.kind === 'name' && member.key.name === name)) return undefined;
  return { site, root: { base: thisVariable, path: [] }, signal: () => baseTypeOf(ownerClass, world)?.method(name)?.sink };
}

/** `push(null)` ends the stream. */
function isEnd(chunk: Call['target']): boolean {
  const made = madeBy(chunk)?.instruction;
  return made?.op === 'literal' && (made.value === null || made.value === undefined);
}

/** An array, a Set or a string builder that is made right here. */
function isOwnCollection({ base, path }: Root): boolean {
  return path.length === 0 && madeBy(base)?.instruction.op === 'array';
}

/** What is written to the process's own output is written at once, except to a pipe on some systems. */
function isConsole(root: Root): boolean {
  return isOwnOutput(root) || holdsOwnOutput(root);
}

/** `this.out = process.stdout`, and nothing else is ever put there. */
function holdsOwnOutput({ base, path }: Root): boolean {
  const name = path.at(-1);
  if (name === undefined) return false;
  const stored = functionIndexOf(base.owner.module).touching(name).flatMap((user) => factsOf(user).sites).flatMap(({ instruction }) => (instruction.op === 'store' && instruction.key.kind === 'name' && instruction.key.name === name ? [instruction.value] : []));
  // A field that is only declared holds nothing yet.
  const given = stored.filter((value) => !isEnd(value));
  return given.length > 0 && given.every((value) => isOwnOutput(rootOf(value)));
}

function isOwnOutput({ base, path }: Root): boolean {
  const made = madeBy(base)?.instruction;
  const isProcess = (made?.op === 'global' && made.name === 'process') || (made?.op === 'import' && /^(?:node:)?process$/.test(made.specifier));
  return (isProcess && (path[0] === 'stdout' || path[0] === 'stderr')) || (made?.op === 'import' && isProcess && /^std(?:out|err)$/.test(made.imported));
}

function findingOf(candidate: Candidate, repetitions: Repetitions, signals: Signals, world: World): AsyncFinding | undefined {
  const { site, root } = candidate;
  // Whether a call repeats is mostly seen in the code; what it calls, the checker has to work out.
  const repetition = repetitions.of(site, root);
  if (repetition === undefined || isHeartbeat(repetition, site)) return undefined;
  const signal = signals.of(candidate);
  if (signal === undefined || isHeeded(site, root, signal, world)) return undefined;
  const name = calledAs(site);
  const via = viaOf(candidate);
  return {
    kind: 'ignored-backpressure',
    certainty: repetition.certainty,
    at: site.instruction.origin,
    form: formOf(name, signal),
    words: { via, again: repetition.by, where: repetition.at },
    ...mended({ site, root, signal }, world),
    trace: traceOf(repetition, site.fn, via, site),
  };
}

function mended(write: Write, world: World): Pick<AsyncFinding, 'rewrite' | 'advice'> {
  // Whoever waits for room in a stream that is read afterwards waits for ever.
  if (isUnread(write.site, write.root, world)) return { advice: 'hand the stream out before it is written, or let `pipeline` do both' };
  const rewrite = rewriteOf(write, world);
  return { advice: advice[write.signal], ...(rewrite !== undefined && { rewrite }) };
}

/** An async function can wait where it stands; a step that only forwards can let the sink call back. */
function rewriteOf({ site, signal }: Write, world: World): StreamRewrite | undefined {
  const { fn, instruction } = site;
  const { callee } = instruction;
  if (callee.kind !== 'method' || fateOf(site) !== 'dropped') return undefined;
  if (calledAs(site) === 'push' || signal === 'desiredSize' || signal === 'bufferedAmount') return undefined;
  if (fn.isAsync) return { how: 'await', sink: signal === 'promise' ? undefined : callee.objectOrigin, isHarmless: isSuspensionHarmless(site) };
  return signal === 'false' ? heldCallback(site, world) : undefined;
}

/** `this.socket.write(chunk); done();` */
function heldCallback({ fn, block, index, instruction }: Site<Call>, world: World): StreamRewrite | undefined {
  const step = stepOf(fn, world);
  const done = step?.name === '_write' ? fn.parameters[2] : undefined;
  const next = factsOf(fn).blocks[block]?.instructions[index + 1];
  if (done === undefined || instruction.arguments.length > 2 || next?.op !== 'call' || next.arguments.length > 0 || next.isResultUsed) return undefined;
  const isAcknowledged = next.callee.kind === 'value' && next.callee.value === done && factsOf(fn).usesOf(done).length === 1;
  return isAcknowledged ? { how: 'hold', callback: done.name, acknowledgement: next.origin } : undefined;
}

function formOf(name: string, signal: SinkSignal): string {
  if (signal === 'false') return name === 'push' ? 'push' : 'write';
  return signal === 'promise' ? 'writer' : signal === 'desiredSize' ? 'enqueue' : 'send';
}

/** A few fixed bytes now and then keep a connection open. */
function isHeartbeat(repetition: Repetition, site: Site<Call>): boolean {
  const chunk = site.instruction.arguments[0];
  return repetition.how === 'timer' && chunk !== undefined && madeBy(rootOf(chunk.value).base)?.instruction.op === 'literal';
}

function traceOf(repetition: Repetition, fn: FunctionIr, via: string, site: Site<Call>): readonly Step[] {
  const steps: Step[] = [{ at: repetition.at, label: `runs for ${repetition.by}` }];
  if (repetition.fn !== fn) steps.push({ at: fn.origin, label: 'through this function' });
  return [...steps, { at: site.instruction.origin, label: `\`${via}\` goes on when the sink is full` }];
}

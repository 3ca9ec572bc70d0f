import type { AsyncFinding, Certainty } from '../findings.js';
import type { FunctionIr, ModuleIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { calledApi } from './apis.js';
import { factsOf, type Call, type Site } from './facts.js';
import { pathSourceOf } from './fixed-path.js';
import { functionIndexOf } from './functions.js';
import { calledAs } from './names.js';
import { stringIn } from './roots.js';

/** What becomes of a stream as far as the file tells. */
interface Course {
  isListenedTo: boolean;
  /** The calls of `pipe` that it takes part in. */
  readonly pipes: Site<Call>[];
}

const listening: ReadonlySet<string> = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);
/** Methods that leave errors where they are, and give the stream itself. */
const chaining: ReadonlySet<string> = new Set(['setEncoding', 'pause', 'resume', 'off', 'removeListener', 'setMaxListeners']);
const neutral: ReadonlySet<string> = new Set(['write', 'end', 'destroy', 'close', 'unpipe', 'cork', 'uncork']);

/**
 * Looks for streams that are made here, can fail, take part in `pipe()`, and whose errors nobody listens to: `pipe` hands on no
 * errors, and one without a listener ends the process.
 *
 * @param module - the file
 * @param options - what may be asked
 * @returns the findings, and how many instructions were looked at
 */
export function findUnheardPipes(module: ModuleIr, { world }: { readonly world: World }): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  if (functionIndexOf(module).touching('pipe').length === 0 || !module.functions.some((fn) => namesOneOf(fn, world.catalog.failingNames))) return { findings: [], work: 0 };
  const chains = new Map<number, { pipe: Site<Call>; certainty: Certainty; readonly streams: string[] }>();
  let work = 0;
  for (const fn of module.functions) {
    if (!fn.outline.hasCall) continue;
    const { sites } = factsOf(fn);
    work += sites.length;
    for (const site of sites) {
      if (site.instruction.op !== 'call') continue;
      const call: Site<Call> = { ...site, instruction: site.instruction };
      const certainty = world.catalog.failingNames.has(calledAs(call)) ? certaintyOfFailure(call, world) : undefined;
      if (certainty === undefined) continue;
      const course: Course = { isListenedTo: false, pipes: [] };
      follow(call.instruction.target, call, course, 0);
      const last = course.pipes.at(-1);
      if (course.isListenedTo || last === undefined) continue;
      const { start, end } = last.instruction.origin;
      const chain = chains.get(start);
      if (chain === undefined) chains.set(start, { pipe: last, certainty, streams: [calledAs(call)] });
      else {
        if (certainty === 'certain') chain.certainty = certainty;
        chain.streams.push(calledAs(call));
        if (chain.pipe.instruction.origin.end < end) chain.pipe = last;
      }
    }
  }
  return { findings: [...chains.values()].map(({ pipe, certainty, streams }) => finding(pipe, certainty, streams)), work };
}

function namesOneOf({ outline: { members, freeNames, constructed } }: FunctionIr, names: ReadonlySet<string>): boolean {
  return [members, freeNames, constructed].some((used) => [...used].some((name) => names.has(name)));
}

/** Whether the stream that a call gives fails by itself. A file that comes with the program is there; one that the code names by a literal may well be. */
function certaintyOfFailure(call: Site<Call>, world: World): Certainty | undefined {
  const api = calledApi(call.instruction, call.fn, world);
  if (api?.call?.mayFail !== true) return undefined;
  const path = api.path === 'node:fs#createReadStream' ? call.instruction.arguments[0] : undefined;
  const source = path === undefined ? 'elsewhere' : pathSourceOf(path.value);
  if (source === 'program') return undefined;
  return source === 'literal' ? 'potential' : 'certain';
}

function follow(stream: Variable, site: Site, course: Course, depth: number): void {
  if (depth > 12) {
    course.isListenedTo = true;
    return;
  }
  const users = stream.storage === 'temporary' ? [site.fn] : functionIndexOf(site.fn.module).using(stream);
  for (const user of users) {
    const facts = factsOf(user);
    if (facts.isTerminalOperand(stream)) course.isListenedTo = true;
    for (const use of facts.usesOf(stream)) {
      const { instruction } = use;
      if (instruction.op === 'copy' && (instruction.target.storage === 'temporary' || instruction.target.isConstant)) follow(instruction.target, use, course, depth + 1);
      else if (instruction.op === 'load') continue;
      else if (instruction.op === 'call') followCall(stream, { ...use, instruction }, course, depth);
      else course.isListenedTo = true;
    }
  }
}

function followCall(stream: Variable, site: Site<Call>, course: Course, depth: number): void {
  const { callee, arguments: args, target } = site.instruction;
  const name = calledAs(site);
  const isReceiver = callee.kind === 'method' && callee.object === stream;
  if (isReceiver && listening.has(name)) {
    const event = stringIn(args[0]?.value);
    if (event === undefined || event === 'error') course.isListenedTo = true;
    else follow(target, site, course, depth + 1);
  } else if (isReceiver && chaining.has(name)) follow(target, site, course, depth + 1);
  else if (isReceiver && name === 'pipe') course.pipes.push(site);
  else if (!isReceiver && name === 'pipe' && callee.kind === 'method' && args[0]?.value === stream) {
    // The result is what was piped to.
    course.pipes.push(site);
    follow(target, site, course, depth + 1);
  } else if (!(isReceiver && neutral.has(name))) course.isListenedTo = true;
}

function finding(pipe: Site<Call>, certainty: Certainty, streams: readonly string[]): AsyncFinding {
  const at = pipe.instruction.origin;
  const names = streams.map((name) => `\`${name}()\``).join(' and ');
  return {
    kind: 'throw-in-stream',
    certainty,
    at,
    form: 'pipe',
    words: { streams: names },
    advice: 'connect them with `pipeline`, which hands errors on and closes what is left, or listen for `error` on each',
    trace: [{ at, label: `nobody listens to the errors of ${names}` }],
  };
}

import type { Range } from '../fixes/context.js';
import type { Changes } from './changes.js';
import { Refusal, refused, type Refused } from './refusal.js';
import { Trial } from './trial.js';
import type { Workspace } from './workspace.js';

/** A place of a file. */
export interface Site extends Range {
  readonly file: string;
}

/** Something to migrate: it is rewritten as a whole, or not at all. It holds places, no syntax: the program changes between rounds. */
export interface Chain {
  /** What it is, in a few words: `loadConfig → fs.readFileSync`. */
  readonly title: string;
  readonly at: Site;
  /**
   * Plans the rewrite.
   *
   * @param alsoAwaited - calls that turned out to give a promise after it
   * @throws {Refusal} when it cannot be rewritten
   */
  plan(alsoAwaited: readonly Site[]): Changes;
}

/** A form that code can be migrated to: everything of a program, as it is now, that can be rewritten to it. */
export type Form = (workspace: Workspace) => readonly Chain[];

/** What a reader is told of a chain that was rewritten. */
interface Done {
  readonly title: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Migration {
  /** The files that change. */
  readonly files: readonly { readonly file: string; readonly before: string; readonly after: string }[];
  readonly done: readonly Done[];
  readonly refused: readonly (Refused & { readonly title: string })[];
}

/** A rewrite may uncover the next one; more rounds than this no code needs. */
const MOST_ROUNDS = 10;
/** Calls that types show to give a promise are awaited in turn, from callee to caller. */
const MOST_TURNS = 24;

/** Told how far the planning has come. */
type OnStep = (planned: number, total: number) => void;

/**
 * Plans a whole migration in memory. Nothing is written. A chain whose rewrite the compiler objects to is left out.
 *
 * @param workspace - the program; afterwards it is the migrated one
 * @param form - what to migrate to
 * @param onStep - called after each chain
 * @returns the new texts, and what was not changed and why
 */
export function migrate(workspace: Workspace, form: Form, onStep: OnStep = () => undefined): Migration {
  const original = new Map(workspace.files.map((file): [string, string] => [file.getFilePath(), file.getFullText()]));
  const trial = new Trial(workspace);
  const done: Done[] = [];
  let left: Migration['refused'] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = runRound(workspace, form(workspace), trial, onStep);
    done.push(...result.done);
    left = result.refused;
    if (result.done.length === 0) break;
  }
  const files = [...original].flatMap(([file, before]) => {
    const after = workspace.file(file)?.getFullText() ?? before;
    return after === before ? [] : [{ file, before, after }];
  });
  return { files, done, refused: left };
}

interface Attempt {
  readonly chain: Chain;
  readonly changes: Changes;
}

function runRound(workspace: Workspace, chains: readonly Chain[], trial: Trial, onStep: OnStep): Pick<Migration, 'done' | 'refused'> {
  const left: (Refused & { readonly title: string })[] = [];
  const refuse = ({ title, at }: Chain, why: Refusal | string): void => {
    left.push({ title, ...(typeof why === 'string' ? { reason: why, file: at.file, line: lineOf(at, workspace) } : refused(why)) });
  };
  const attempts = chains.flatMap((chain, index): readonly Attempt[] => {
    const changes = attempt(chain, [], refuse);
    onStep(index + 1, chains.length);
    return changes === undefined ? [] : [{ chain, changes }];
  });
  const together = trial.merged(attempts.map(({ changes }) => changes));
  const isSound = attempts.length > 0 && together !== undefined && trial.run(together).kind === 'sound';
  const sound = isSound ? attempts : attempts.flatMap(({ chain }) => (attempts.length === 0 ? [] : (proven(chain, trial, refuse) ?? [])));
  const accepted: Attempt[] = [];
  for (const one of sound) {
    const merged = isSound || accepted.length === 0 ? one.changes : trial.merged([...accepted, one].map(({ changes }) => changes));
    // What contradicts another rewrite has its turn in the next round.
    if (merged !== undefined && (isSound || accepted.length === 0 || trial.run(merged).kind === 'sound')) accepted.push(one);
  }
  const done = accepted.map(({ chain: { title, at } }) => ({ title, file: at.file, line: lineOf(at, workspace) }));
  const changes = trial.merged(accepted.map((one) => one.changes));
  if (changes !== undefined) trial.apply(changes);
  return { done, refused: left };
}

function attempt(chain: Chain, alsoAwaited: readonly Site[], refuse: (chain: Chain, why: Refusal | string) => void): Changes | undefined {
  try {
    return chain.plan(alsoAwaited);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(chain, error);
    return undefined;
  }
}

/** A chain alone, with every caller that only types show. */
function proven(chain: Chain, trial: Trial, refuse: (chain: Chain, why: Refusal | string) => void): Attempt | undefined {
  const alsoAwaited: Site[] = [];
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const changes = attempt(chain, alsoAwaited, refuse);
    if (changes === undefined) return undefined;
    const result = trial.run(changes);
    if (result.kind === 'sound') return { chain, changes };
    if (result.kind === 'error') {
      refuse(chain, `the compiler objects to the rewritten program: ${result.message}`);
      return undefined;
    }
    alsoAwaited.push(...result.forgotten);
  }
  refuse(chain, 'its callers could not be found');
  return undefined;
}

function lineOf({ file, start }: Site, workspace: Workspace): number {
  return workspace.file(file)?.getLineAndColumnAtPos(start).line ?? 1;
}

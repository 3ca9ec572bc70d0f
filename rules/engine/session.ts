import type ts from 'typescript';
import { checkModule, explainModule, makeEnvironments, type Environments, type Explanation, type SourceText, type Watch } from './borrow/index.js';
import { Relevance } from './borrow/relevance/index.js';
import { checkModule as checkChannels, explainQueues, explainSinks, explainSpawns, type QueueNote, type SinkNote, type SpawnNote } from './channel/index.js';
import { checkMessages } from './messages/index.js';
import { linkCatalog } from './contracts/link.js';
import { readUserContracts } from './contracts/user.js';
import { BlockingAnalysis, type BlockingNote } from './blocking/index.js';
import type { Domain, Finding } from './findings.js';
import { effectsIn } from './flow/effects.js';
import { hazardOfSuspensionAt, type Hazard } from './flow/suspension.js';
import type { ModuleIr } from './ir/index.js';
import { lowerModule } from './lower/index.js';
import { presentModulesOf, type PresentModules } from './present-modules.js';
import { programFileOf, programFilesOf } from './program-files.js';
import { memoryFilesOf, programNamesOf } from './program-names.js';
import { isTestFile } from './test-files.js';
import { withoutOverflows } from './types/overflows.js';
import { sourceTextOf } from './types/source-text.js';
import { createWorld, type ProgramWorld } from './types/world.js';
import { counted, plus, snapshotOfWork, tellFile, timed, workDone, type GivenUp } from './work.js';

/** What a project says under `settings.borrowck`, with the defaults filled in. */
export interface BorrowckSettings {
  /** Whether fixes may use `borrowck-runtime`: where it resolves from the file, always, or never. */
  readonly runtime: 'auto' | 'always' | 'never';
  /** Contracts of the project's own functions, as written. */
  readonly contracts: unknown;
}

/** The analysis of one program, shared by every rule and cached per file. */
export interface Session {
  /** What an analysis found in a file of the program. */
  findings(sourceFile: ts.SourceFile, domain: Domain): readonly Finding[];
  /** What kept the engine from seeing the whole of the file, in sentences for the user. */
  notices(sourceFile: ts.SourceFile): readonly string[];
  /** How many analyses of the file were given up because they took too long. */
  abandoned(sourceFile: ts.SourceFile): number;
}

/** A session that can be asked why. */
export interface ExplainingSession extends Session {
  /** What the analysis of borrows made of some lines of a file, whether or not it found anything. Not cached. */
  explain(sourceFile: ts.SourceFile, watch: Watch): Explanation;
  /** What queues and what blocks on these lines, reported or not. */
  explainAsync(sourceFile: ts.SourceFile, watch: Watch): AsyncExplanation;
  /** What stands against suspending the function around a call; `isAwaitedByAll`: nobody goes on before it is done. */
  hazardOfSuspension(sourceFile: ts.SourceFile, call: { readonly start: number; readonly end: number }, isAwaitedByAll: boolean): Hazard | undefined;
}

/** What is known about async code on some lines. */
export interface AsyncExplanation {
  readonly queues: readonly QueueNote[];
  readonly sinks: readonly SinkNote[];
  readonly spawns: readonly SpawnNote[];
  readonly blocking: readonly BlockingNote[];
}

/** What an analysis says about a module. */
interface Report {
  readonly findings: readonly Finding[];
  /** Instructions interpreted. */
  readonly work: number;
  /** Parts given up because they took too long. */
  readonly abandoned: number;
  /** Why they were, where the analysis says so. */
  readonly reasons?: GivenUp;
}

const nothing: Report = { findings: [], work: 0, abandoned: 0 };

/** By program, then by settings: ESLint hands every file of a configuration the same objects. */
const sessions = new WeakMap<ts.Program, Map<unknown, ExplainingSession>>();

/**
 * The session of a program.
 *
 * @param options - the TypeScript instance that built the program, the program, the project's settings, and the folder that paths in
 *   them start from (default: the program's)
 * @returns the program's session
 * @throws {TypeScriptMismatchError} when the instance did not build the program
 */
export function sessionFor(options: { ts: typeof ts; program: ts.Program; settings: BorrowckSettings; root?: string }): ExplainingSession {
  const { program, settings, root = program.getCurrentDirectory() } = options;
  let bySettings = sessions.get(program);
  if (bySettings === undefined) sessions.set(program, (bySettings = new Map<unknown, ExplainingSession>()));
  let session = bySettings.get(settings.contracts);
  if (session === undefined) bySettings.set(settings.contracts, (session = new ProgramSession(options.ts, program, settings, root)));
  return session;
}

/** Modules by source file: a file that a new program took over unchanged is not lowered again. */
const modules = new WeakMap<ts.SourceFile, ModuleIr>();

class ProgramSession implements ExplainingSession {
  private readonly ts: typeof ts;
  private readonly world: ProgramWorld;
  private readonly source: SourceText;
  private readonly environments: Environments;
  private readonly program: ts.Program;
  private readonly present: PresentModules;
  private readonly hasOwnContracts: boolean;
  private relevance: Relevance | undefined;
  private readonly settingsProblems: readonly string[];
  /** The analyses; each runs when the first of its rules asks about a file. */
  private readonly checks: Readonly<Record<Domain, (module: () => ModuleIr, file: string) => Report>>;
  private readonly asynchronous: (module: ModuleIr, file: ReturnType<typeof programFileOf> | undefined, watch: Watch) => AsyncExplanation;
  private readonly reports = new WeakMap<ts.SourceFile, Map<Domain, Report>>();

  constructor(instance: typeof ts, program: ts.Program, settings: BorrowckSettings, root: string) {
    this.ts = instance;
    const present = (this.present = presentModulesOf(program));
    const user = readUserContracts(settings.contracts, root);
    this.settingsProblems = user.problems;
    const checked = createWorld({
      ts: instance,
      program,
      catalog: linkCatalog(present.modules, user.modules),
      lowerModule: (file) => this.moduleOf(file),
      projectContracts: user.project,
    });
    const world = (this.world = counted(withoutOverflows(checked, () => void workDone().overflows++)));
    this.source = sourceTextOf(instance);
    this.environments = makeEnvironments(this.world, this.source, () => this.relevanceOf());
    const { source, environments } = this;
    const names = programNamesOf(program, (file) => this.moduleOf(file));
    const blocking = new BlockingAnalysis({
      world,
      files: () => programFilesOf(program, (file) => this.moduleOf(file)),
      catalog: [...present.modules, ...user.modules],
      declared: namesIn(settings.contracts),
      textOf: (origin) => source.textOf(origin),
    });
    this.checks = {
      borrow: (module) => checkModule(module(), { world, source, environments, relevance: this.relevanceOf() }),
      channel: (module, path) => {
        const file = this.fileAt(path);
        return file === undefined || isTestFile(file) ? nothing : checkChannels(module(), { world, names, file });
      },
      message: (module) => checkMessages(module(), { world, source }),
      blocking: (module, file) => blocking.check(file, module),
    };
    this.asynchronous = (module, file, watch) => {
      const options = file && { world, names, file };
      return {
        queues: options === undefined ? [] : explainQueues(module, options, watch),
        sinks: options === undefined ? [] : explainSinks(module, options, watch),
        spawns: options === undefined ? [] : explainSpawns(module, options, watch),
        blocking: blocking.explain(module, watch),
      };
    };
    this.program = program;
    this.hasOwnContracts = settings.contracts !== undefined;
  }

  findings(sourceFile: ts.SourceFile, domain: Domain): readonly Finding[] {
    return this.reportOn(sourceFile, domain).findings;
  }

  abandoned(sourceFile: ts.SourceFile): number {
    return this.reportOn(sourceFile, 'borrow').abandoned;
  }

  explain(sourceFile: ts.SourceFile, watch: Watch): Explanation {
    const { world, source, environments } = this;
    return explainModule(this.moduleOf(sourceFile), { world, source, environments, relevance: this.relevanceOf() }, watch);
  }

  explainAsync(sourceFile: ts.SourceFile, watch: Watch): AsyncExplanation {
    return this.asynchronous(this.moduleOf(sourceFile), this.fileAt(sourceFile.fileName), watch);
  }

  hazardOfSuspension(sourceFile: ts.SourceFile, call: { readonly start: number; readonly end: number }, isAwaitedByAll: boolean): Hazard | undefined {
    return hazardOfSuspensionAt(this.moduleOf(sourceFile), call, { effectsOf: effectsIn(this.world), isAwaitedByAll });
  }

  notices(sourceFile: ts.SourceFile): readonly string[] {
    const names = this.world.unresolvedGlobals(sourceFile.fileName);
    const untyped = names.length === 0 ? [] : [`This program has no types for ${names.join(', ')}; add "types": ["node"] to its tsconfig.json and install @types/node, or borrowck can only go by their names.`];
    return [...this.settingsProblems, ...untyped, ...this.annotationProblems(sourceFile)];
  }

  /** Tags that say nothing, in sentences. */
  private annotationProblems(sourceFile: ts.SourceFile): readonly string[] {
    if (!/@(?:borrows|writes|releases)\b/.test(sourceFile.text)) return [];
    return this.moduleOf(sourceFile).functions.flatMap((fn) =>
      this.world.annotationProblems(fn).map((problem) => `The tags of \`${fn.name}\` on line ${sourceFile.getLineAndCharacterOfPosition(fn.origin.start).line + 1} cannot be read: ${problem}`),
    );
  }

  /** Made when the first file is asked about. Any function can be given memory by a contract of the project's own. */
  private relevanceOf(): Relevance | undefined {
    if (this.hasOwnContracts) return undefined;
    return (this.relevance ??= timed('tracing', () => new Relevance(this.present.names(), memoryFilesOf(this.program, (file) => this.moduleOf(file)), this.world)));
  }

  private reportOn(sourceFile: ts.SourceFile, domain: Domain): Report {
    let byDomain = this.reports.get(sourceFile);
    if (byDomain === undefined) this.reports.set(sourceFile, (byDomain = new Map<Domain, Report>()));
    let report = byDomain.get(domain);
    if (report === undefined) {
      const before = snapshotOfWork();
      // An analysis that finds nothing to look at in a file never asks for its functions.
      report = timed('solving', () => this.checks[domain](() => this.moduleOf(sourceFile), sourceFile.fileName));
      const work = workDone();
      if (byDomain.size === 0) work.files++;
      work.instructions += report.work;
      work.abandoned += report.abandoned;
      if (report.reasons !== undefined) Object.assign(work.reasons, plus(work.reasons, report.reasons));
      tellFile(sourceFile.fileName, before);
      byDomain.set(domain, report);
    }
    return report;
  }

  private fileAt(path: string): ReturnType<typeof programFileOf> | undefined {
    const source = this.program.getSourceFile(path);
    return source && programFileOf(source, (file) => this.moduleOf(file));
  }

  private moduleOf(file: ts.SourceFile): ModuleIr {
    let module = modules.get(file);
    if (module === undefined) {
      modules.set(file, (module = timed('listing', () => lowerModule(this.ts, file, countBody))));
      workDone().lowered++;
    }
    return module;
  }
}

/** Outside the session: what a file keeps outlives its program. */
function countBody(): void {
  workDone().bodies++;
}

/** The last names of the keys of `settings.borrowck.contracts`. */
function namesIn(contracts: unknown): readonly string[] {
  return typeof contracts === 'object' && contracts !== null ? Object.keys(contracts).map((key) => key.slice(Math.max(key.lastIndexOf('#'), key.lastIndexOf('.')) + 1)) : [];
}

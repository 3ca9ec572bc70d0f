import { placeOf, type BorrowFinding, type MoveFinding } from '../findings.js';
import { originKey, type FunctionIr, type ModuleIr } from '../ir/index.js';
import { countOf, nothingGivenUp, plus, type GivenUp } from '../work.js';
import type { World } from '../world.js';
import { analyse, enterClass, enterFunction, enterPrototype, enterTop } from './driver.js';
import type { Interpreter } from './interpreter.js';
import { Journal, type JournalEntry, type Watch } from './journal.js';
import type { State } from './state.js';
import type { Relevance } from './relevance/index.js';
import { canMove } from './may-move.js';
import { Unit, type Environments, type SourceText } from './unit.js';

export { makeEnvironments } from './environment.js';
export type { JournalEntry, LoanNote, Watch } from './journal.js';
export { goneInWords } from './moves.js';
export type { Environments, SourceText } from './unit.js';

/** Work allowed for one unit, in instructions interpreted. */
const unitStepLimit = 10_000;
/** Work allowed for one of a program that hands memory about in very many functions: a lint must end while somebody waits for it. */
const largeUnitStepLimit = 6_000;
/** Work allowed for one file. */
const fileStepLimit = 30_000;
/** Where a file's work is used up, functions as small as this are analysed all the same: most are. */
const smallStepLimit = 400;
/** Work allowed for those. */
const smallStepsLimit = 10_000;

/** Milliseconds after which no further unit of a file is begun; reached only by files out of all proportion. */
const fileTimeLimit = 120_000;

export interface BorrowOptions {
  readonly world: World;
  readonly source: SourceText;
  readonly environments: Environments;
  /** Tells what cannot have a finding, and is left out; without it everything is analysed. */
  readonly relevance?: Relevance | undefined;
  /** Told what is done on the way. */
  readonly journal?: Journal | undefined;
}

export interface BorrowReport {
  readonly findings: readonly (BorrowFinding | MoveFinding)[];
  /** Instructions interpreted. */
  readonly work: number;
  /** Units given up because they took too long. */
  readonly abandoned: number;
  /** Why they were. */
  readonly reasons: GivenUp;
}

/** Finds every borrow of a module's memory that outlives it. */
export function checkModule(module: ModuleIr, options: BorrowOptions): BorrowReport {
  return new ModuleCheck(module, options).run();
}

/** What the analysis made of some lines of a module. */
export interface Explanation {
  /** What it did in the whole module. */
  readonly entries: readonly JournalEntry[];
  /** The functions around the first of the lines, innermost first; without the module's top level. */
  readonly functions: readonly Pick<FunctionIr, 'name' | 'origin'>[];
  /** The lines were not run: no memory comes by that is handed out and overwritten afterwards. The entries are those of a trial. */
  readonly isLeftOut: boolean;
  /** Syntax of the innermost function that the analysis does not know; the function is not analysed. */
  readonly skipped: string | undefined;
}

/** Analyses a module once more, and keeps what is done on the way. */
export function explainModule(module: ModuleIr, options: BorrowOptions, watch: Watch): Explanation {
  const around = module.functions.filter(({ kind, origin }) => kind !== 'module' && origin.start <= watch.start && watch.start < origin.end).sort((a, b) => b.origin.start - a.origin.start);
  const explained = (relevance: Relevance | undefined): { readonly check: ModuleCheck; readonly journal: Journal } => {
    const journal = new Journal(watch);
    const check = new ModuleCheck(module, { ...options, relevance, journal });
    check.run();
    return { check, journal };
  };
  const { check, journal } = explained(options.relevance);
  const inner = around[0] ?? module.top;
  const isLeftOut = !check.hasRun(inner) && options.relevance?.isRelevantInside(inner) === false;
  const entries = isLeftOut ? explained(undefined).journal.entries : journal.entries;
  return { entries, functions: around, isLeftOut, skipped: inner.skipped };
}

class ModuleCheck {
  private readonly module: ModuleIr;
  private readonly options: BorrowOptions;
  private readonly relevance: Relevance | undefined;
  private readonly findings = new Map<string, BorrowFinding | MoveFinding>();
  private readonly interpreted = new Set<FunctionIr>();
  private work = 0;
  private reasons: GivenUp = nothingGivenUp;
  private readonly deadline = performance.now() + fileTimeLimit;

  constructor(module: ModuleIr, options: BorrowOptions) {
    this.module = module;
    this.options = options;
    // What is moved away need not be memory: ports and streams are, too.
    this.relevance = canMove(module, options.world) ? undefined : options.relevance;
  }

  run(): BorrowReport {
    const { relevance } = this;
    const functions = relevance === undefined ? this.module.functions : this.module.functions.filter((fn) => relevance.isRelevantInside(fn));
    const classes = this.module.classes.filter((class_) => relevance?.isRelevantClass(class_) !== false);
    if (functions.length === 0 && classes.length === 0) return { findings: [], work: 0, abandoned: 0, reasons: nothingGivenUp };
    if (functions.some(isReachedFromTop)) this.checkTop();
    for (const class_ of classes) this.check((interpreter, state) => enterClass(interpreter, state, class_));
    if (functions.length > 0) this.checkPrototypes();
    for (const fn of functions) this.checkFunction(fn);
    const findings = [...this.findings.values()];
    return { findings: findings.filter((finding) => !isTakenAlong(finding, findings)), work: this.work, abandoned: countOf(this.reasons), reasons: this.reasons };
  }

  /** The function was interpreted. */
  hasRun(fn: FunctionIr): boolean {
    return this.interpreted.has(fn);
  }

  private check(enter: (interpreter: Interpreter, state: State) => readonly State[], isInternal = false): void {
    if (performance.now() > this.deadline) {
      this.reasons = plus(this.reasons, { ...nothingGivenUp, time: 1 });
      return;
    }
    // What is left of the file's work, or a little of what is kept for small functions.
    const left = fileStepLimit - this.work;
    const totalLimit = left > smallStepLimit ? left : Math.max(0, Math.min(smallStepLimit, fileStepLimit + smallStepsLimit - this.work));
    if (totalLimit === 0) {
      // Not even begun: what a unit of a large file starts from is much in itself.
      this.reasons = plus(this.reasons, { ...nothingGivenUp, 'steps of the file': 1 });
      return;
    }
    const { relevance } = this;
    const unit = new Unit({ ...this.options, module: this.module, stepLimit: relevance?.isLarge === true ? largeUnitStepLimit : unitStepLimit, totalLimit });
    analyse(unit, enter, isInternal);
    this.options.journal?.close();
    this.work += unit.budget.work;
    this.reasons = plus(this.reasons, unit.budget.abandoned);
    for (const fn of unit.interpreted) this.interpreted.add(fn);
    for (const finding of unit.reporter.findings) {
      const key = `${finding.kind}:${originKey(placeOf(finding))}`;
      const old = this.findings.get(key);
      if (old === undefined || (old.certainty === 'potential' && finding.certainty === 'certain')) this.findings.set(key, finding);
    }
  }

  /** Runs the top level, then everything it exports or registers, over the module's shared variables. */
  private checkTop(): void {
    this.check((interpreter, state) => enterTop(interpreter, state, this.module.top));
  }

  /** Functions that have methods on their prototype. */
  private checkPrototypes(): void {
    const { objects } = this.options.environments(this.module);
    for (const fn of this.module.functions) {
      const id = `f:${this.module.file}:${fn.id}.prototype`;
      const prototype = objects.get(id);
      if (prototype !== undefined && prototype.fields.size > 0) this.check((interpreter, state) => enterPrototype(interpreter, state, fn, id));
    }
  }

  /** Whoever calls it here, it has promised something to all its callers. */
  private isBorrower(fn: FunctionIr): boolean {
    return fn.parameters.some((_, index) => this.options.world.lentUntil(fn, index) !== undefined);
  }

  /** What nothing above has called: functions that only unknown code can reach, or that nothing exports. */
  private checkFunction(fn: FunctionIr): void {
    if ((this.interpreted.has(fn) && !this.isBorrower(fn)) || fn.kind === 'module' || fn.kind === 'fields' || fn.kind === 'static-block' || fn.kind === 'constructor') return;
    const isInternal = this.module.format !== 'script';
    this.check((interpreter, state) => enterFunction(interpreter, state, fn, !isInternal, isInternal), isInternal);
  }
}

/** Members of instances run when somebody has an instance; all else the top level may hand out. */
function isReachedFromTop(fn: FunctionIr): boolean {
  const { ownerClass } = fn;
  return ownerClass === undefined || fn.kind === 'static-block' || ownerClass.members.some((member) => member.function === fn && member.isStatic);
}

/** The use is in a function that was reported to have been given the memory for later. */
function isTakenAlong(finding: BorrowFinding | MoveFinding, all: readonly (BorrowFinding | MoveFinding)[]): boolean {
  if (finding.kind !== 'lapsed-borrow') return false;
  const { file, start } = finding.at;
  return all.some((other) => other.kind === 'borrowed-capture' && other.escape.at.file === file && other.escape.at.start <= start && start < other.escape.at.end);
}

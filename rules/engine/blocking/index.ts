import type { BlockingFinding } from '../findings.js';
import { effectsIn } from '../flow/effects.js';
import { hazardOfSuspension, type Circumstances } from '../flow/suspension.js';
import type { FunctionIr, Instruction, ModuleIr, Origin, Variable } from '../ir/index.js';
import { definitionOf } from '../ir/operands.js';
import type { World } from '../world.js';
import type { ModuleData } from '../contracts/catalog-format.js';
import { Calls, displayName } from './calls.js';
import { Contexts, type Context, type NoContext } from './contexts.js';
import type { ProgramFile } from './files.js';
import { BlockingNames } from './names.js';
import { Reach, type Cause, type Site } from './reach.js';
import { seedsOf } from './seeds.js';
import { toldBy } from './telling.js';
import { Uses } from './uses.js';
import { Values } from './values.js';

/** What the analysis of a program asks. */
export interface BlockingOptions {
  readonly world: World;
  readonly files: () => readonly ProgramFile[];
  readonly catalog: readonly ModuleData[];
  /** The names of the project's functions that settings have contracts for. */
  readonly declared: readonly string[];
  /** The source behind an origin, white space folded. */
  readonly textOf: (origin: Origin) => string;
}

/** What the analysis says about a module. */
export interface BlockingReport {
  readonly findings: readonly BlockingFinding[];
  readonly work: number;
  readonly abandoned: number;
}

/** Something that blocks on the lines that are looked at, and why it is reported there, or is not. */
export interface BlockingNote {
  readonly at: Origin;
  /** The way to what blocks: `load → fs.readFileSync`. */
  readonly chain: string;
  /** Why nothing waits meanwhile; undefined where the event loop runs this code while other work waits. */
  readonly whyNot: NoContext | undefined;
}

/** What gives a promise of a promise. */
const chaining: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

/** The analysis of one program: what is found out for one file serves the others. */
export class BlockingAnalysis {
  readonly #options: BlockingOptions;
  readonly #effectsOf: Circumstances['effectsOf'];
  #parts: { readonly names: BlockingNames; readonly contexts: Contexts; readonly reach: Reach } | undefined;

  constructor(options: BlockingOptions) {
    this.#options = options;
    this.#effectsOf = effectsIn(options.world);
  }

  /**
   * Looks for code that the event loop runs and that blocks it.
   *
   * @param file - the file, as the program's list of files has it
   * @param moduleOf - lowers the file; not called where nothing in it names anything that blocks
   * @returns the findings, by position
   */
  check(path: string, moduleOf: () => ModuleIr): BlockingReport {
    const { names, contexts, reach } = (this.#parts ??= this.#prepare());
    if (!names.isIn(path)) return { findings: [], work: 0, abandoned: 0 };
    const module = moduleOf();
    if (contexts.isExempt(module)) return { findings: [], work: 0, abandoned: 0 };
    const before = reach.work;
    const findings: BlockingFinding[] = [];
    const reported = new Set<string>();
    for (const fn of module.functions) {
      if (!names.isFunction(fn)) continue;
      const context = contexts.of(fn);
      if (context === undefined) continue;
      for (const site of reach.sitesIn(fn)) {
        const key = `${site.at.start}:${site.at.end}`;
        if (reported.has(key) || site.at.file !== path || this.#isNeverReached(site)) continue;
        reported.add(key);
        findings.push(this.#finding(site, fn, context));
      }
    }
    findings.sort((a, b) => a.at.start - b.at.start);
    return { findings, work: reach.work - before, abandoned: 0 };
  }

  /** What blocks between two offsets of a module, reported or not. */
  explain(module: ModuleIr, { start, end }: { readonly start: number; readonly end: number }): readonly BlockingNote[] {
    const { names, contexts, reach } = (this.#parts ??= this.#prepare());
    if (!names.isIn(module.file)) return [];
    return module.functions.filter((fn) => fn.kind === 'module' || names.isFunction(fn)).flatMap((fn) =>
      reach.sitesIn(fn).flatMap(({ at, fn: by, causes: [cause] }): BlockingNote[] => {
        if (cause === undefined || by !== fn || at.start < start || at.start >= end) return [];
        return [{ at, chain: [...cause.links.map(({ name }) => name), cause.name].join(' → '), whyNot: contexts.whyNot(fn) }];
      }),
    );
  }

  /** What comes first is reached: no type has to be asked. */
  #isNeverReached({ at, call, fn }: Site): boolean {
    return (call === undefined || fn.body?.blocks[0]?.instructions.includes(call) !== true) && this.#options.world.isNeverReached(at);
  }

  #prepare(): { readonly names: BlockingNames; readonly contexts: Contexts; readonly reach: Reach } {
    const { world, catalog, declared } = this.#options;
    const files = this.#options.files();
    const names = new BlockingNames(files, seedsOf(catalog, files, declared));
    const values = new Values(world);
    const calls = new Calls(world, values, names);
    const uses = new Uses(files, values, calls);
    const contexts = new Contexts({ world, values, uses, files });
    const reach = new Reach({ world, calls, uses, values, names, contexts });
    names.find({ callsBlocking: (fn) => reach.callsBlocking(fn), isRunInside: (fn) => uses.of(fn).some((use) => use.kind === 'now') }, world);
    return { names, contexts, reach };
  }

  #finding(site: Site, fn: FunctionIr, context: Context): BlockingFinding {
    const [cause] = site.causes as readonly [Cause, ...Cause[]];
    const isSuspensible = site.fn === fn && fn.isAsync && site.call !== undefined;
    const isDirect = isSuspensible && cause.links.length === 0 && cause.isApiItself;
    const finding = {
      kind: 'blocking-in-async',
      at: site.at,
      context,
      callee: this.#calleeText(site),
      functionName: displayName(fn),
      isNominal: fn.isAsync && !fn.outline.hasAwait && !fn.outline.hasYield && !givesPromise(fn),
      causes: site.causes,
      isAwaited: site.call?.isAwaited === true,
      isResultUsed: site.call?.isResultUsed === true,
      arguments: site.call?.arguments.map(({ origin }) => origin) ?? [],
      suspension: !isSuspensible ? 'impossible' : isDirect && hazardOfSuspension(fn, site.call, { effectsOf: this.#effectsOf }) === undefined ? 'harmless' : 'doubtful',
    } as const;
    return toldBy(finding, cause);
  }

  /** As written: `fs.readFileSync`, `this.load`, `new Store`; `(0, fs_1.readFileSync)`, as compilers write it, without its wrapping. */
  #calleeText({ call }: Site): string {
    if (call === undefined) return '';
    const { callee } = call;
    const { textOf } = this.#options;
    const shown = (text: string): string => (text.length > 40 ? '…' : text);
    switch (callee.kind) {
      case 'method':
        return callee.key.kind === 'name' ? `${shown(textOf(callee.objectOrigin))}.${callee.key.name}` : `${shown(textOf(callee.objectOrigin))}[…]`;
      case 'super-method':
        return callee.key.kind === 'name' ? `super.${callee.key.name}` : 'super[…]';
      default: {
        const text = textOf(call.origin).replace(/^\(0, ([\w$.]+)\)/, '$1').replace(/\(.*$/s, '').replace(/^await /, '');
        return text.length > 40 || text === '' ? 'this call' : text;
      }
    }
  }
}

/** Something that it returns is a promise already, by its looks: its work goes on without an `await`. */
function givesPromise({ body }: FunctionIr): boolean {
  const instructions = (body?.blocks ?? []).flatMap(({ instructions: all }) => all);
  const makerOf = (value: Variable): Instruction | undefined => instructions.find((one) => definitionOf(one) === value);
  const isPromise = (value: Variable): boolean => {
    const maker = makerOf(value);
    return maker?.op === 'global' && maker.name === 'Promise';
  };
  return (body?.blocks ?? []).some(({ terminal }) => {
    const maker = terminal.kind === 'return' && terminal.value !== undefined ? makerOf(terminal.value) : undefined;
    if (maker?.op !== 'call') return false;
    const { callee } = maker;
    if (callee.kind === 'construct') return isPromise(callee.value);
    return callee.kind === 'method' && ((callee.key.kind === 'name' && chaining.has(callee.key.name)) || isPromise(callee.object));
  });
}

import { graphOf, type Loop } from '../flow/graph.js';
import type { Block, BlockId, FunctionIr, Instruction, Origin, Terminal, Variable } from '../ir/index.js';
import { definitionOf, operandsOf, successorsOf, terminalOperandsOf } from '../ir/operands.js';

/** An instruction and where it stands. */
export interface Site<I extends Instruction = Instruction> {
  readonly fn: FunctionIr;
  readonly block: BlockId;
  readonly index: number;
  readonly instruction: I;
}

export type Call = Extract<Instruction, { readonly op: 'call' }>;

/** A way out of a block that gives a variable its value: a step of an iterator, what `yield` is sent. */
export type Step = Extract<Terminal, { readonly kind: 'next' | 'yield' }>;

/** What a body says about its variables, without following its control flow. */
export class Facts {
  readonly fn: FunctionIr;
  readonly blocks: readonly Block[];
  readonly sites: readonly Site[];
  readonly #definitions = new Map<Variable, Site[]>();
  readonly #steps = new Map<Variable, { readonly step: Step; readonly block: BlockId }>();
  readonly #uses = new Map<Variable, Site[]>();
  readonly #functions = new Map<FunctionIr, Variable>();

  constructor(fn: FunctionIr) {
    this.fn = fn;
    this.blocks = fn.body?.blocks ?? [];
    const sites: Site[] = [];
    for (const { id, instructions, terminal } of this.blocks) {
      for (const [index, instruction] of instructions.entries()) {
        const site: Site = { fn, block: id, index, instruction };
        sites.push(site);
        const target = definitionOf(instruction);
        if (target !== undefined) add(this.#definitions, target, site);
        if (instruction.op === 'function') this.#functions.set(instruction.function, instruction.target);
        for (const operand of operandsOf(instruction)) add(this.#uses, operand, site);
      }
      if (terminal.kind === 'next') this.#steps.set(terminal.value, { step: terminal, block: id });
      if (terminal.kind === 'yield') this.#steps.set(terminal.result, { step: terminal, block: id });
    }
    this.sites = sites;
  }

  /** The value that a function written inside this one is where it is written. */
  valueOf(fn: FunctionIr): Variable | undefined {
    return this.#functions.get(fn);
  }

  /** The instructions of this body that give the variable a value. */
  definitionsOf(variable: Variable): readonly Site[] {
    return this.#definitions.get(variable) ?? [];
  }

  /** The only one; undefined where there are several, or none. */
  definitionOf(variable: Variable): Instruction | undefined {
    const found = this.#definitions.get(variable);
    return found?.length === 1 ? found[0]?.instruction : undefined;
  }

  /** The iteration or `yield` that gives the variable its value. */
  stepOf(variable: Variable): Step | undefined {
    return this.#steps.get(variable)?.step;
  }

  /** The instructions of this body that read the variable. */
  usesOf(variable: Variable): readonly Site[] {
    return this.#uses.get(variable) ?? [];
  }

  /** Follows copies of this body back to where the value comes from. */
  sourceOf(variable: Variable): Variable {
    let current = variable;
    for (let turns = 0; turns < 16; turns++) {
      const definition = this.definitionOf(current);
      if (definition?.op !== 'copy' || (current.storage !== 'temporary' && !current.isConstant)) return current;
      current = definition.source;
    }
    return current;
  }

  /** The instruction that made the value, through copies. */
  makerOf(variable: Variable): Instruction | undefined {
    return this.definitionOf(this.sourceOf(variable));
  }

  /** The variable and all those of this body that it may be another name of: both sides of `given ?? made`. */
  sourcesOf(variable: Variable): ReadonlySet<Variable> {
    const sources = new Set([variable]);
    for (const current of sources) {
      if (current.storage !== 'temporary' && !current.isConstant) continue;
      for (const { instruction } of this.definitionsOf(current)) if (instruction.op === 'copy') sources.add(instruction.source);
    }
    return sources;
  }

  /** The instructions that may have made the value. */
  makersOf(variable: Variable): readonly Instruction[] {
    return [...this.sourcesOf(variable)].flatMap((source) => this.definitionsOf(source).flatMap(({ instruction }) => (instruction.op === 'copy' ? [] : [instruction])));
  }

  /** What is known as the value's expression. */
  originOf(variable: Variable): Origin {
    return this.definitionOf(variable)?.origin ?? variable.origin;
  }

  /** The loops around a block, the innermost first. */
  loopsAround(block: BlockId): readonly Loop[] {
    const { body } = this.fn;
    if (body === undefined) return [];
    return [...graphOf(body).loops.values()].filter((loop) => loop.blocks.has(block)).sort((a, b) => a.blocks.size - b.blocks.size);
  }

  /** The blocks that can run after the start of one, that one included; the ways through `without` are left out. */
  reachableFrom(start: BlockId, without?: BlockId): ReadonlySet<BlockId> {
    const seen = new Set<BlockId>([start]);
    const work = [start];
    for (let id = work.pop(); id !== undefined; id = work.pop()) {
      const block = this.blocks[id];
      if (block === undefined) continue;
      for (const next of successorsOf(block.terminal)) {
        if (seen.has(next) || next === without) continue;
        seen.add(next);
        work.push(next);
      }
    }
    return seen;
  }

  /** The values that `return` hands out. */
  get returned(): readonly Variable[] {
    return this.blocks.flatMap(({ terminal }) => (terminal.kind === 'return' && terminal.value !== undefined ? [terminal.value] : []));
  }

  /** Whether a variable is read by the way out of some block. */
  isTerminalOperand(variable: Variable): boolean {
    return this.blocks.some(({ terminal }) => terminalOperandsOf(terminal).includes(variable));
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

const known = new WeakMap<FunctionIr, Facts>();

/**
 * The facts of a function's body, found once.
 *
 * @param fn - the function; it is lowered now
 * @returns its facts; empty where it has no body
 */
export function factsOf(fn: FunctionIr): Facts {
  let facts = known.get(fn);
  if (facts === undefined) known.set(fn, (facts = new Facts(fn)));
  return facts;
}

/** Narrows a site to that of a call. */
export function isCall(site: Site): site is Site<Call> {
  return site.instruction.op === 'call';
}

/** The functions written inside of a function, at any depth. */
export function closuresOf(fn: FunctionIr): readonly FunctionIr[] {
  return fn.outline.nested.flatMap((nested) => [nested, ...closuresOf(nested)]);
}

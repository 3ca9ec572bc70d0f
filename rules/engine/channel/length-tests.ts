import type { BlockId, FunctionIr, Origin, Terminal, Variable } from '../ir/index.js';
import { factsOf } from './facts.js';
import { functionIndexOf } from './functions.js';
import type { QueueUses } from './uses.js';

/** A branch on how many a queue holds, compared with a limit. */
export interface LengthTest extends Limit {
  readonly fn: FunctionIr;
  readonly block: BlockId;
  readonly over: BlockId;
  readonly under: BlockId;
  readonly at: Origin;
}

interface Limit {
  readonly limit: Variable;
  /** The function that reads the limit. */
  readonly limitIn: FunctionIr;
}

/** A value that says whether there are too many, or whether there is room. */
interface Condition extends Limit {
  /** It is true where there are too many. */
  readonly isOver: boolean;
}

type Branch = Extract<Terminal, { readonly kind: 'branch' }>;

/**
 * The branches on a queue's length, wherever it is compared: in the branch itself, or by a function whose result the branch looks at.
 *
 * @param uses - what is done with the queue
 * @returns the branches
 */
export function lengthTestsOf(uses: QueueUses): readonly LengthTest[] {
  const lengths = new Lengths(uses.sizes, uses.rooms);
  return [...lengths.functions].flatMap((fn) => lengths.testsIn(fn));
}

/** Values that were read of how long something is, and what tells of them. */
export type Sizes = QueueUses['sizes'];

/**
 * The branches of one function on how long something is.
 *
 * @param fn - the function
 * @param sizes - what it read of the length
 * @returns the branches
 */
export function lengthTestsIn(fn: FunctionIr, sizes: Sizes): readonly LengthTest[] {
  return new Lengths(sizes).testsIn(fn);
}

/**
 * What values say about how long something is.
 *
 * @param sizes - what was read of the length
 * @returns something that tells, of a value, whether it says that there are too many
 */
export function lengthsFrom(sizes: Sizes, rooms: Sizes = []): Pick<Lengths, 'conditionOf' | 'functions'> {
  return new Lengths(sizes, rooms);
}

/** The values of a program that tell how long a queue is. */
class Lengths {
  /** Functions that have one. */
  readonly functions: ReadonlySet<FunctionIr>;
  readonly #sizes: Set<Variable>;
  readonly #rooms: ReadonlySet<Variable>;
  readonly #conditions = new Map<Variable, Condition>();

  constructor(sizes: Sizes, rooms: Sizes = []) {
    this.#sizes = new Set(sizes.map(({ value }) => value));
    this.#rooms = new Set(rooms.map(({ value }) => value));
    const functions = new Set([...sizes, ...rooms].map(({ fn }) => fn));
    this.functions = functions;
    for (const fn of functions) {
      for (const { user, value } of this.#tell(fn)) {
        if (this.#sizes.has(value) || this.#conditions.has(value)) continue;
        const condition = this.#saidBy(fn);
        if (condition === undefined) this.#sizes.add(value);
        else this.#conditions.set(value, condition);
        // Whoever is told may tell the next.
        functions.delete(user);
        functions.add(user);
      }
    }
  }

  testsIn(fn: FunctionIr): readonly LengthTest[] {
    return factsOf(fn).blocks.flatMap(({ id, terminal }) => (terminal.kind === 'branch' ? (this.#testAt(fn, id, terminal) ?? []) : []));
  }

  #testAt(fn: FunctionIr, block: BlockId, { test, then, otherwise, origin: at }: Branch): LengthTest | undefined {
    const condition = this.#ofTest(fn, test);
    if (condition === undefined) return undefined;
    const { isOver, limit, limitIn } = condition;
    return { fn, block, over: isOver ? then : otherwise, under: isOver ? otherwise : then, limit, limitIn, at };
  }

  #ofTest(fn: FunctionIr, test: Branch['test']): Condition | undefined {
    switch (test.kind) {
      case 'less':
        return this.#compared(fn, test.left, test.right);
      case 'equal': {
        if (this.#rooms.has(factsOf(fn).sourceOf(test.left)) && isEmptiness(fn, test.right)) return { limit: test.left, limitIn: fn, isOver: true };
        if (!this.#isSize(fn, test.left) && !this.#isSize(fn, test.right)) return undefined;
        const limit = this.#isSize(fn, test.left) ? test.right : test.left;
        return isEmptiness(fn, limit) ? undefined : { limit, limitIn: fn, isOver: true };
      }
      case 'truthy':
        return this.conditionOf(fn, test.value);
      default:
        return undefined;
    }
  }

  /** What a value says, where it is one that says so. */
  conditionOf(fn: FunctionIr, value: Variable): Condition | undefined {
    const facts = factsOf(fn);
    const told = this.#conditions.get(facts.sourceOf(value));
    if (told !== undefined) return told;
    if (this.#rooms.has(facts.sourceOf(value))) return { limit: value, limitIn: fn, isOver: false };
    const maker = facts.makerOf(value);
    if (maker === undefined) return this.#joined(fn, value);
    if (maker.op === 'unary' && maker.operator === '!') {
      const denied = this.conditionOf(fn, maker.operand);
      return denied && { ...denied, isOver: !denied.isOver };
    }
    if (maker.op !== 'binary') return undefined;
    const { operator, left, right } = maker;
    if (operator === '<' || operator === '<=') return this.#compared(fn, left, right);
    return operator === '>' || operator === '>=' ? this.#compared(fn, right, left) : undefined;
  }

  /** `isOpen && queue.length < most`: where that holds, both do; where `isClosed || queue.length > most` does not, neither does. */
  #joined(fn: FunctionIr, value: Variable): Condition | undefined {
    const facts = factsOf(fn);
    const [first, second, ...more] = facts.definitionsOf(facts.sourceOf(value));
    if (first?.instruction.op !== 'copy' || second?.instruction.op !== 'copy' || more.length > 0) return undefined;
    const joints = [[first, second.instruction.source], [second, first.instruction.source]] as const;
    for (const [{ block, instruction }, other] of joints) {
      if (instruction.op !== 'copy') continue;
      // One side is the value of the whole where it decides: it is looked at before.
      const branch = facts.blocks.find(({ terminal }) => terminal.kind === 'branch' && terminal.test.kind === 'truthy' && terminal.test.value === instruction.source)?.terminal;
      if (branch?.kind !== 'branch' || (branch.then === block) === (branch.otherwise === block)) continue;
      const isOver = branch.then === block;
      return [instruction.source, other].map((side) => this.conditionOf(fn, side)).find((condition) => condition?.isOver === isOver);
    }
    return undefined;
  }

  /** `left < right` */
  #compared(fn: FunctionIr, left: Variable, right: Variable): Condition | undefined {
    const isRoom = (side: Variable): boolean => this.#rooms.has(factsOf(fn).sourceOf(side));
    if (isRoom(left) && (isEmptiness(fn, right) || isLength(fn, right))) return { limit: right, limitIn: fn, isOver: true };
    if (isRoom(right) && (isEmptiness(fn, left) || isLength(fn, left))) return { limit: left, limitIn: fn, isOver: false };
    // `limit - queue.length > 0`: how many more there may be.
    if (this.#isRoom(fn, right) && isEmptiness(fn, left)) return { limit: right, limitIn: fn, isOver: false };
    if (this.#isSize(fn, left) && !isEmptiness(fn, right)) return { limit: right, limitIn: fn, isOver: false };
    return this.#isSize(fn, right) && !isEmptiness(fn, left) ? { limit: left, limitIn: fn, isOver: true } : undefined;
  }

  #isRoom(fn: FunctionIr, variable: Variable): boolean {
    const maker = factsOf(fn).makerOf(variable);
    return maker?.op === 'binary' && maker.operator === '-' && this.#isSize(fn, maker.right) && !this.#isSize(fn, maker.left);
  }

  #isSize(fn: FunctionIr, variable: Variable, depth = 0): boolean {
    if (this.#sizes.has(variable)) return true;
    const maker = depth < 4 ? factsOf(fn).definitionOf(variable) : undefined;
    if (maker?.op === 'copy') return this.#isSize(fn, maker.source, depth + 1);
    return maker?.op === 'binary' && /^[+-]$/.test(maker.operator) && (this.#isSize(fn, maker.left, depth + 1) || this.#isSize(fn, maker.right, depth + 1));
  }

  /** The results of a function that says nothing but how long the queue is, or whether it is too long: `get isFull()`, `hasRoom()`. */
  #tell(fn: FunctionIr): readonly Told[] {
    const { returned } = factsOf(fn);
    const saysSize = returned.length > 0 && returned.every((value) => this.#isSize(fn, value));
    return saysSize || this.#saidBy(fn) !== undefined ? resultsOf(fn) : [];
  }

  /** What every `return` says alike. */
  #saidBy(fn: FunctionIr): Condition | undefined {
    const [first, ...others] = factsOf(fn).returned.map((value) => this.conditionOf(fn, value));
    return others.every((other) => other?.isOver === first?.isOver) ? first : undefined;
  }
}

/** A value that a function gave, where it was asked. */
interface Told {
  readonly user: FunctionIr;
  readonly value: Variable;
}

/** What a function gives, wherever its file asks it. */
function resultsOf(fn: FunctionIr): readonly Told[] {
  if (fn.isAsync || fn.isGenerator) return [];
  const index = functionIndexOf(fn.module);
  if (fn.kind === 'getter') return loadsOf(fn);
  return index.referencesOf(fn).flatMap((reference): readonly Told[] => {
    if (reference.kind !== 'call') return [];
    const { fn: user, instruction } = reference.site;
    return index.calleeOf(instruction) === fn ? [{ user, value: instruction.target }] : [];
  });
}

/** `this.isFull`, of a getter. */
function loadsOf(getter: FunctionIr): readonly Told[] {
  const { ownerClass, module } = getter;
  const key = ownerClass?.members.find((member) => member.function === getter)?.key;
  if (key?.kind !== 'name') return [];
  const index = functionIndexOf(module);
  return index.touching(key.name).flatMap((user) =>
    factsOf(user).sites.flatMap(({ instruction }): readonly Told[] => {
      if (instruction.op !== 'load' || instruction.key.kind !== 'name' || instruction.key.name !== key.name) return [];
      const self = index.rootOf(instruction.object);
      return self.storage === 'this' && self.owner.ownerClass === ownerClass ? [{ user, value: instruction.target }] : [];
    }),
  );
}

/** How long something else is: what is about to come in. */
function isLength(fn: FunctionIr, value: Variable): boolean {
  const maker = factsOf(fn).makerOf(value);
  return maker?.op === 'load' && maker.key.kind === 'name' && /^(?:length|byteLength|size)$/.test(maker.key.name);
}

/**
 * `length > 0`, `length === 1`: whether there is anything at all.
 *
 * @param fn - where it is compared
 * @param limit - what a length is compared with
 * @returns whether that is a number that bounds nothing
 */
export function isEmptiness(fn: FunctionIr, limit: Variable): boolean {
  const maker = factsOf(fn).makerOf(limit);
  return maker?.op === 'literal' && typeof maker.value === 'number' && maker.value <= 1;
}

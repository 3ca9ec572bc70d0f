import type ts from 'typescript';
import type { BlockId, Instruction, Literal, Origin, Variable } from '../../ir/index.js';
import type { FunctionRecord, ModuleRecord, VariableRecord } from '../model.js';
import { NodeOrigin } from '../origin.js';
import type { Scope } from '../scope.js';
import type { Changes } from './changes.js';
import { GraphBuilder } from './graph.js';

export type TypeScript = typeof import('typescript');

/** What becomes of an expression's value. */
export interface Use {
  readonly isResultUsed: boolean;
  readonly isAwaited: boolean;
}

export const USED: Use = { isResultUsed: true, isAwaited: false };
export const UNUSED: Use = { isResultUsed: false, isAwaited: false };
export const AWAITED: Use = { isResultUsed: true, isAwaited: true };

/** The parts of the lowering find each other through this table, so that their files need not import one another. */
export interface Dispatch {
  value(lowering: Lowering, node: ts.Expression, use: Use): Variable;
  /** Goes to `then` or `otherwise` by the expression's truth. */
  condition(lowering: Lowering, node: ts.Expression, then: BlockId, otherwise: BlockId): void;
  statement(lowering: Lowering, node: ts.Statement, labels: readonly string[]): void;
}

/** A loop, switch or labelled statement that jumps can name. */
interface JumpFrame {
  readonly kind: 'jump';
  readonly labels: readonly string[];
  readonly breakTo: BlockId | undefined;
  readonly continueTo: BlockId | undefined;
  /** A `break` or `continue` without a label means it. */
  readonly isPlain: boolean;
}

/** Something that runs on every way out: a `finally` body, the end of a `using`, the closing of an iterator. */
export interface CleanupFrame {
  readonly kind: 'cleanup';
  /** Where exceptions go from the cleanup itself. */
  readonly handler: BlockId | undefined;
  readonly scope: Scope;
  readonly run: () => void;
  /** Copies made so far, by the jump's target. */
  readonly copies: Map<BlockId, BlockId>;
  abandon: BlockId | undefined;
}

/** Raised on what the lowering does not know: the function has no body then, and says why. */
export class Unsupported extends Error {}

/** The state of lowering one function. */
export class Lowering {
  readonly ts: TypeScript;
  /** Held here because every look-up in the namespace object of a package costs a hash. */
  readonly SyntaxKind: TypeScript['SyntaxKind'];
  readonly NodeFlags: TypeScript['NodeFlags'];
  readonly fn: FunctionRecord;
  readonly module: ModuleRecord;
  readonly graph = new GraphBuilder();
  readonly dispatch: Dispatch;
  scope: Scope;
  frames: readonly (JumpFrame | CleanupFrame)[] = [];
  /** Where the optional chain around the current expression goes when it stops short. */
  chainExit: BlockId | undefined;
  /** The object of the namespace whose body is being lowered. */
  namespace: Variable | undefined;
  /** Cleanups that are being copied inside other cleanups. */
  copyDepth = 0;
  /** The exit of a generator that its consumer gave up. */
  abandonExit: BlockId | undefined;
  readonly changes = new Map<ts.Node, Changes>();

  constructor(tsc: TypeScript, fn: FunctionRecord, dispatch: Dispatch) {
    this.ts = tsc;
    this.SyntaxKind = tsc.SyntaxKind;
    this.NodeFlags = tsc.NodeFlags;
    this.fn = fn;
    this.module = fn.module;
    this.dispatch = dispatch;
    this.scope = fn.scope;
  }

  origin(node: ts.Node): Origin {
    return new NodeOrigin(node, this.module.sourceFile);
  }

  temporary(origin: Origin): VariableRecord {
    return this.module.newVariable('', 'temporary', this.fn, origin);
  }

  emit(instruction: Instruction): void {
    this.graph.emit(instruction);
  }

  literal(value: Literal, origin: Origin): Variable {
    const target = this.temporary(origin);
    this.emit({ op: 'literal', target, value, origin });
    return target;
  }

  copy(target: Variable, source: Variable, origin: Origin): void {
    this.emit({ op: 'copy', target, source, origin });
  }

  value(node: ts.Expression, use: Use = USED): Variable {
    return this.dispatch.value(this, node, use);
  }

  /** Evaluates for the effects alone. */
  effect(node: ts.Expression): void {
    this.dispatch.value(this, node, UNUSED);
  }

  condition(node: ts.Expression, then: BlockId, otherwise: BlockId): void {
    this.dispatch.condition(this, node, then, otherwise);
  }

  statement(node: ts.Statement, labels: readonly string[] = []): void {
    this.dispatch.statement(this, node, labels);
  }

  /** Runs `inside` with the scope of a node, if the walk made one. */
  within(node: ts.Node, inside: () => void): void {
    const outer = this.scope;
    this.scope = this.module.scopes.get(node) ?? outer;
    inside();
    this.scope = outer;
  }

  /** Runs `inside` with one more frame around it. */
  framed(frame: JumpFrame | CleanupFrame, inside: () => void): void {
    const outer = this.frames;
    this.frames = [...outer, frame];
    inside();
    this.frames = outer;
  }

  get thisVariable(): Variable {
    let owner: FunctionRecord = this.fn;
    while (owner.thisVariable === undefined && owner.parent !== undefined) owner = owner.parent;
    return owner.thisVariable as Variable;
  }
}

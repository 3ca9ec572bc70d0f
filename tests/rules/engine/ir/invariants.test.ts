import { describe, expect, it } from 'vitest';
import type { Block, FunctionIr, Instruction, Terminal, Variable } from '../../../../rules/engine/ir/index.js';
import { checkBody } from '../../../../rules/engine/ir/invariants.js';
import { functionNamed, lower } from '../lower/support.js';

const fn = functionNamed(lower('let outer; function f(a) { return () => outer; }'), 'f');
const { origin } = fn;
let count = 0;

const subject = {
  id: 1,
  name: 'f',
  kind: 'function',
  isAsync: false,
  isGenerator: false,
  parent: fn.parent,
  ownerClass: undefined,
  parameters: [],
  hasRest: false,
  thisVariable: undefined,
  origin,
  module: fn.module,
  body: undefined,
  skipped: 'because',
  outline: fn.outline,
} satisfies FunctionIr;

function variable(storage: Variable['storage'], changes: Partial<Variable> = {}): Variable {
  return { id: count++, name: storage === 'temporary' ? '' : 'v', storage, owner: subject, isCaptured: false, isConstant: false, origin, ...changes };
}

function block(id: number, instructions: Instruction[], terminal: Terminal = { kind: 'return', value: undefined, origin }, handler?: number): Block {
  return { id, instructions, terminal, handler };
}

/** The breaches of a function like `f` with another body; it owns the test's variables. */
function breaches(...blocks: Block[]): string[] {
  return checkBody(Object.assign(subject, { body: { blocks } }));
}

function literal(target: Variable): Instruction {
  return { op: 'literal', target, value: 1, origin };
}

describe('checkBody', () => {
  const local = variable('local');

  it('accepts what the lowering gives, and functions without a body', () => {
    expect(checkBody(fn)).toEqual([]);
    expect(checkBody(subject)).toEqual([]);
  });

  it('wants an entry', () => {
    expect(breaches()).toEqual(['there is no entry block']);
  });

  it('wants dense ids', () => {
    expect(breaches(block(1, []))).toEqual(['b1 stands at 0']);
  });

  it('wants targets and handlers to exist', () => {
    expect(breaches(block(0, [], { kind: 'goto', target: 3 }, 4))).toEqual(['b0: target b3 does not exist', 'b0: handler b4 does not exist']);
  });

  it('wants every block to be reachable', () => {
    expect(breaches(block(0, []), block(1, []))).toEqual(['b1 is not reachable']);
  });

  it('wants temporaries to be assigned once', () => {
    const twice = variable('temporary');
    const blocks = [block(0, [literal(twice), { op: 'opaque', target: twice, operands: [], origin }])];
    expect(breaches(...blocks)).toEqual(['b0: a temporary is assigned again']);
  });

  it('lets copies meet in one temporary', () => {
    const met = variable('temporary');
    const copy: Instruction = { op: 'copy', target: met, source: local, origin };
    const blocks = [
      block(0, [], { kind: 'branch', test: { kind: 'truthy', value: local }, then: 1, otherwise: 2, origin }),
      block(1, [copy], { kind: 'goto', target: 3 }),
      block(2, [copy], { kind: 'goto', target: 3 }),
      block(3, [], { kind: 'return', value: met, origin }),
    ];
    expect(breaches(...blocks)).toEqual([]);
  });

  it('wants temporaries to be assigned before use on every path', () => {
    const maybe = variable('temporary');
    const blocks = [
      block(0, [], { kind: 'branch', test: { kind: 'truthy', value: local }, then: 1, otherwise: 2, origin }),
      block(1, [literal(maybe)], { kind: 'goto', target: 2 }),
      block(2, [], { kind: 'return', value: maybe, origin }),
    ];
    expect(breaches(...blocks)).toEqual(['b2: a temporary is used before it is assigned']);
  });

  it('knows that an exception leaves before the assignment', () => {
    const result = variable('temporary');
    const blocks = [
      block(0, [{ op: 'await', target: result, value: local, origin }], { kind: 'return', value: undefined, origin }, 1),
      block(1, [], { kind: 'return', value: result, origin }),
    ];
    expect(breaches(...blocks)).toEqual(['b1: a temporary is used before it is assigned']);
  });

  it('wants variables of other functions to be captured', () => {
    const other = functionNamed(lower('function g() {}'), 'g');
    const stranger = variable('local', { owner: other });
    const foreign = variable('temporary', { owner: other });
    expect(breaches(block(0, [literal(stranger), literal(foreign)]))).toEqual(['v of g is used but not marked as captured', 'a temporary of g is used']);
    const unlisted = variable('local', { owner: other, isCaptured: true });
    expect(breaches(block(0, [literal(unlisted)]))).toEqual(["v of g is not in the outline's captures"]);
  });
});

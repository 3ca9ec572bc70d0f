import type { Terminal, Test } from './block.js';
import type { Callee, Instruction, Key } from './instruction.js';
import type { Variable } from './variable.js';

/** The variable that an instruction gives a value, if any. */
export function definitionOf(instruction: Instruction): Variable | undefined {
  return 'target' in instruction ? instruction.target : undefined;
}

/** The variables that an instruction reads, in order. */
export function operandsOf(instruction: Instruction): Variable[] {
  switch (instruction.op) {
    case 'literal':
    case 'global':
    case 'import':
    case 'function':
    case 'caught':
    case 'declare':
    case 'load-super':
      return instruction.op === 'load-super' ? keyOperands(instruction.key) : [];
    case 'copy':
      return [instruction.source];
    case 'export':
      return instruction.source === undefined ? [] : [instruction.source];
    case 'load':
    case 'delete':
      return [instruction.object, ...keyOperands(instruction.key)];
    case 'store':
      return [instruction.object, ...keyOperands(instruction.key), instruction.value];
    case 'store-super':
      return [...keyOperands(instruction.key), instruction.value];
    case 'object':
      return instruction.properties.flatMap((property) => {
        if (property.kind === 'spread') return [property.value];
        return property.kind === 'value' ? [...keyOperands(property.key), property.value] : keyOperands(property.key);
      });
    case 'array':
      return instruction.elements.flatMap((element) => (element.kind === 'hole' ? [] : [element.value]));
    case 'rest':
      return [instruction.object];
    case 'class':
      return instruction.superClass === undefined ? [] : [instruction.superClass];
    case 'call':
      return [...calleeOperands(instruction.callee), ...instruction.arguments.map((argument) => argument.value)];
    case 'binary':
      return [instruction.left, instruction.right];
    case 'unary':
      return [instruction.operand];
    case 'opaque':
      return [...instruction.operands];
    case 'await':
    case 'dispose':
      return [instruction.value];
    case 'iterate':
      return [instruction.iterable];
    case 'close-iterator':
      return [instruction.iterator];
  }
}

/** The variables that a terminal reads. */
export function terminalOperandsOf(terminal: Terminal): Variable[] {
  switch (terminal.kind) {
    case 'goto':
    case 'unreachable':
      return [];
    case 'branch':
      return testOperands(terminal.test);
    case 'return':
    case 'yield':
      return terminal.value === undefined ? [] : [terminal.value];
    case 'throw':
      return [terminal.value];
    case 'next':
      return [terminal.iterator];
  }
}

/** The blocks that a terminal goes to. */
export function successorsOf(terminal: Terminal): number[] {
  switch (terminal.kind) {
    case 'goto':
      return [terminal.target];
    case 'branch':
      return [terminal.then, terminal.otherwise];
    case 'yield':
      return [terminal.resume, terminal.abandon];
    case 'next':
      return [terminal.body, terminal.done];
    default:
      return [];
  }
}

function keyOperands(key: Key): Variable[] {
  return key.kind === 'computed' ? [key.value] : [];
}

function calleeOperands(callee: Callee): Variable[] {
  switch (callee.kind) {
    case 'value':
    case 'construct':
      return [callee.value];
    case 'method':
      return [callee.object, ...keyOperands(callee.key)];
    case 'super-method':
      return keyOperands(callee.key);
    default:
      return [];
  }
}

function testOperands(test: Test): Variable[] {
  switch (test.kind) {
    case 'equal':
    case 'less':
      return [test.left, test.right];
    case 'instanceof':
      return [test.value, test.constructor_];
    default:
      return [test.value];
  }
}

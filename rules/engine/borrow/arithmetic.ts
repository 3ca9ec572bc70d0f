import type { Instruction } from '../ir/index.js';
import { add, atLeast, atMost, constant, divide, isConstant, multiply, roundUp } from './linear.js';
import type { Machine, Site } from './machine.js';
import { formOf, type State } from './state.js';
import { number, primitive, type Value } from './value.js';

/** The functions of `Math` that cursors are computed with. */
export function arithmetic(self: Value, name: string | undefined, args: readonly Value[], site: Site): Value | undefined {
  if (self.kind !== 'api' || self.api.path !== 'global#Math') return undefined;
  const forms = args.map(formOf);
  const [first, second] = forms;
  if (first === undefined) return undefined;
  switch (name) {
    case 'ceil':
      return number(roundUp(first));
    case 'max':
      return second === undefined ? undefined : number(atLeast(`max${site.key}`, isConstant(first) ? second : first));
    case 'min':
      return second === undefined ? undefined : number(atMost(`min${site.key}`, isConstant(first) ? second : first));
    default:
      return undefined;
  }
}

/** Terms of a number worth following; real cursors have two or three. */
const termLimit = 6;

/** What an operator gives for two values, as far as cursors are computed with it. */
export function binary(state: State, machine: Machine, instruction: Extract<Instruction, { op: 'binary' }>, site: Site): Value {
  const left = machine.read(state, instruction.left);
  const right = machine.read(state, instruction.right);
  const a = formOf(left);
  const b = formOf(right);
  if (!state.hasMemory && (a === undefined || b === undefined || !isConstant(a) || !isConstant(b))) return primitive;
  if (a !== undefined && b !== undefined && a.terms.length + b.terms.length > termLimit) return primitive;
  switch (instruction.operator) {
    case '+':
      return a === undefined || b === undefined ? primitive : number(add(a, b));
    case '-':
      return a === undefined || b === undefined ? primitive : number(add(a, b, -1));
    case '*':
      if (a !== undefined && b !== undefined && isConstant(b)) return number(multiply(a, b.constant));
      return a !== undefined && b !== undefined && isConstant(a) ? number(multiply(b, a.constant)) : primitive;
    case '|':
    case '>>>':
    case '>>':
    case '<<':
      return a !== undefined && b !== undefined && isConstant(b) && b.constant === 0 ? number(a) : primitive;
    case '&':
      // `(x + 7) & ~7`: x rounded up.
      if (a !== undefined && b !== undefined && isConstant(b) && b.constant < 0) return number(atLeast(`&${site.key}`, add(a, constant(b.constant + 1))));
      return a !== undefined && b !== undefined && isConstant(b) ? number(atMost(`&${site.key}`, b)) : primitive;
    case '%':
      return b !== undefined && isConstant(b) ? number(atMost(`%${site.key}`, add(b, constant(1), -1))) : primitive;
    case '/':
      return a !== undefined && b !== undefined && isConstant(b) && b.constant > 0 ? number(divide(a, b.constant)) : primitive;
    default:
      return primitive;
  }
}

/** What an operator gives for one value. */
export function unary(operand: Value, operator: string): Value {
  const form = formOf(operand);
  switch (operator) {
    case '-':
      return form === undefined ? primitive : number(multiply(form, -1));
    case '~':
      return form !== undefined && isConstant(form) ? number(constant(~form.constant)) : primitive;
    case '+':
      return form === undefined ? primitive : number(form);
    case '!':
      if (operand.kind === 'constant') return { kind: 'constant', value: !operand.value };
      return operand.kind === 'view' || operand.kind === 'object' || operand.kind === 'closure' ? { kind: 'constant', value: false } : primitive;
    case 'typeof':
      return primitive;
    default:
      return primitive;
  }
}

import type { Block, Terminal, Test } from './block.js';
import type { Body, FunctionIr } from './function.js';
import type { Argument, Callee, Element, Instruction, Key, Property } from './instruction.js';
import type { Variable } from './variable.js';

/**
 * The readable text of a function's body. Equal for equal bodies: temporaries are numbered as they appear (`%0`), variables are named,
 * and a second variable of one name gets a number (`x.2`).
 * @returns one line a block's head, instruction and terminal; the reason in parentheses when there is no body.
 */
export function printFunction(fn: FunctionIr): string {
  const { body } = fn;
  if (body === undefined) return `(${fn.skipped ?? 'no body'})`;
  return printBody(body, fn.parameters);
}

/** A body as text, a line for each instruction, for tests and debugging. */
export function printBody(body: Body, parameters: readonly Variable[] = []): string {
  const names = new Names();
  const lines = parameters.length === 0 ? [] : [`(${parameters.map((parameter) => names.of(parameter)).join(', ')})`];
  for (const block of body.blocks) lines.push(...printBlock(block, names));
  return lines.join('\n');
}

class Names {
  readonly #known = new Map<Variable, string>();
  readonly #counts = new Map<string, number>();
  #temporaries = 0;

  of(variable: Variable): string {
    const known = this.#known.get(variable);
    if (known !== undefined) return known;
    const name = this.#next(variable);
    this.#known.set(variable, name);
    return name;
  }

  #next(variable: Variable): string {
    if (variable.storage === 'temporary') return `%${this.#temporaries++}`;
    const count = (this.#counts.get(variable.name) ?? 0) + 1;
    this.#counts.set(variable.name, count);
    return count === 1 ? variable.name : `${variable.name}.${count}`;
  }
}

function printBlock(block: Block, names: Names): string[] {
  const handler = block.handler === undefined ? '' : ` !b${block.handler}`;
  return [`b${block.id}${handler}:`, ...block.instructions.map((instruction) => `  ${printInstruction(instruction, names)}`), `  ${printTerminal(block.terminal, names)}`];
}

function printInstruction(instruction: Instruction, names: Names): string {
  const name = (variable: Variable): string => names.of(variable);
  switch (instruction.op) {
    case 'literal':
      return `${name(instruction.target)} = ${printLiteral(instruction.value)}`;
    case 'copy':
      return `${name(instruction.target)} = ${name(instruction.source)}`;
    case 'global':
      return `${name(instruction.target)} = global ${instruction.name}`;
    case 'import':
      return `${name(instruction.target)} = import ${instruction.imported} from '${instruction.specifier}'`;
    case 'export': {
      const from = instruction.specifier === undefined ? '' : ` ${instruction.imported ?? ''} from '${instruction.specifier}'`;
      return `export ${instruction.name}${instruction.source === undefined ? '' : ` = ${name(instruction.source)}`}${from}`;
    }
    case 'load':
      return `${name(instruction.target)} = ${name(instruction.object)}${printKey(instruction.key, names)}`;
    case 'store':
      return `${name(instruction.object)}${printKey(instruction.key, names)} = ${name(instruction.value)}`;
    case 'delete':
      return `delete ${name(instruction.object)}${printKey(instruction.key, names)}`;
    case 'load-super':
      return `${name(instruction.target)} = super${printKey(instruction.key, names)}`;
    case 'store-super':
      return `super${printKey(instruction.key, names)} = ${name(instruction.value)}`;
    case 'object':
      return `${name(instruction.target)} = {${instruction.properties.map((property) => printProperty(property, names)).join(', ')}}`;
    case 'array':
      return `${name(instruction.target)} = [${instruction.elements.map((element) => printElement(element, names)).join(', ')}]`;
    case 'rest': {
      const except = instruction.excluded === undefined ? `from ${String(instruction.from)}` : `without ${instruction.excluded.join(', ')}`;
      return `${name(instruction.target)} = rest ${name(instruction.object)} ${except}`;
    }
    case 'function':
      return `${name(instruction.target)} = function ${instruction.function.name}`;
    case 'class':
      return `${name(instruction.target)} = class ${instruction.class.name}${instruction.superClass === undefined ? '' : ` extends ${name(instruction.superClass)}`}`;
    case 'call': {
      const flags = `${instruction.isAwaited ? ' awaited' : ''}${instruction.isResultUsed ? '' : ' unused'}`;
      const callee = printCallee(instruction.callee, names);
      return `${name(instruction.target)} = call ${callee}(${instruction.arguments.map((argument) => printArgument(argument, names)).join(', ')})${flags}`;
    }
    case 'binary':
      return `${name(instruction.target)} = ${name(instruction.left)} ${instruction.operator} ${name(instruction.right)}`;
    case 'unary':
      return `${name(instruction.target)} = ${instruction.operator} ${name(instruction.operand)}`;
    case 'opaque':
      return `${name(instruction.target)} = opaque(${instruction.operands.map(name).join(', ')})`;
    case 'await':
      return `${name(instruction.target)} = await ${name(instruction.value)}`;
    case 'iterate':
      return `${name(instruction.target)} = iterate ${instruction.mode} ${name(instruction.iterable)}`;
    case 'close-iterator':
      return `close ${instruction.mode} ${name(instruction.iterator)}`;
    case 'dispose':
      return `dispose${instruction.isAsync ? ' async' : ''} ${name(instruction.value)}`;
    case 'caught':
      return `${name(instruction.target)} = caught`;
    case 'declare':
      return `declare ${name(instruction.variable)}`;
  }
}

function printTerminal(terminal: Terminal, names: Names): string {
  switch (terminal.kind) {
    case 'goto':
      return `goto b${terminal.target}`;
    case 'branch':
      return `if ${printTest(terminal.test, names)} then b${terminal.then} else b${terminal.otherwise}`;
    case 'return':
      return terminal.value === undefined ? 'return' : `return ${names.of(terminal.value)}`;
    case 'throw':
      return `throw ${names.of(terminal.value)}`;
    case 'yield': {
      const value = terminal.value === undefined ? '' : ` ${names.of(terminal.value)}`;
      return `${names.of(terminal.result)} = yield${terminal.isDelegate ? '*' : ''}${value} resume b${terminal.resume} abandon b${terminal.abandon}`;
    }
    case 'next':
      return `${names.of(terminal.value)} = next ${terminal.mode} ${names.of(terminal.iterator)} body b${terminal.body} done b${terminal.done}`;
    case 'unreachable':
      return 'unreachable';
  }
}

function printTest(test: Test, names: Names): string {
  switch (test.kind) {
    case 'truthy':
      return names.of(test.value);
    case 'nullish':
      return `nullish ${names.of(test.value)}`;
    case 'equal':
      return `${names.of(test.left)} ${test.isStrict ? '===' : '=='} ${names.of(test.right)}`;
    case 'less':
      return `${names.of(test.left)} ${test.orEqual ? '<=' : '<'} ${names.of(test.right)}`;
    case 'typeof':
      return `typeof ${names.of(test.value)} === '${test.type}'`;
    case 'instanceof':
      return `${names.of(test.value)} instanceof ${names.of(test.constructor_)}`;
  }
}

function printCallee(callee: Callee, names: Names): string {
  switch (callee.kind) {
    case 'value':
      return names.of(callee.value);
    case 'method':
      return `${names.of(callee.object)}${printKey(callee.key, names)}`;
    case 'construct':
      return `new ${names.of(callee.value)}`;
    case 'super-construct':
      return 'super';
    case 'super-method':
      return `super${printKey(callee.key, names)}`;
    case 'import':
      return 'import';
  }
}

function printArgument(argument: Argument, names: Names): string {
  return `${argument.isSpread ? '...' : ''}${names.of(argument.value)}`;
}

function printProperty(property: Property, names: Names): string {
  switch (property.kind) {
    case 'value':
      return `${printPropertyKey(property.key, names)}: ${names.of(property.value)}`;
    case 'spread':
      return `...${names.of(property.value)}`;
    default:
      return `${property.kind === 'getter' ? 'get' : 'set'} ${printPropertyKey(property.key, names)}: ${property.function.name}`;
  }
}

function printElement(element: Element, names: Names): string {
  if (element.kind === 'hole') return 'hole';
  return `${element.kind === 'spread' ? '...' : ''}${names.of(element.value)}`;
}

function printKey(key: Key, names: Names): string {
  return key.kind === 'name' ? `.${key.name}` : `[${names.of(key.value)}]`;
}

function printPropertyKey(key: Key, names: Names): string {
  return key.kind === 'name' ? key.name : `[${names.of(key.value)}]`;
}

function printLiteral(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

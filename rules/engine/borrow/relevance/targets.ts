import type { FunctionIr, Variable } from '../../ir/index.js';
import type { Families } from './families.js';
import type { ProgramIndex } from './program.js';
import type { Types } from './sources.js';
import { Wiring, type Call } from './wiring.js';

/** How far functions are followed that functions give. */
const closureDepth = 3;

/** Finds the program's functions that calls may reach, by their names and by what is in sight. */
export class Targets {
  private readonly options: { readonly index: ProgramIndex; readonly families: Families; readonly types: Types };

  constructor(options: { readonly index: ProgramIndex; readonly families: Families; readonly types: Types }) {
    this.options = options;
  }

  /** The program's functions that a call may reach, and whose results it gives. */
  of(wiring: Wiring, { callee }: Call, name: string | undefined): readonly FunctionIr[] {
    if (callee.kind === 'value') {
      const known = this.behind(wiring.fn, callee.value);
      if (known.length > 0) return known;
    }
    if (name === undefined || callee.kind === 'construct') return [];
    const { index, families, types } = this.options;
    const named = index.known(name).filter(({ kind }) => kind !== 'getter' && kind !== 'setter' && kind !== 'constructor' && kind !== 'fields');
    if (callee.kind !== 'method' || named.length === 0) return named;
    const { object } = callee;
    const receiver = object.storage === 'this' ? object.owner.ownerClass && ({ kind: 'class', name: object.owner.ownerClass.name } as const) : named.length > 1 ? types.receiver(object) : undefined;
    switch (receiver?.kind) {
      case 'api':
        return [];
      case 'class': {
        const own = named.filter(({ ownerClass }) => ownerClass !== undefined && families.areRelated(receiver.name, ownerClass.name));
        return own.length > 0 ? own : named;
      }
      default:
        return named;
    }
  }

  /** Functions that a value is, where they are written out in sight, or given by one that is. */
  behind(fn: FunctionIr, variable: Variable, depth = 0): readonly FunctionIr[] {
    if (depth > closureDepth || variable.storage === 'import') return [];
    const around = variable.owner;
    const wiring = Wiring.of(variable.storage === 'temporary' ? fn : around);
    return wiring.definitionsOf(variable).flatMap((definition) => {
      if (!('op' in definition)) return [];
      switch (definition.op) {
        case 'function':
          return [definition.function];
        case 'copy':
          return this.behind(wiring.fn, definition.source, depth + 1);
        case 'call': {
          const name = wiring.calledName(definition.callee);
          const givers = definition.callee.kind === 'value' || definition.callee.kind === 'method' ? (name === undefined ? [] : this.options.index.known(name)) : [];
          return givers.flatMap((giver) => Wiring.of(giver).results.flatMap((result) => this.behind(giver, result, depth + 1)));
        }
        default:
          return [];
      }
    });
  }
}

import type { World } from '../world.js';
import type { ProgramWorld } from './world.js';

/**
 * A world that answers where the checker recurses until the stack ends, as it does in thousands of functions whose types are inferred
 * from each other: nothing is known there. The checker needs as long for each further answer about such a file: it is asked no more.
 *
 * @param world - the world that asks the checker
 * @param onOverflow - told of each file that is given up
 * @returns the world
 */
export function withoutOverflows(world: ProgramWorld, onOverflow: (file: string) => void): ProgramWorld {
  const lost = new Set<string>();
  const ask = <R>(file: string, question: () => R, otherwise: R): R => {
    if (lost.has(file)) return otherwise;
    try {
      return question();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      lost.add(file);
      onOverflow(file);
      return otherwise;
    }
  };
  const unknown: ReturnType<World['typeOf']> = { kind: 'unknown' };
  return {
    catalog: world.catalog,
    typeOf: (expression) => ask(expression.file, () => world.typeOf(expression), unknown),
    isNeverReached: (code) => ask(code.file, () => world.isNeverReached(code), false),
    literalsOf: (expression) => ask(expression.file, () => world.literalsOf(expression), undefined),
    assertedBy: (call) => ask(call.file, () => world.assertedBy(call), undefined),
    extentOf: (expression) => ask(expression.file, () => world.extentOf(expression), 'unknown'),
    calleeOf: (call) => ask(call.file, () => world.calleeOf(call), undefined),
    isOpen: (call) => ask(call.file, () => world.isOpen(call), true),
    resolveImport: (specifier, imported, from) => world.resolveImport(specifier, imported, from),
    resolveGlobal: (name, at) => world.resolveGlobal(name, at),
    unsendable: (expression, property) => ask(expression.file, () => world.unsendable(expression, property), undefined),
    isLending: (fn) => ask(fn.module.file, () => world.isLending(fn), false),
    isBorrowed: (call, index) => ask(call.file, () => world.isBorrowed(call, index), false),
    lentUntil: (fn, index) => ask(fn.module.file, () => world.lentUntil(fn, index), undefined),
    mayCallTagged: (file) => world.mayCallTagged(file),
    isLentTo: (file) => world.isLentTo(file),
    declaredContract: (fn) => world.declaredContract(fn),
    unresolvedGlobals: (file) => world.unresolvedGlobals(file),
    annotationProblems: (fn) => world.annotationProblems(fn),
  };
}

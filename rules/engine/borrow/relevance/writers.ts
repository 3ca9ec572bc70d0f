import type { PlaceEffects } from '../../contracts/name-effects.js';
import type { FunctionIr, Variable } from '../../ir/index.js';
import { boundsIn, takesParts } from './backward.js';
import type { CatalogNames } from './catalog-names.js';
import { effectsOfCall, memberNamed } from './reading.js';
import type { Types } from './sources.js';
import { Wiring, type Call } from './wiring.js';

/** Memory that a function overwrites or moves away. */
export interface Written {
  readonly variable: Variable;
  /** What it holds is meant, not it. */
  readonly isWithin: boolean;
}

interface Candidate extends Written {
  /** What is stored into it, and under which computed key. */
  readonly store?: { readonly value: Variable; readonly key: Variable | undefined };
}

/** Finds where the program overwrites bytes, moves them away, or is lent them: a borrow cannot break without. */
export class Writers {
  private readonly catalog: CatalogNames;
  private readonly types: Types;
  /** Names of APIs that overwrite something, or move it away. */
  private readonly writing = new Set<string>();
  /** Names of APIs that give memory which they will reuse. */
  private readonly lending = new Set<string>();
  private readonly isOwn: (name: string) => boolean;

  /**
   * @param catalog - what the catalog's names do
   * @param types - asked only of what is written
   * @param isOwn - some function of the program is called by a name
   */
  constructor(catalog: CatalogNames, types: Types, isOwn: (name: string) => boolean) {
    this.catalog = catalog;
    this.types = types;
    this.isOwn = isOwn;
    for (const [name, { receiver, parameters, rest, lendsMemory, lendsToCallbacks }] of catalog.effects) {
      if ([receiver, rest, ...parameters].some(({ isOwnWritten, isInnerMoved }) => isOwnWritten || isInnerMoved)) this.writing.add(name);
      if (lendsMemory || lendsToCallbacks) this.lending.add(name);
    }
  }

  /** The function names an API that gives it memory which is overwritten without it. */
  isLent({ outline }: FunctionIr): boolean {
    return [outline.members, outline.freeNames, outline.constructed].some((names) => intersects(names, this.lending));
  }

  /** The objects whose methods lend memory, where these are what the names say. */
  *lendersIn(fn: FunctionIr): Iterable<Variable> {
    const wiring = Wiring.of(fn);
    for (const { callee } of wiring.calls) if (callee.kind === 'method' && this.lending.has(wiring.calledName(callee) ?? '')) yield callee.object;
  }

  /** The variables through which the function overwrites memory, or moves it away; all that their types allow. */
  *writtenIn(fn: FunctionIr): Iterable<Written> {
    const { outline } = fn;
    const mayBind = outline.hasCall && takesParts(fn);
    if (!outline.hasElementStore && !mayBind && !intersects(outline.members, this.writing) && !intersects(outline.freeNames, this.writing)) return;
    const wiring = Wiring.of(fn);
    for (const candidate of this.candidatesIn(fn, wiring, mayBind)) if (this.mayBeMemory(candidate, wiring)) yield candidate;
  }

  private mayBeMemory({ variable, isWithin, store }: Candidate, wiring: Wiring): boolean {
    // `postMessage(job, [job.bytes])`: a list, or an object that is written out.
    if (isWithin) return wiring.isPlainly('an object', variable) || this.types.mayHold(variable, 1);
    // `options[name] = 'fast'`: bytes are numbers, and so are their indices.
    if (store !== undefined && (wiring.isPlainly('no number', store.value) || (store.key !== undefined && wiring.isPlainly('no number', store.key)))) return false;
    if (wiring.isPlainly('no memory', variable) || this.types.shapeOf(variable) !== 'memory') return false;
    if (store === undefined || this.types.isBytes(variable)) return true;
    return (store.key === undefined || this.types.mayBeNumber(store.key)) && this.types.mayBeNumber(store.value);
  }

  private *candidatesIn(fn: FunctionIr, wiring: Wiring, mayBind: boolean): Iterable<Candidate> {
    for (const { key, object, value } of wiring.stores) if (memberNamed(key) === undefined) yield { variable: object, isWithin: false, store: { value, key: key.kind === 'computed' ? key.value : undefined } };
    for (const call of wiring.calls) {
      const name = wiring.calledName(call.callee);
      if (name !== undefined && this.writing.has(name)) yield* this.writtenBy(call, name, wiring);
      // `const n = await read(buf); buf.subarray(0, n)`: a result that bounds a view says that the call filled it, unless it took that from the bytes.
      if (mayBind && wiring.mayFill(call) && this.mayBeUnknown(call, name) && boundsIn(fn).has(call.target)) for (const { value } of call.arguments) yield { variable: value, isWithin: false };
    }
  }

  private *writtenBy(call: Call, name: string, wiring: Wiring): Iterable<Written> {
    const effects = effectsOfCall(call.callee, name, wiring, this.catalog);
    if (effects === undefined) return;
    const { callee } = call;
    const of = ({ isOwnWritten, isInnerMoved }: PlaceEffects, variable: Variable): readonly Written[] => [...(isOwnWritten ? [{ variable, isWithin: false }] : []), ...(isInnerMoved ? [{ variable, isWithin: true }] : [])];
    if (callee.kind === 'method') yield* of(effects.receiver, callee.object);
    for (const [index, { value }] of call.arguments.entries()) yield* of(effects.parameters[index] ?? effects.rest, value);
  }

  /** Nobody knows the callee, or it may be another than the one of that name. */
  private mayBeUnknown({ callee }: Call, name: string | undefined): boolean {
    return name === undefined || callee.kind === 'value' || (this.catalog.effectsOnAnything.get(name) === undefined && !this.isOwn(name));
  }
}

function intersects(names: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const name of names) if (others.has(name)) return true;
  return false;
}

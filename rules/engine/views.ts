import { catalogModules } from '../catalog/index.js';
import type { ViewType } from './contracts/contract.js';
import { nameEffects, type NameEffects } from './contracts/name-effects.js';

/** What the catalog says of views of bytes, whatever the program: for those who look at syntax and know that a name stands for a view. */

const types = Object.assign({}, ...catalogModules.map(({ module, types }) => (module === 'global' ? types : {}))) as NonNullable<(typeof catalogModules)[number]['types']>;

/** The typed arrays of the language: `slice` copies, and gives the same type again. */
export const typedArrays: ReadonlySet<ViewType> = new Set(Object.values(types).flatMap(({ view, extends: base }) => (view !== undefined && base === 'TypedArray' ? [view] : [])));

let effects: ReadonlyMap<string, NameEffects> | undefined;

/** By the name alone, a method may overwrite the view that it is called on. */
export function mayWriteReceiver(method: string): boolean {
  return effectsOf(method)?.receiver.isWritten === true;
}

/** By the name alone, a function may overwrite a view that it is given. */
export function mayWriteArgument(callee: string, index: number): boolean {
  const found = effectsOf(callee);
  return (found?.parameters[index] ?? found?.rest)?.isWritten === true;
}

function effectsOf(name: string): NameEffects | undefined {
  effects ??= nameEffects(catalogModules);
  return effects.get(name);
}

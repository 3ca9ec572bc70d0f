import type { FixContext } from './context.js';
import type { ImportPlan } from './plan.js';

/** Why a form cannot be had, and how it could. */
export const runtimeMissing = 'borrowck-runtime is not installed: run `npm install borrowck-runtime`';

/**
 * Plans how to name an export of a module at a place of the file: through an import that is there, by one more name in it, or by a
 * new import; under another name where its own is taken.
 *
 * @param wanted - the module, other specifiers of the same module, the exported name, where it will be used, and whether only types name it
 * @param context - the file
 * @returns the name to write and the edit that brings it in
 */
export function planImport(
  wanted: { readonly module: string; readonly aliases?: readonly string[]; readonly name: string; readonly at: number; readonly isType?: boolean },
  context: FixContext,
): ImportPlan {
  const { module, name, at } = wanted;
  const specifiers = new Set([module, ...(wanted.aliases ?? [])]);
  const isVisible = (local: string): boolean => context.scopeOf(local, at) === 'module';
  const valueImports = context.imports.filter((one) => specifiers.has(one.module) && !one.isTypeOnly);

  const isType = wanted.isType === true;
  const bindings = (isType ? context.imports.filter((one) => specifiers.has(one.module)) : valueImports).flatMap((one) => one.bindings).filter((one) => (isType || !one.isTypeOnly) && isVisible(one.local));
  const named = bindings.find((one) => one.imported === name);
  if (named !== undefined) return { module, name, local: named.local, specifier: name, edit: undefined };
  // What Node's modules export, their default export has, too.
  const isNodes = [...specifiers].some((one) => one.startsWith('node:'));
  const namespace = bindings.find((one) => one.imported === '*' || (isNodes && !isType && one.imported === 'default'));
  if (namespace !== undefined) return { module, name, local: `${namespace.local}.${name}`, specifier: name, edit: undefined };

  const local = freeName(name, context);
  const specifier = `${isType ? 'type ' : ''}${specifierOf(name, local, context.format)}`;
  const slot = valueImports.find((one) => one.slot !== undefined)?.slot;
  if (slot !== undefined) {
    return { module, name, local, specifier, edit: { start: slot.at, end: slot.at, text: `${slot.before}${specifier}${slot.after}` } };
  }
  const { at: start, before, after } = context.importSlot;
  const statement = statementOf(specifier, module, context);
  return { module, name, local, specifier, edit: { start, end: start, text: `${before}${statement}${after}` }, statement };
}

/**
 * Plans how to name Node's `Buffer` at a place: a file that imports its Buffer may be bundled for where there is no global one.
 *
 * @param at - where it will be used
 * @param context - the file
 * @returns the plan; one without an edit names the global
 */
export function planBuffer(at: number, context: FixContext): ImportPlan {
  const isImported = context.imports.some((one) => !one.isTypeOnly && /^(?:node:)?buffer$/.test(one.module) && one.bindings.some(({ imported }) => imported === 'Buffer'));
  if (!isImported && context.scopeOf('Buffer', at) === 'global') return { module: 'node:buffer', name: 'Buffer', local: 'Buffer', specifier: 'Buffer', edit: undefined };
  return planImport({ module: 'node:buffer', aliases: ['buffer'], name: 'Buffer', at }, context);
}

/**
 * A name that a file can declare.
 *
 * @param name - the name that is wanted
 * @param context - the file
 * @returns the name itself, or with underscores until nothing in the file has it
 */
export function freeName(name: string, context: Pick<FixContext, 'isUnused'>): string {
  let local = name;
  while (!context.isUnused(local)) local += '_';
  return local;
}

function specifierOf(name: string, local: string, format: FixContext['format']): string {
  if (name === local) return name;
  return format === 'esm' ? `${name} as ${local}` : `${name}: ${local}`;
}

function statementOf(specifier: string, module: string, context: FixContext): string {
  const { quote, semicolon } = context.style;
  const source = `${quote}${module}${quote}`;
  return context.format === 'esm' ? `import { ${specifier} } from ${source}${semicolon}` : `const { ${specifier} } = require(${source})${semicolon}`;
}

import type { Call, Site } from './facts.js';
import { madeBy, rootOf } from './roots.js';

/** The last name of what a call calls. */
export function calledAs(site: Site<Call>): string {
  const { callee } = site.instruction;
  if (callee.kind === 'method' || callee.kind === 'super-method') return callee.key.kind === 'name' ? callee.key.name : '';
  if (callee.kind !== 'value' && callee.kind !== 'construct') return '';
  const { base, path } = rootOf(callee.value);
  const global = madeBy(base)?.instruction;
  return path.at(-1) ?? (global?.op === 'global' ? global.name : base.name);
}

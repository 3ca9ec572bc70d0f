import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import { factsOf, type Call } from './facts.js';
import { madeBy } from './roots.js';

/** How APIs call the number of what they are asked for: no type tells a number of rows from a number of milliseconds. */
const amounts = /(?:limit|size|count|amount|items|results|rows|records|keys|messages|entries|page|take|first|last|top)$/i;

/** SQL that says how many rows it wants. */
const limited = /\b(?:limit\s+(?:\d|[?:$])|top\s*\(?\s*\d|fetch\s+(?:first|next)\s+(?:\d|[?:$]))/i;

/** Links of a chain of calls that are looked at. */
const longestChain = 8;

/**
 * Whether a call says how many it wants: `rows.find().limit(20).toArray()`, `fetchPage(cursor, 50)`, `findMany({ take: 20 })`, a query with
 * `LIMIT 20`.
 *
 * @param call - asks for a list
 * @param fn - where it is
 * @returns whether a number goes along that may be meant so
 */
export function asksForSome(call: Call, fn: FunctionIr): boolean {
  let link: Call | undefined = call;
  for (let turns = 0; turns < longestChain && link !== undefined; turns++) {
    if (link.arguments.some(({ value }) => isAmount(value) || isLimitedQuery(value) || hasAmount(value, fn))) return true;
    const before: Instruction | undefined = link.callee.kind === 'method' ? factsOf(fn).makerOf(link.callee.object) : undefined;
    link = before?.op === 'call' ? before : undefined;
  }
  return false;
}

function isAmount(value: Variable): boolean {
  const made = madeBy(value)?.instruction;
  return made?.op === 'literal' && typeof made.value === 'number' && made.value > 1;
}

function isLimitedQuery(value: Variable): boolean {
  const made = madeBy(value)?.instruction;
  return made?.op === 'literal' && typeof made.value === 'string' && limited.test(made.value);
}

/** `{ take: 20 }` */
function hasAmount(value: Variable, fn: FunctionIr): boolean {
  const made = factsOf(fn).makerOf(value);
  return made?.op === 'object' && made.properties.some((property) => property.kind === 'value' && property.key.kind === 'name' && amounts.test(property.key.name) && isAmount(property.value));
}

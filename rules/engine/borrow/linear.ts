/**
 * Numbers as the analysis knows them: a constant plus a sum of symbols. Symbols stand for values read from somewhere (a call's
 * result, a parameter, a loop-carried variable); they are taken to be lengths, counts and offsets, hence not negative. That is
 * what "the cursor only advances" rests on: `offset += n` moves forward whatever `n` is, `offset -= n` does not.
 */
export interface Linear {
  readonly constant: number;
  /** Sorted by symbol; no zero coefficients. */
  readonly terms: readonly Term[];
}

interface Term {
  readonly symbol: string;
  readonly factor: number;
}

export function constant(value: number): Linear {
  return { constant: value, terms: [] };
}

const symbols = new Map<string, Linear>();
const symbolsLimit = 50_000;

export function symbol(name: string): Linear {
  let form = symbols.get(name);
  if (form === undefined) {
    if (symbols.size > symbolsLimit) symbols.clear();
    symbols.set(name, (form = { constant: 0, terms: [{ symbol: name, factor: 1 }] }));
  }
  return form;
}

export const zero: Linear = constant(0);

/** `left + scale * right`, scale an integer. */
export function add(left: Linear, right: Linear, scale = 1): Linear {
  const terms: Term[] = [];
  let i = 0;
  let j = 0;
  while (i < left.terms.length || j < right.terms.length) {
    const a = left.terms[i];
    const b = right.terms[j];
    if (b === undefined || (a !== undefined && a.symbol < b.symbol)) {
      if (a !== undefined) terms.push(a);
      i++;
    } else if (a === undefined || b.symbol < a.symbol) {
      terms.push({ symbol: b.symbol, factor: b.factor * scale });
      j++;
    } else {
      const factor = a.factor + b.factor * scale;
      if (factor !== 0) terms.push({ symbol: a.symbol, factor });
      i++;
      j++;
    }
  }
  return { constant: left.constant + right.constant * scale, terms };
}

export function isConstant(form: Linear): boolean {
  return form.terms.length === 0;
}

export function areEqual(a: Linear, b: Linear): boolean {
  if (a === b) return true;
  if (a.constant !== b.constant || a.terms.length !== b.terms.length) return false;
  return a.terms.every((term, i) => term.symbol === b.terms[i]?.symbol && term.factor === b.terms[i]?.factor);
}

/** The symbols that add to the value. */
export function symbolsOf(form: Linear): readonly string[] {
  return form.terms.map((term) => term.symbol);
}

/** What is known of symbols that the analysis made for rounded and masked numbers. */
interface Bounds {
  readonly floor?: Linear;
  readonly ceiling?: Linear;
  /** The symbol stands for `numerator / divisor`, rounded up where `isRoundedUp`. */
  readonly quotient?: { readonly numerator: Linear; readonly divisor: number; readonly isRoundedUp: boolean };
}

const known = new Map<string, Bounds>();
const knownLimit = 50_000;

function remember(name: string, bounds: Bounds): Linear {
  if (known.size > knownLimit) known.clear();
  known.set(name, bounds);
  return symbol(name);
}

/** A symbol for a value that is at least `floor`: the result of `Math.max`, of an alignment. */
export function atLeast(name: string, floor: Linear): Linear {
  return remember(`${name}>=${print(floor)}`, { floor });
}

/** A symbol for a value that is at most `ceiling`: `x & 15`, `x % 16`. */
export function atMost(name: string, ceiling: Linear): Linear {
  return remember(`${name}<=${print(ceiling)}`, { ceiling });
}

/** `numerator / divisor`, for a constant divisor. */
export function divide(numerator: Linear, divisor: number): Linear {
  return remember(`(${print(numerator)})/${divisor}`, { quotient: { numerator, divisor, isRoundedUp: false } });
}

/** `Math.ceil`: at least its operand. */
export function roundUp(form: Linear): Linear {
  const [term] = form.terms;
  const quotient = term !== undefined && form.terms.length === 1 && form.constant === 0 && term.factor === 1 ? known.get(term.symbol)?.quotient : undefined;
  if (quotient === undefined) return form;
  return remember(`ceil(${print(form)})`, { quotient: { ...quotient, isRoundedUp: true } });
}

/** A form times a number. */
export function multiply(left: Linear, factor: number): Linear {
  const [term] = left.terms;
  const quotient = term !== undefined && left.terms.length === 1 && left.constant === 0 && term.factor === 1 ? known.get(term.symbol)?.quotient : undefined;
  // `Math.ceil(x / 8) * 64` is at least `8 * x`.
  if (quotient?.isRoundedUp === true && factor > 0 && Number.isInteger(factor / quotient.divisor)) {
    return atLeast(`${factor}*${term?.symbol ?? ''}`, add(zero, quotient.numerator, factor / quotient.divisor));
  }
  return add(zero, left, factor);
}

/** True when `a >= b` holds for all non-negative values of the symbols. False also means "not known". */
export function isAtLeast(a: Linear, b: Linear, depth = 3): boolean {
  const plain = compare(a, b);
  if (plain !== undefined) return plain;
  if (depth === 0) return false;
  const difference = add(a, b, -1);
  for (const { symbol: name, factor } of difference.terms) {
    const bounds = known.get(name);
    const bound = factor > 0 ? bounds?.floor : bounds?.ceiling;
    if (bound === undefined) continue;
    const without = add(difference, symbol(name), -factor);
    if (isAtLeast(add(without, bound, factor), zero, depth - 1)) return true;
  }
  return false;
}

/** Whether `a - b` is without any negative part; `undefined` where it has one that what is known of a symbol may make good. */
function compare(a: Linear, b: Linear): boolean | undefined {
  let isPositive = a.constant >= b.constant;
  let mayBeBounded = false;
  let i = 0;
  let j = 0;
  while (i < a.terms.length || j < b.terms.length) {
    const left = a.terms[i];
    const right = b.terms[j];
    let factor: number;
    let name: string;
    if (left !== undefined && (right === undefined || left.symbol < right.symbol)) {
      ({ symbol: name, factor } = left);
      i++;
    } else if (right !== undefined && (left === undefined || right.symbol < left.symbol)) {
      name = right.symbol;
      factor = -right.factor;
      j++;
    } else {
      name = left?.symbol ?? '';
      factor = (left?.factor ?? 0) - (right?.factor ?? 0);
      i++;
      j++;
    }
    if (factor === 0) continue;
    if (factor < 0) isPositive = false;
    mayBeBounded ||= known.has(name);
  }
  return isPositive ? true : mayBeBounded ? undefined : false;
}

/** `4*len:r1+8`, for names and messages. */
export function print(form: Linear): string {
  const parts = form.terms.map((term) => (term.factor === 1 ? term.symbol : `${term.factor}*${term.symbol}`));
  if (form.constant !== 0 || parts.length === 0) parts.push(String(form.constant));
  return parts.join('+');
}

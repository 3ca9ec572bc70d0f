import fc from 'fast-check';

/**
 * A tree of small numbers, without any meaning yet: the builder reads it as statements. Every tree is some program, so
 * fast-check can shrink it freely (drop statements, lower numbers) and the result is a program again.
 */
export interface Raw {
  /** Which statement. */
  readonly op: number;
  /** Which variables and which forms of expressions. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Nested statements: a loop's body, `then`, `try`. */
  readonly kids: readonly Raw[];
  /** `else`, `catch`, `finally`. */
  readonly more: readonly Raw[];
}

export interface RawEntry {
  readonly shape: number;
  readonly a: number;
  readonly b: number;
  readonly body: readonly Raw[];
  readonly second: readonly Raw[];
  readonly third: readonly Raw[];
}

export interface RawProgram {
  /** Module-level variables. */
  readonly top: readonly Raw[];
  readonly entries: readonly RawEntry[];
  /** Where helpers live, how modules are written. */
  readonly style: number;
}

const small = fc.nat({ max: 999_999 });

function raws(depth: number, maxLength: number): fc.Arbitrary<Raw[]> {
  const below = depth === 0 ? fc.constant<Raw[]>([]) : raws(depth - 1, 3);
  const more = depth === 0 ? fc.constant<Raw[]>([]) : raws(depth - 1, 2);
  return fc.array(fc.record({ op: small, a: small, b: small, c: small, kids: below, more }), { maxLength, size: 'max' });
}

const entry: fc.Arbitrary<RawEntry> = fc.record({
  shape: small,
  a: small,
  b: small,
  body: raws(2, 6),
  second: raws(1, 4),
  third: raws(1, 3),
});

/** Any program. */
export const rawProgram: fc.Arbitrary<RawProgram> = fc.noBias(
  fc.record({
    top: raws(0, 2),
    entries: fc.array(entry, { minLength: 1, maxLength: 2, size: 'max' }),
    style: small,
  }),
);

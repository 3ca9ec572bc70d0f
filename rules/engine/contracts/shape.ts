/** A shape of data, from which both the check of a value and the JSON schema follow. */
export type Shape =
  | { readonly kind: 'boolean' | 'string' | 'position' | 'null' }
  | { readonly kind: 'constant'; readonly value: string | true }
  | { readonly kind: 'one of'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'record'; readonly of: Shape }
  | ObjectShape
  /** Objects told apart by what stands at `tag`. */
  | { readonly kind: 'variants'; readonly tag: string; readonly variants: { readonly [name: string]: ObjectShape } }
  | { readonly kind: 'either'; readonly of: readonly Shape[]; readonly expected: string }
  /** Shapes that hold themselves are named. */
  | { readonly kind: 'named'; readonly name: string; readonly shape: () => Shape };

export interface ObjectShape {
  readonly kind: 'object';
  readonly required: { readonly [name: string]: Shape };
  readonly optional: { readonly [name: string]: Shape };
}

export const boolean: Shape = { kind: 'boolean' };
export const text: Shape = { kind: 'string' };
/** A position in an argument list: a whole number from 0. */
export const position: Shape = { kind: 'position' };
export const nothing: Shape = { kind: 'null' };

export function oneOf(...values: readonly string[]): Shape {
  return { kind: 'one of', values };
}

export function listOf(of: Shape): Shape {
  return { kind: 'list', of };
}

export function recordOf(of: Shape): Shape {
  return { kind: 'record', of };
}

export function object(required: ObjectShape['required'], optional: ObjectShape['optional'] = {}): ObjectShape {
  return { kind: 'object', required, optional };
}

/**
 * Checks a value against a shape.
 *
 * @param value - what was written
 * @param shape - what it should be
 * @param where - how to name the value in a message: `settings.borrowck.contracts["m#f"]`
 * @returns one sentence for each thing that is wrong; none when the value fits
 */
export function problemsOf(value: unknown, shape: Shape, where: string): string[] {
  const expected = (what: string): string[] => [`${where}: expected ${what}, got ${show(value)}`];
  switch (shape.kind) {
    case 'boolean':
    case 'string':
      return typeof value === shape.kind ? [] : expected(`a ${shape.kind}`);
    case 'position':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? [] : expected('a whole number from 0');
    case 'null':
      return value === null ? [] : expected('null');
    case 'constant':
      return value === shape.value ? [] : expected(`"${shape.value}"`);
    case 'one of':
      return typeof value === 'string' && shape.values.includes(value) ? [] : expected(`one of ${quoted(shape.values)}`);
    case 'list':
      return Array.isArray(value) ? value.flatMap((item, at) => problemsOf(item, shape.of, `${where}[${at}]`)) : expected('a list');
    case 'record':
      return isObject(value) ? Object.entries(value).flatMap(([key, item]) => problemsOf(item, shape.of, member(where, key))) : expected('an object');
    case 'object':
      return isObject(value) ? problemsOfObject(value, shape, where) : expected('an object');
    case 'variants': {
      if (!isObject(value)) return expected('an object');
      const tag = value[shape.tag];
      const variant = typeof tag === 'string' && Object.hasOwn(shape.variants, tag) ? shape.variants[tag] : undefined;
      if (variant === undefined) return problemsOf(tag, oneOf(...Object.keys(shape.variants)), member(where, shape.tag));
      return problemsOf(value, withTag(variant, shape.tag, tag as string), where);
    }
    case 'either': {
      const tries = shape.of.map((one) => problemsOf(value, one, where));
      if (tries.some((problems) => problems.length === 0)) return [];
      // An object that is nearly right deserves the precise message.
      const precise = isObject(value) ? tries.find((_, at) => isObjectShape(shape.of[at])) : undefined;
      return precise ?? expected(shape.expected);
    }
    case 'named':
      return problemsOf(value, shape.shape(), where);
  }
}

function problemsOfObject(value: Readonly<Record<string, unknown>>, shape: ObjectShape, where: string): string[] {
  const known = { ...shape.required, ...shape.optional };
  const missing = Object.keys(shape.required).filter((name) => value[name] === undefined);
  const problems = missing.map((name) => `${where}: "${name}" is missing`);
  for (const [name, item] of Object.entries(value)) {
    const expected = Object.hasOwn(known, name) ? known[name] : undefined;
    if (expected === undefined) problems.push(`${where}: unknown property "${name}"; known are ${quoted(Object.keys(known))}`);
    else if (item !== undefined) problems.push(...problemsOf(item, expected, member(where, name)));
  }
  return problems;
}

/**
 * The JSON schema (draft 7) of a shape.
 *
 * @param shape - the shape
 * @returns a schema that accepts the same values
 */
export function jsonSchemaOf(shape: Shape): Record<string, unknown> {
  const definitions: Record<string, unknown> = {};
  const schema = schemaOf(shape, definitions);
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...schema, ...(Object.keys(definitions).length > 0 && { definitions }) };
}

function schemaOf(shape: Shape, definitions: Record<string, unknown>): Record<string, unknown> {
  const inner = (each: Shape): Record<string, unknown> => schemaOf(each, definitions);
  switch (shape.kind) {
    case 'boolean':
    case 'string':
    case 'null':
      return { type: shape.kind };
    case 'position':
      return { type: 'integer', minimum: 0 };
    case 'constant':
      return { const: shape.value };
    case 'one of':
      return { enum: [...shape.values] };
    case 'list':
      return { type: 'array', items: inner(shape.of) };
    case 'record':
      return { type: 'object', additionalProperties: inner(shape.of) };
    case 'object': {
      const properties = Object.fromEntries(Object.entries({ ...shape.required, ...shape.optional }).map(([name, each]) => [name, inner(each)]));
      const required = Object.keys(shape.required);
      return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false };
    }
    case 'variants':
      return { oneOf: Object.entries(shape.variants).map(([name, variant]) => inner(withTag(variant, shape.tag, name))) };
    case 'either':
      return { anyOf: shape.of.map(inner) };
    case 'named':
      if (!Object.hasOwn(definitions, shape.name)) {
        definitions[shape.name] = {};
        definitions[shape.name] = inner(shape.shape());
      }
      return { $ref: `#/definitions/${shape.name}` };
  }
}

function withTag(variant: ObjectShape, tag: string, name: string): ObjectShape {
  return object({ [tag]: { kind: 'constant', value: name }, ...variant.required }, variant.optional);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isObjectShape(shape: Shape | undefined): boolean {
  if (shape?.kind === 'named') return isObjectShape(shape.shape());
  return shape?.kind === 'object' || shape?.kind === 'variants';
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function member(where: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${where}.${name}` : `${where}[${JSON.stringify(name)}]`;
}

/** A value as a message says it. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint' || typeof value === 'symbol') return value.toString();
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    // It holds itself, or a bigint.
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  if (json === undefined) return 'nothing';
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

/** A small generator with a seed (mulberry32): the same seed gives the same run. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}

const token = /[A-Za-z_$][\w$]*|\d+|\s+|"[^"\n]*"|'[^'\n]*'|=>|[.]{3}|[?]{2}|[=!]==?|&&|\|\||[\s\S]/g;
const wrappers: readonly (readonly [string, string])[] = [
  ['{', '}'],
  ['(() => {', '})();'],
  ['async function* wrapped() {', '}'],
  ['try {', '} finally { }'],
  ['for (;;) {', '}'],
  ['class Wrapped { method() {', '} }'],
  ['switch (x) { case 1:', '}'],
];

/** Deletes, doubles, swaps or takes over tokens, wraps lines, or cuts the text off. */
export function mutate(text: string, other: string, random: Random): string {
  const tokens = text.match(token) ?? [];
  const changes = 1 + random.below(6);
  for (let i = 0; i < changes && tokens.length > 0; i++) {
    const at = random.below(tokens.length);
    switch (random.below(6)) {
      case 0:
        tokens.splice(at, 1 + random.below(4));
        break;
      case 1:
        tokens.splice(at, 0, tokens[at] ?? '');
        break;
      case 2: {
        const with_ = random.below(tokens.length);
        [tokens[at], tokens[with_]] = [tokens[with_] ?? '', tokens[at] ?? ''];
        break;
      }
      case 3: {
        const others = other.match(token) ?? [];
        const from = random.below(others.length + 1);
        tokens.splice(at, 0, ...others.slice(from, from + 1 + random.below(40)));
        break;
      }
      case 4:
        return nest(tokens.join(''), random);
      default:
        if (random.below(4) === 0) tokens.length = at;
    }
  }
  return tokens.join('');
}

function nest(text: string, random: Random): string {
  const lines = text.split('\n');
  const from = random.below(lines.length);
  const to = from + random.below(lines.length - from) + 1;
  const [open, close] = random.pick(wrappers);
  return [...lines.slice(0, from), open, ...lines.slice(from, to), close, ...lines.slice(to)].join('\n');
}

const names = ['buf', 'view', 'a', 'b', 'pool', 'fn', 'this.x', 'Buffer', 'arguments'] as const;

/** A program that need not make sense. */
export function randomProgram(random: Random, depth = 4): string {
  const statement = (left: number): string => {
    if (left === 0) return `${expression(2)};`;
    switch (random.below(11)) {
      case 0:
        return `if (${expression(2)}) { ${block(left - 1)} } else { ${block(left - 1)} }`;
      case 1:
        return `while (${expression(2)}) { ${block(left - 1)} }`;
      case 2:
        return `for (const ${random.pick(['a', '[a, b]', '{ a, ...b }'])} of ${expression(2)}) { ${block(left - 1)} }`;
      case 3:
        return `function* g${random.below(9)}(buf = ${expression(1)}) { yield ${expression(2)}; ${block(left - 1)} }`;
      case 4:
        return `class C${random.below(9)} extends ${random.pick(['Object', 'C1', 'Buffer'])} { #p = ${expression(1)}; m() { ${block(left - 1)} return ${expression(2)}; } static { ${block(left - 1)} } }`;
      case 5:
        return `try { ${block(left - 1)} } catch (a) { ${block(left - 1)} } finally { ${block(left - 1)} }`;
      case 6:
        return `switch (${expression(1)}) { case ${expression(1)}: ${block(left - 1)} default: ${block(left - 1)} case 2: ${block(left - 1)} }`;
      case 7:
        return `l${random.below(3)}: do { ${block(left - 1)} } while (${expression(1)});`;
      case 8:
        return `{ let view = ${expression(3)}; ${block(left - 1)} }`;
      case 9:
        return `export const e${random.below(1e6)} = async (a, { b = ${expression(1)} }, ...fn) => { ${block(left - 1)} };`;
      default:
        return `${expression(3)};`;
    }
  };
  const block = (left: number): string => Array.from({ length: 1 + random.below(3) }, () => statement(left)).join(' ');
  const expression = (left: number): string => {
    if (left === 0) return random.pick([...names, '1', "'s'", 'null', 'undefined', '0n', '/r/']);
    const inner = (): string => expression(left - 1);
    switch (random.below(12)) {
      case 0:
        return `(${inner()}).subarray(${inner()}, ${inner()})`;
      case 1:
        return `Buffer.alloc(${inner()})`;
      case 2:
        return `(${random.pick(names)} ${random.pick(['=', '+=', '??=', '||='])} ${inner()})`;
      case 3:
        return `(${inner()})[${inner()}]`;
      case 4:
        return `{ a: ${inner()}, [${inner()}]: ${inner()}, ...(${inner()}) }.a`.replace(/^/, '(').replace(/$/, ')');
      case 5:
        return `[${inner()}, ...[${inner()}]]`;
      case 6:
        return `(${inner()} ? ${inner()} : ${inner()})`;
      case 7:
        return `(${inner()} ${random.pick(['+', '-', '&&', '??', '<', '===', 'in', ','])} ${inner()})`;
      case 8:
        return `(() => ${inner()})(${inner()})`;
      case 9:
        return `new Uint8Array(${inner()})`;
      case 10:
        return `(${random.pick(names)})?.push?.(${inner()})`;
      default:
        return random.pick(names);
    }
  };
  return Array.from({ length: 1 + random.below(6) }, () => statement(depth)).join('\n');
}

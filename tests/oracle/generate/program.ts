import { Builder } from './builder.js';
import type { Construct } from './constructs.js';
import { Dice } from './dice.js';
import { writeEntry } from './entries.js';
import { fresh } from './expressions.js';
import type { HelperKind } from './helpers.js';
import { helperText } from './helpers.js';
import type { RawProgram } from './raw.js';
import type { ByteType } from './scope.js';

/** How a program is printed. The same statement is on the same line in each. */
export type Dialect = 'ts' | 'js' | 'cjs';

export interface ProgramFile {
  readonly name: string;
  readonly text: string;
}

/** A generated program. */
export interface Program {
  readonly constructs: ReadonlySet<Construct>;
  /** Whether TypeScript's reader also gets a JavaScript form: `js` or `cjs`. */
  readonly javaScript: 'js' | 'cjs';
  /** @returns its files, `main.*` first */
  print(dialect: Dialect): ProgramFile[];
}

/** A file before printing, with what only some dialects print still marked. */
interface Sheet {
  readonly name: string;
  readonly imports: readonly (readonly [names: readonly string[], from: string, isTypeOnly?: boolean])[];
  readonly lines: readonly string[];
  readonly exported: readonly string[];
}

/** Reads a tree of numbers as a program. */
export function buildProgram(raw: RawProgram): Program {
  const builder = new Builder();
  const style = new Dice(raw.style);
  const javaScript = style.isOneIn(2) ? 'cjs' : 'js';
  const hasHelperFile = style.isOneIn(2);
  builder.use('ESM');
  if (javaScript === 'cjs') builder.use('CommonJS');
  for (const { a, b } of raw.top) writeModuleVariable(builder, new Dice(a, b));
  for (const entry of raw.entries) writeEntry(builder, entry);

  const helpers = closeOver(builder);
  if (hasHelperFile && helpers.length > 0) builder.use('helper in second file');
  const helperLines = helpers.flatMap(([kind, type]) => {
    const { parameters, body, constructs } = helperText(kind, type);
    builder.use(...constructs);
    return [`${hasHelperFile ? '«export »' : ''}function ${kind}${type}(${parameters}) {`, `  ${body}`, '}'];
  });
  const helperNames = helpers.map(([kind, type]) => `${kind}${type}`);
  const body = builder.lines.join('\n');
  const opaqueIn = (text: string): string[] => ['c', 't', 'pick', 'byte', 'items', 'tick', 'arrivals'].filter((name) => new RegExp(`\\b${name}\\(`).test(text));
  const libraries = (
    [
      [['EventEmitter'], 'node:events', !/extends EventEmitter/.test(body)],
      [['Readable', 'Transform'].filter((name) => body.includes(`extends ${name}`)), 'node:stream'],
      [['TransformCallback'], 'node:stream', true],
    ] as const
  ).filter(([names]) => names.some((name) => body.includes(name)));
  const mainLines = hasHelperFile ? builder.lines : [...builder.lines, ...helperLines];
  const main: Sheet = {
    name: 'main',
    imports: [
      [opaqueIn(mainLines.join('\n')), './opaque.js'],
      ...(hasHelperFile ? ([[helperNames, './helpers.js']] as const) : []),
      ...libraries,
    ],
    lines: mainLines,
    exported: builder.exported,
  };
  const sheets = [main];
  if (hasHelperFile && helpers.length > 0) {
    sheets.push({ name: 'helpers', imports: [[opaqueIn(helperLines.join('\n')), './opaque.js']], lines: helperLines, exported: helperNames });
  }
  return { constructs: builder.used, javaScript, print: (dialect) => sheets.map((sheet) => print(sheet, dialect)) };
}

function writeModuleVariable(builder: Builder, dice: Dice): void {
  const type: ByteType = dice.isOneIn(2) ? 'Uint8Array' : 'Buffer';
  builder.use('module buffer');
  if (dice.isOneIn(5)) {
    const name = builder.name('shared');
    builder.line(`const ${name}‹: { v: ${type}; w?: ${type} }› = { v: ${fresh(builder, dice, type)} };`);
    builder.scope.declare(name, 'box', type, true);
    return;
  }
  const name = builder.name('pool');
  const isMutable = dice.isOneIn(2);
  builder.line(`${isMutable ? 'let' : 'const'} ${name}${isMutable ? `‹: ${type}›` : ''} = ${fresh(builder, dice, type)};`);
  builder.scope.declare(name, 'bytes', type, isMutable);
}

/** @returns the helpers that are used, and those that they use */
function closeOver(builder: Builder): (readonly [HelperKind, ByteType])[] {
  for (const key of [...builder.helpers]) {
    const [kind, type] = key.split(' ') as [HelperKind, ByteType];
    const { needs } = helperText(kind, type);
    if (needs !== undefined) builder.helpers.add(`${needs} ${type}`);
  }
  return [...builder.helpers].map((key) => key.split(' ') as [HelperKind, ByteType]);
}

function print(sheet: Sheet, dialect: Dialect): ProgramFile {
  const head = sheet.imports.map(([names, from, isTypeOnly]) => {
    if (names.length === 0 || (isTypeOnly === true && dialect !== 'ts')) return '';
    const list = `{ ${names.join(', ')} }`;
    if (dialect === 'cjs') return `const ${list} = require('${from}');`;
    return `import ${isTypeOnly === true ? 'type ' : ''}${list} from '${from}';`;
  });
  const body = sheet.lines.map((line) => {
    const typed = line.replace(/‹([^›]*)›/g, dialect === 'ts' ? '$1' : '');
    return typed.replace(/«([^»]*)»/g, dialect === 'cjs' ? '' : '$1');
  });
  const foot = dialect === 'cjs' ? [`module.exports = { ${sheet.exported.join(', ')} };`] : [];
  return { name: `${sheet.name}.${dialect === 'ts' ? 'ts' : 'js'}`, text: [...head, ...body, ...foot, ''].join('\n') };
}

/** The text of `opaque.ts`: what no analysis can see through. */
export const opaqueText = `let state = Date.now();
function next(): number {
  state = (state * 1103515245 + 12345) % 2147483648;
  return state;
}
export function c(k: number): boolean {
  return (next() + k) % 2 === 0;
}
export function t(k: number): void {
  if (c(k)) throw new Error('t');
}
export function pick(k: number, n: number): number {
  return (next() + k) % n;
}
export function byte(): number {
  return next() % 256;
}
export function items(k: number): number[] {
  return new Array<number>(pick(k, 4)).fill(0);
}
export function tick(): Promise<void> {
  return Promise.resolve();
}
export async function* arrivals(k: number): AsyncGenerator<number> {
  while (c(k)) {
    await tick();
    yield next();
  }
}
`;

import { Builder } from './builder.js';
import type { Construct } from './constructs.js';
import { Dice } from './dice.js';
import { writeEntry } from './entries.js';
import { fresh } from './expressions.js';
import type { HelperKind } from './helpers.js';
import { helperText } from './helpers.js';
import { opaqueNames } from './opaque.js';
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
  /**
   * Every branch is decided by an independent opaque call, and every callee is known: what a flow analysis that takes any path
   * can see is exactly what happens on some path. Otherwise only misses count.
   */
  readonly isBranchExact: boolean;
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
    const { parameters, body, constructs, isAsync } = helperText(kind, type);
    builder.use(...constructs);
    return [`${hasHelperFile ? '«export »' : ''}${isAsync === true ? 'async ' : ''}function ${kind}${type}(${parameters}) {`, `  ${body}`, '}'];
  });
  const helperNames = helpers.map(([kind, type]) => `${kind}${type}`);
  // What JavaScript says in comments needs no import.
  const body = builder.lines.join('\n').replace(/⟦[^⟧]*⟧/g, '');
  const opaqueIn = (text: string): string[] => opaqueNames.filter((name) => new RegExp(`\\b${name}\\(`).test(text));
  const libraries = (
    [
      [['EventEmitter'], 'node:events', !/extends EventEmitter/.test(body)],
      [['Readable', 'Transform'].filter((name) => body.includes(`extends ${name}`)), 'node:stream'],
      [['TransformCallback'], 'node:stream', true],
      [['FileHandle'], 'node:fs/promises', true],
      [['MessagePort'], 'node:worker_threads', true],
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
  return { constructs: builder.used, javaScript, isBranchExact: builder.isBranchExact, print: (dialect) => sheets.map((sheet) => print(sheet, dialect)) };
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
    // ⟦…⟧: what JavaScript says in a comment, where nothing else tells that bytes come in.
    const typed = line.replace(/‹([^›]*)›/g, dialect === 'ts' ? '$1' : '').replace(/⟦([^⟧]*)⟧/g, dialect === 'ts' ? '' : '$1');
    return typed.replace(/«([^»]*)»/g, dialect === 'cjs' ? '' : '$1');
  });
  const foot = dialect === 'cjs' ? [`module.exports = { ${sheet.exported.join(', ')} };`] : [];
  return { name: `${sheet.name}.${dialect === 'ts' ? 'ts' : 'js'}`, text: [...head, ...body, ...foot, ''].join('\n') };
}

import type { Rule } from 'eslint';
import type { BorrowFinding, MoveFinding } from '../engine/findings.js';
import type { Origin } from '../engine/ir/index.js';
import { displayPath, type TypedFile } from './type-information.js';

/** What the messages of the borrow rules are filled with. */
export interface BorrowMessageData extends Record<string, string> {
  /** `` `buf` (allocated on line 4) `` */
  readonly buffer: string;
  /** `` is overwritten on line 7 by `fh.read()` `` */
  readonly fate: string;
  /** `` `this.push()` `` */
  readonly via: string;
}

/**
 * The words that say where a buffer comes from, where it is handed out and what becomes of it.
 *
 * @param finding - what was found
 * @param file - the linted file
 * @param context - the rule's context
 * @returns the data for a message
 */
export function borrowMessageData(finding: BorrowFinding, file: TypedFile, context: Rule.RuleContext): BorrowMessageData {
  const { region, escape } = finding;
  const name = region.name === '' ? 'a buffer' : code(region.name);
  const origin = placeInWords(region.at, file, context);
  return {
    buffer: origin === undefined ? name : `${name} (${region.isLent ? 'lent' : 'allocated'} ${origin})`,
    fate: fate(finding, placeInWords(finding.invalidation.at, file, context)),
    via: escape.via === undefined ? 'This call' : code(escape.via),
  };
}

function fate({ certainty, invalidation }: BorrowFinding, where: string | undefined): string {
  const is = certainty === 'certain' ? 'is' : 'may be';
  const at = where === undefined ? '' : ` ${where}`;
  const by = invalidation.by === '' ? '' : ` by ${code(invalidation.by)}`;
  switch (invalidation.how) {
    case 'overwrite':
      return `${is} overwritten${at}${by}`;
    case 'transfer':
      return `${is} transferred away${at}${by}`;
    case 'growth':
      return `${is} detached${at}${by}`;
    case 'release':
      return `${is} released${at}${by}`;
    case 'next call':
      return `${is} reused${at}${by}`;
    case 'callback return':
      return `${is} only lent until the function${at} returns`;
    case 'suspension':
      return `${is} only lent until the \`await\`${at}`;
  }
}

/**
 * The words that say what was moved, and where.
 *
 * @param finding - what was found
 * @param file - the linted file
 * @param context - the rule's context
 * @returns the data for a message
 */
export function moveMessageData(finding: MoveFinding, file: TypedFile, context: Rule.RuleContext): { readonly buffer: string; readonly fate: string; readonly by: string; readonly end: string } {
  const { what, move, certainty } = finding;
  const origin = what.at === undefined ? undefined : placeInWords(what.at, file, context);
  const was = certainty === 'certain' ? 'was' : 'may have been';
  const happened = { transfer: 'transferred away', growth: 'detached', release: 'released', lapse: 'taken back' }[move.how];
  const where = placeInWords(move.at, file, context);
  const cameBy = origin === undefined ? '' : `${move.how === 'release' ? 'taken' : what.isReceived ? 'received' : 'allocated'} ${origin}`;
  const unnamed = cameBy === '' ? 'something' : `what was ${cameBy}`;
  return {
    buffer: what.name === '' ? unnamed : cameBy === '' ? code(what.name) : `${code(what.name)} (${cameBy})`,
    fate: `${was} ${happened}${where === undefined ? '' : ` ${where}`}${move.by === '' ? '' : ` by ${code(move.by)}`}`,
    by: move.by,
    end: where ?? 'elsewhere',
  };
}

/** `on line 4`; `at src/pool.ts:4` in another file; undefined for a file the program does not contain. */
export function placeInWords(origin: Origin, file: TypedFile, context: Rule.RuleContext): string | undefined {
  const sourceFile = origin.file === file.sourceFile.fileName ? file.sourceFile : file.program.getSourceFile(origin.file);
  if (sourceFile === undefined) return undefined;
  const line = sourceFile.getLineAndCharacterOfPosition(origin.start).line + 1;
  return sourceFile === file.sourceFile ? `on line ${line}` : `at ${displayPath(sourceFile.fileName, context.cwd)}:${line}`;
}

/** Names and calls are code; a description such as `the next turn of the loop` is not. */
function code(text: string): string {
  if (text.includes('`') || /^(?:the|a|an|its|another) /.test(text)) return text;
  return `\`${text}\``;
}

import { relative } from 'node:path';
import type { Linter } from 'eslint';
import type ts from 'typescript';
import { goneInWords, type Explanation, type JournalEntry, type LoanNote } from '../engine/borrow/index.js';
import { isBorrowFinding, placeOf, placesOf, type Finding } from '../engine/findings.js';
import { originKey, type Origin } from '../engine/ir/index.js';
import type { AsyncExplanation } from '../engine/session.js';
import { contractInWords } from '../report/contract.js';
import { blockingInWords, queuesInWords, sinksInWords, spawnsInWords } from './explain-async.js';
import { PREFIX } from './lint.js';

type Entry<K extends JournalEntry['kind']> = Extract<JournalEntry, { readonly kind: K }>;

/** What is to be said about a line. */
export interface Subject {
  readonly program: ts.Program;
  readonly sourceFile: ts.SourceFile;
  readonly cwd: string;
  /** From 1. */
  readonly line: number;
  /** The code that is meant, in offsets. */
  readonly statement: { readonly start: number; readonly end: number };
  readonly findings: readonly Finding[];
  readonly explanation: Explanation;
  readonly asynchronous: AsyncExplanation;
  /** What the project's ESLint configuration says; undefined where there is none. */
  readonly rules: Linter.Config['rules'];
}

/** Of what may follow upon a loan, so many are named. */
const mostNamed = 4;

/** So many lines are printed of a section. */
const mostLines = 12;

const limits: Readonly<Record<Entry<'given up'>['reason'], string>> = {
  'own steps': 'it takes too many steps by itself',
  'steps of the file': 'the functions before it have used up the steps of the file',
  'steps without memory': 'it takes many steps, and no bytes come up in the first of them',
  time: 'it takes too long',
};

/** Puts together what is printed about a line. */
export class Page {
  readonly #subject: Subject;
  readonly #entries: readonly JournalEntry[];

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#entries = subject.explanation.entries;
  }

  /** The whole text, with a line break at its end. */
  render(): string {
    const reported = this.#subject.findings.filter((finding) => this.#isHere(placeOf(finding)));
    const others = this.#subject.findings.filter((finding) => !reported.includes(finding) && placesOf(finding).some((at) => this.#isHere(at)));
    const sections = [
      this.#head(),
      ...reported.map((finding) => this.#report(finding)),
      ...others.map((finding) => [`Part of what is reported at ${this.#placeOf(placeOf(finding))}: ${ruleOf(finding)}, ${finding.certainty}`, ...this.#steps(finding)]),
      ...(reported.length + others.length === 0 ? [this.#silence()] : []),
      this.#section('Not analysed to the end', this.#gaps()),
      this.#section('Views at hand', this.#views().map((view) => `${view.variable}: ${view.isLent ? 'lent' : view.isForeign ? 'memory of the caller' : 'memory'} of ${this.#placeOf(view.at)}`)),
      this.#section('Lent before, and still out', this.#all('live loan').map((loan) => `${this.#loan(loan)} (${this.#placeOf(loan.at)})`)),
      this.#section('Gone before', this.#all('live move').map(({ name, how, by, at, isElsewhere }) => `\`${name}\`: ${goneInWords[how]} by \`${by}\` (${this.#placeOf(at)})${isElsewhere ? ', on ways only that do not lead here' : ''}`)),
      this.#section('Over from here on', this.#all('loan end').filter(({ at }) => this.#isHere(at)).map(({ lentAt }) => `what was lent at ${this.#placeOf(lentAt)}: the work is waited for`)),
      this.#section('Queues', queuesInWords(this.#subject.asynchronous, (at) => this.#placeOf(at))),
      this.#section('Sinks', sinksInWords(this.#subject.asynchronous, (at) => this.#placeOf(at))),
      this.#section('Tasks', spawnsInWords(this.#subject.asynchronous, (at) => this.#placeOf(at))),
      this.#section('Blocks the event loop', blockingInWords(this.#subject.asynchronous, (at) => this.#placeOf(at))),
      this.#section('Calls', this.#calls()),
      this.#section('Lent here', this.#all('loan').filter(({ at }) => this.#isHere(at)).flatMap((loan) => [this.#loan(loan), `  ${this.#fate(loan)}`])),
    ];
    return `${sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n')}\n`;
  }

  #head(): string[] {
    const { sourceFile, statement, line, explanation } = this.#subject;
    const [inner] = explanation.functions;
    const text = sourceFile.text.slice(statement.start, statement.end).trimEnd();
    return [`${this.#nameOf(sourceFile.fileName)}:${line}, ${inner === undefined ? 'at the top level' : `in ${this.#functionInWords(inner)}`}`, ...text.split('\n').map((one) => `    ${one.trim()}`)];
  }

  #functionInWords({ name, origin }: Explanation['functions'][number]): string {
    if (name === '<anonymous>') return `the function of line ${this.#lineOf(origin)}`;
    return name.endsWith('#<fields>') ? `the fields of \`${name.slice(0, -'#<fields>'.length)}\`` : `\`${name}\``;
  }

  #report(finding: Finding): string[] {
    return [`Reported: ${ruleOf(finding)}, ${finding.certainty}${this.#shownWhen(finding)}`, ...this.#steps(finding)];
  }

  #steps({ trace }: Finding): string[] {
    return trace.map(({ at, label }) => `  ${label} (${this.#placeOf(at)})`);
  }

  /** What has to be set for the finding to be shown, where it is not by default. */
  #shownWhen(finding: Finding): string {
    const { rules } = this.#subject;
    const [severity, options] = [rules?.[ruleOf(finding)]].flat() as readonly unknown[];
    if (rules !== undefined && (severity === undefined || severity === 0 || severity === 'off')) return '; your ESLint configuration has this rule off';
    const isShown = (options as { readonly report?: unknown } | undefined)?.report === 'potential';
    return finding.certainty === 'potential' && !isShown ? '; shown with `report: "potential"`, or `--report potential`' : '';
  }

  /** Why nothing is reported. */
  #silence(): string[] {
    const { functions, isLeftOut } = this.#subject.explanation;
    const reasons: string[] = [];
    if (isLeftOut) reasons.push(`${functions.length === 0 ? 'this code' : 'this function'} was left out before the analysis: no memory comes by that may be handed out here and overwritten afterwards${this.#calls().length > 0 ? '. What follows is what a trial shows' : ''}`);
    const loans = this.#all('loan').filter(({ at }) => this.#isHere(at));
    const gone = this.#all('invalidation').filter(({ at }) => this.#isHere(at));
    if (loans.length > 0) reasons.push('what is lent here is over, or left alone, when its memory changes: see below');
    else if (gone.length > 0) reasons.push(...gone.map(({ how, by, at, region }) => `memory is changed here (${how} by ${by}), and ${this.#all('miss').some((miss) => miss.region === region && originKey(miss.at) === originKey(at)) ? 'only where it is not lent' : 'no view of it is lent that anybody still looks at'}`));
    else if (this.#views().length > 0) reasons.push('no view leaves the code that owns its memory on this line');
    else if (this.#all('live loan').length > 0) reasons.push('nothing is lent, changed or moved away on this line');
    else if (!isLeftOut) reasons.push('no memory that is followed comes by this line');
    const { queues, blocking } = this.#subject.asynchronous;
    if (queues.length > 0 || blocking.length > 0) reasons.push('what is known of queues and of what blocks: see below');
    return ['Nothing is reported here', ...[...new Set(reasons)].map((reason) => `  ${reason}`)];
  }

  /** What the analysis has not seen. */
  #gaps(): string[] {
    const { functions, skipped } = this.#subject.explanation;
    const around = new Set(functions.map(({ origin }) => originKey(origin)));
    const isAround = ({ at }: Pick<JournalEntry, 'at'>): boolean => around.has(originKey(at));
    const gaps = [
      ...this.#all('second look').filter(isAround).map(({ at, name }) => `\`${name}\` (${this.#placeOf(at)}) takes too many steps by itself: it was looked at once more, with its ways taken together, and nothing that this found is certain`),
      ...this.#all('given up').filter(isAround).map(({ at, name, reason }) => `the analysis of \`${name}\` (${this.#placeOf(at)}) was given up: ${limits[reason]}`),
    ];
    return skipped === undefined ? gaps : [`this function holds something that is not known: ${skipped}`, ...gaps];
  }

  #calls(): string[] {
    return this.#entries.flatMap((entry) => (this.#isHere(entry.at) ? (this.#call(entry) ?? []) : []));
  }

  #call(entry: JournalEntry): string | undefined {
    switch (entry.kind) {
      case 'contract':
        return `\`${entry.callee}\` ${contractInWords(entry.contract)} (${this.#sourceOf(entry)})`;
      case 'followed call':
        return `\`${entry.callee}\` is followed into its body (${this.#placeOf(entry.into)})`;
      case 'unknown call':
        return `\`${entry.callee}\` ${entry.isFollowed ? 'is not known here: it has no contract, and no body to follow' : 'is given no memory that is followed: what it does is not asked'}`;
      default:
        return undefined;
    }
  }

  #sourceOf({ contract, path, declaredAt }: Entry<'contract'>): string {
    const where = declaredAt === undefined ? '' : ` of ${this.#placeOf(declaredAt)}`;
    switch (contract.origin) {
      case 'catalog':
        return `from the catalog${path === undefined ? '' : `, ${path}`}`;
      case 'settings':
        return `from settings.borrowck.contracts${path === undefined ? '' : `, ${path}`}`;
      case 'annotation':
        return `from the tags${where}`;
      case 'inferred':
        return `from its body${where}`;
    }
  }

  #loan({ name, madeAt, isLent, how, certainty, isForeign, endsWith }: LoanNote): string {
    const doubt = isForeign ? ', as the memory is the caller\'s' : '';
    const end = endsWith === undefined ? '' : endsWith === 'work' ? '; over when that work is done' : '; over when the container is emptied';
    return `a view of ${name === '' ? 'memory' : `\`${name}\``} (${isLent ? 'lent' : 'made'} at ${this.#placeOf(madeAt)}) by ${how}, ${certainty}${doubt}${end}`;
  }

  /** What became of a loan. */
  #fate(loan: Entry<'loan'>): string {
    const broken = this.#subject.findings.find((finding) => isBorrowFinding(finding) && originKey(finding.escape.at) === originKey(loan.at));
    if (broken !== undefined) return `broken: reported as ${ruleOf(broken)}`;
    const changes = this.#all('invalidation').filter(({ region, at }) => region === loan.region && originKey(at) !== originKey(loan.at));
    const isLetGo = this.#all('letting go').some(({ lentAt }) => originKey(lentAt) === originKey(loan.at));
    if (changes.length === 0) return 'sound: nothing overwrites, moves away or takes back this memory';
    const misses = new Set(this.#all('miss').filter(({ lentAt }) => originKey(lentAt) === originKey(loan.at)).map(({ at }) => originKey(at)));
    const ends = this.#all('loan end').filter(({ lentAt }) => originKey(lentAt) === originKey(loan.at));
    const renewals = this.#all('renewal').filter(({ region }) => region === loan.region);
    const told = changes.slice(0, mostNamed).map(({ how, by, at, certainty }) => `${how} by ${by} (${this.#placeOf(at)}${certainty === 'potential' ? ', potential' : ''})`);
    const because = [
      ...(changes.every(({ at }) => misses.has(originKey(at))) ? ['only parts that were not lent change'] : misses.size > 0 ? ['some of it concerns parts that were not lent'] : []),
      ...ends.map(({ at }) => `the loan is over at ${this.#placeOf(at)}, where the work is waited for`),
      ...(isLetGo && ends.length === 0 ? ['nothing here refers to this memory any more when that happens again'] : []),
      ...renewals.map(({ at }) => `${this.#placeOf(at)} makes other memory each time`),
    ];
    return `sound: on no path does one of these follow while it lasts: ${told.join(', ')}${because.length === 0 ? '' : `; ${because.join('; ')}`}`;
  }

  #section(title: string, lines: readonly string[]): string[] {
    const told = [...new Set(lines)];
    const more = told.length - mostLines;
    return told.length === 0 ? [] : [title, ...told.slice(0, mostLines).map((line) => `  ${line}`), ...(more > 0 ? [`  and ${more} more`] : [])];
  }

  #all<K extends JournalEntry['kind']>(kind: K): Entry<K>[] {
    return this.#entries.filter((entry): entry is Entry<K> => entry.kind === kind);
  }

  /** Variables that stand on the watched lines. */
  #views(): Entry<'view'>[] {
    const { sourceFile, statement } = this.#subject;
    const text = sourceFile.text.slice(statement.start, statement.end);
    return this.#all('view').filter(({ variable }) => new RegExp(`(?<![\\w$#])${variable.replace(/[.$#]/g, '\\$&')}(?![\\w$])`).test(text));
  }

  #isHere(at: Origin): boolean {
    const { sourceFile, statement } = this.#subject;
    return at.file === sourceFile.fileName && at.start >= statement.start && at.start < statement.end;
  }

  #nameOf(file: string): string {
    return relative(this.#subject.cwd, file) || file;
  }

  #placeOf(at: Origin): string {
    return `${this.#nameOf(at.file)}:${this.#lineOf(at)}`;
  }

  #lineOf(at: Origin): number {
    const { sourceFile, program } = this.#subject;
    const file = at.file === sourceFile.fileName ? sourceFile : program.getSourceFile(at.file);
    return (file?.getLineAndCharacterOfPosition(at.start).line ?? 0) + 1;
  }
}

/** The rule that shows a finding. */
function ruleOf({ kind }: Finding): string {
  return `${PREFIX}no-${kind === 'lapsed-borrow' ? 'borrowed-capture' : kind}`;
}

import type { ViewType } from '../engine/contracts/contract.js';
import type { BorrowFinding } from '../engine/findings.js';
import type { Body, Capture, FixContext, Handler, Handover, Work } from './context.js';
import { Draft } from './draft.js';
import { freeName, planBuffer, planImport, runtimeMissing } from './imports.js';
import { indentationAt, precede, startsAnExpression, stepIn } from './layout.js';
import { type EditPlan, manual } from './plan.js';

/** Parameters and constants that refs can stand in for: those of bytes. */
const bytes = /^(?:Borrowed<\s*)?(?:Readonly<)?(Uint8Array|Buffer)(?:<\w+>)?>*$/;

/**
 * Plans the arena form of a view that work keeps: the bytes are copied into an arena, the work is given a ref and reads it when it
 * begins, and their memory is given back for reuse when the work has settled.
 *
 * @param finding - a view that work which goes on has borrowed
 * @param context - the file
 * @returns the plan, never more than `maybe`: what a function of this file takes becomes another thing
 */
export function arenaPlan(finding: BorrowFinding, context: FixContext): EditPlan {
  const { how, view, at, type } = finding.escape;
  if (!context.hasRuntime) return manual(runtimeMissing);
  if (view === undefined) return manual('no single expression here is the view');
  const draft = new Draft();
  const reason = how === 'spawn' ? giveRefs(context.workGiven(view), type, draft, context) : how === 'schedule' ? captureRef(context.captureOf(view, at), type, draft, context) : 'the function is called again and again: when it is done with the bytes is not known';
  if (reason !== undefined) return manual(reason);
  return { edits: draft.edits, imports: [], applicability: 'maybe', result: `${arenaIn(context).name}.alloc(${context.text.slice(view.start, view.end)})`, why: 'the work is given a ref in the place of the bytes' };
}

/** @returns why not, where nothing can be done */
function giveRefs(work: Work | string, type: ViewType | undefined, draft: Draft, context: FixContext): string | undefined {
  if (typeof work === 'string') return work;
  const arena = declareArena(draft, context, false);
  for (const handler of work.handlers) {
    const reason = readThrough(draft, handler, arena, type, context);
    if (reason !== undefined) return reason;
  }
  const refs = new Set<string>();
  for (const handover of work.handovers) {
    const ref = freeName('ref', { isUnused: (name) => context.isUnused(name) && !refs.has(name) });
    refs.add(ref);
    handOver(draft, handover, ref, arena, context);
  }
  return undefined;
}

/** `const part = view; later(() => use(part))` becomes `const partRef = arena.alloc(view); later(() => { const part = …; use(part) })`. */
function captureRef(capture: Capture | string, type: ViewType | undefined, draft: Draft, context: FixContext): string | undefined {
  if (typeof capture === 'string') return capture;
  const { handler, initializer } = capture;
  const { body, declared } = handler;
  const arena = declareArena(draft, context, false);
  const read = reading(handler, arena, type, context);
  if (typeof read === 'string' || body === undefined) return typeof read === 'string' ? read : 'what is called later is not in sight';
  for (const one of read.imports) draft.import(one);
  if (/\/[/*]/.test(context.text.slice(declared.end, handler.type?.end ?? declared.end))) return 'a comment stands before the type';
  const ref = freeName(`${handler.name}Ref`, context);
  draft.replace({ start: declared.start, end: handler.type?.end ?? declared.end }, ref);
  draft.wrap(initializer, `${arena}.alloc(`, ')');
  putFirst(draft, body, [`const ${handler.name} = ${read.text(ref)}`, `${arena}.release(${ref})`], context);
  return undefined;
}

/**
 * The arena of a file: one that is there, or one that is declared behind the imports.
 *
 * @param draft - what is to change in the file
 * @param context - the file
 * @param isShared - whether other files read it, too
 * @param isTaken - whether another of these files has a name already
 * @param purpose - what a comment says of it
 * @returns its name
 */
export function declareArena(draft: Draft, context: FixContext, isShared: boolean, isTaken: (name: string) => boolean = () => false, purpose = 'What work is given to read.'): string {
  const { className, name, isThere } = arenaIn(context, isTaken, isShared);
  if (isThere) return name;
  draft.import(className);
  const { at, before, after } = context.importSlot;
  const { semicolon, newline } = context.style;
  const written = `/** ${purpose} */${newline}${isShared ? 'export ' : ''}const ${name} = new ${className.local}()${semicolon}`;
  // Behind imports; or before the first statement, and then nothing stands before it but a new import.
  const isBehind = before !== '';
  draft.replace({ start: at, end: at }, isBehind ? `${before}${newline}${written}${after}` : `${written}${after}`);
  return name;
}

function arenaIn(context: FixContext, isTaken: (name: string) => boolean = () => false, isShared = false): { readonly name: string; readonly className: ReturnType<typeof planImport>; readonly isThere: boolean } {
  const className = planImport({ module: 'borrowck-runtime', name: 'ByteArena', at: 0 }, context);
  const known = className.edit === undefined ? context.instanceOf(className.local) : undefined;
  if (known !== undefined && (known.isExported || !isShared)) return { name: known.name, className, isThere: true };
  return { name: freeName('arena', { isUnused: (name) => context.isUnused(name) && !isTaken(name) }), className, isThere: false };
}

/**
 * `handle(view: Uint8Array)` becomes `handle(viewRef: ByteRef)`, and copies the bytes out first of all.
 *
 * @param draft - what is to change in the handler's file
 * @param handler - the function, or its signature
 * @param arena - the arena's name in the file
 * @param type - what the view is that the function is given, where the function does not say
 * @param context - the handler's file
 * @returns why not, where nothing can be done
 */
export function readThrough(draft: Draft, handler: Handler, arena: string, type: ViewType | undefined, context: FixContext): string | undefined {
  const { name, declared, body, documented } = handler;
  const read = reading(handler, arena, type, context);
  if (typeof read === 'string') return read;
  const ref = freeName(`${name}Ref`, context);
  if (handler.type !== undefined) {
    const refType = planImport({ module: 'borrowck-runtime', name: 'ByteRef', at: 0, isType: true }, context);
    draft.import(refType);
    draft.replace(handler.type, refType.local);
  }
  if (documented?.type !== undefined) draft.replace(documented.type, "import('borrowck-runtime').ByteRef");
  if (body === undefined) return undefined;
  for (const one of read.imports) draft.import(one);
  draft.replace(declared, ref);
  if (documented !== undefined) draft.replace(documented.name, ref);
  putFirst(draft, body, [`const ${name} = ${read.text(ref)}`], context);
  return undefined;
}

/** The expression that copies the bytes of a ref out, once; or why there is none. */
function reading({ declared, holds }: Handler, arena: string, type: ViewType | undefined, context: FixContext): { readonly imports: EditPlan['imports']; text(ref: string): string } | string {
  const made = bytes.exec(holds)?.[1] ?? (/^(?:any|unknown)$/.test(holds) ? type : undefined);
  if (made !== 'Uint8Array' && made !== 'Buffer') return `the work takes \`${holds}\`, and the arena holds bytes`;
  if (context.scopeOf('Uint8Array', declared.start) !== 'global') return '`Uint8Array` is something else here';
  const buffer = made === 'Buffer' ? planBuffer(declared.start, context) : undefined;
  const view = context.isUnused('bytes') ? 'bytes' : freeName('bytes', context);
  return { imports: buffer?.edit === undefined ? [] : [buffer], text: (ref) => `${arena}.with(${ref}, (${view}) => ${buffer === undefined ? `new Uint8Array(${view})` : `${buffer.local}.from(${view})`})` };
}

/** Puts statements before all that a function does. */
function putFirst(draft: Draft, body: Body, statements: readonly string[], { text, style }: FixContext): void {
  const { semicolon, newline } = style;
  const outer = indentationAt(body.start, text);
  if (!body.isBlock) {
    const inner = `${newline}${outer}${stepIn(text)}`;
    draft.wrap(body, `{${statements.map((one) => `${inner}${one}${semicolon}`).join('')}${inner}return `, `${semicolon}${newline}${outer}}`);
    return;
  }
  const { opens, first } = body;
  const line = text.indexOf('\n', opens) + 1;
  const isOnLinesOfItsOwn = first !== undefined && line > 0 && line <= first.start && !/\/\*(?![\s\S]*\*\/)/.test(text.slice(opens, line));
  if (!isOnLinesOfItsOwn) {
    draft.replace({ start: opens, end: opens }, statements.map((one) => ` ${one};`).join(''));
    return;
  }
  const inner = indentationAt(first.start, text);
  const guard = startsAnExpression.test(text.slice(first.start, first.end)) ? ';' : semicolon;
  draft.replace({ start: line, end: line }, statements.map((one, index) => `${inner}${one}${index === statements.length - 1 ? guard : semicolon}${newline}`).join(''));
}

/**
 * `void p.handle(view)` becomes `const ref = arena.alloc(view); void p.handle(ref).finally(() => arena.release(ref))`.
 *
 * @param draft - what is to change in the file of the call
 * @param handover - the call
 * @param ref - a name for the ref
 * @param arena - the arena's name in the file
 * @param context - the file
 */
export function handOver(draft: Draft, { call, argument, statement, isLoose, gives }: Handover, ref: string, arena: string, { text, style }: FixContext): void {
  const inner = `${style.newline}${indentationAt(statement.start, text)}${isLoose ? stepIn(text) : ''}`;
  const around = precede({ statement, isLoose }, `const ${ref} = ${arena}.alloc(${text.slice(argument.start, argument.end)})`, { text, style });
  const release = `${arena}.release(${ref})`;
  draft.replace(argument, ref);
  // A statement without a semicolon is as long as its call: what stands outside is opened first, and closed last.
  draft.wrap(statement, around.before, '');
  if (gives === 'promise') draft.wrap(call, '', `.finally(() => ${release})`);
  if (gives === 'perhaps a promise') draft.wrap(call, 'Promise.resolve(', `).finally(() => ${release})`);
  const behind = gives === 'nothing' ? `${/;$/.test(text.slice(statement.start, statement.end)) || style.semicolon === '' ? '' : ';'}${inner}${release}${style.semicolon}` : '';
  draft.wrap(statement, '', `${behind}${around.behind}`);
}

import type { Cause } from '../engine/blocking/reach.js';
import type { BlockingFinding } from '../engine/findings.js';
import type { Expression, FixContext, LeftImport } from './context.js';
import { planImport } from './imports.js';
import { applyEdits, type Edit, type EditPlan, type ImportPlan, manual } from './plan.js';

/** Functions of `node:fs/promises` that differ from their twins in a second argument: `throwIfNoEntry` is theirs alone. */
const differing: ReadonlySet<string> = new Set(['stat', 'lstat']);

/** What is called instead of what blocks, and with what around it. */
export interface AsynchronousForm {
  readonly callee: string;
  readonly imports: readonly ImportPlan[];
  /** After the call: `.then(…)`. */
  readonly after?: string;
  /** Present where the form does more than wait. */
  readonly doubt?: string;
}

/**
 * Plans to await the asynchronous form of a blocking call: `fs.readFileSync(p)` becomes `await readFile(p)`.
 *
 * Only where the call itself blocks and stands in an async function; a chain of helpers is not rewritten at its first call.
 *
 * @param finding - the blocking call
 * @param context - the file
 * @returns the plan; `machine` where the types agree and the suspension is proven to be harmless
 */
export function asynchronousPlan(finding: BlockingFinding, context: FixContext): EditPlan {
  const [cause] = finding.causes;
  if (cause === undefined || cause.links.length > 0 || finding.callee === '') return manual('what blocks is not called here');
  if (finding.suspension === 'impossible') return manual('no `await` can stand here');
  if (!cause.isApiItself) return manual('another function may be called: the code may be given one');
  const call = context.expressionAt(finding.at);
  if (call?.calleeRange === undefined || call.isOptional) return manual('the call is not an expression of this file');
  const form = asynchronousForm(cause, call, context);
  if (form === undefined) return manual('nothing asynchronous takes the same arguments and gives the same');
  const doubts = [form.doubt, finding.suspension === 'doubtful' ? 'other code may come in between, and see or change something halfway' : undefined].filter((doubt) => doubt !== undefined);
  const edits = awaited(call, form, finding.isAwaited);
  const left = replaceImport(context.importLeftBy(call.calleeRange), form, context);
  return {
    edits: [...left.edits, ...edits].sort((a, b) => a.start - b.start),
    imports: left.imports,
    applicability: doubts.length === 0 ? 'machine' : 'maybe',
    result: applyEdits(context.text.slice(call.start, call.end), edits.map((edit) => ({ ...edit, start: edit.start - call.start, end: edit.end - call.start }))),
    why: doubts[0] ?? 'the asynchronous form takes the same arguments and gives the same value',
  };
}

/**
 * What a call that blocks becomes, before the question where an `await` may stand.
 *
 * @param cause - what blocks
 * @param call - the call of it
 * @param context - the file
 * @returns the form; undefined where nothing asynchronous takes the same arguments and gives the same
 */
export function asynchronousForm(cause: Pick<Cause, 'path' | 'blocks'>, call: Expression, context: FixContext): AsynchronousForm | undefined {
  const path = cause.path ?? '';
  const twin = cause.blocks?.twin;
  if (path === 'node:fs#existsSync' && call.argumentExpressions.length === 1) {
    const access = planPromises('access', call.start, context);
    return { callee: access.local, imports: [access], after: '.then(() => true, () => false)', doubt: 'the file may come or go in between' };
  }
  if (twin === undefined) return undefined;
  const [module = '', name = ''] = twin.split('#');
  if (module === 'node:fs/promises') return promisesForm(path, name, call, context);
  if (/^node:(?:zlib|crypto)$/.test(module)) return promisifiedForm(module, name, call, context);
  return undefined;
}

/** A function of `node:fs/promises`: by `import { promises as fsp } from 'fs'` where that is there; written with `node:` or without, as the file writes the other modules. */
function planPromises(name: string, at: number, context: FixContext): ImportPlan {
  const members = context.imports.filter(({ module, isTypeOnly }) => /^(?:node:)?fs$/.test(module) && !isTypeOnly).flatMap(({ bindings }) => bindings);
  const promises = members.find(({ imported, local, isTypeOnly }) => imported === 'promises' && !isTypeOnly && context.scopeOf(local, at) === 'module');
  if (promises !== undefined) return { module: 'node:fs', name: 'promises', local: `${promises.local}.${name}`, specifier: 'promises', edit: undefined };
  const isBare = context.imports.some(({ module }) => module === 'fs' || module === 'path') && !context.imports.some(({ module }) => module.startsWith('node:'));
  const wanted = isBare ? { module: 'fs/promises', aliases: ['node:fs/promises'] } : { module: 'node:fs/promises', aliases: ['fs/promises'] };
  return planImport({ ...wanted, name, at }, context);
}

function promisesForm(blocking: string, name: string, call: Expression, context: FixContext): AsynchronousForm | undefined {
  const [path, options] = call.argumentExpressions;
  if (path === undefined) return undefined;
  if (differing.has(name) && options !== undefined) return undefined;
  const kind = path.textKind();
  // What takes no descriptor would not compile.
  if (kind === 'number') return undefined;
  const wanted = planPromises(name, call.start, context);
  // `const readFile = promisify(fs.readFile)`: the file's own name for the same thing stays what it is.
  // A package may stand in for `node:fs`, and do more than that.
  const isNode = blocking.startsWith('node:fs#') && !context.imports.some(({ module }) => /^(?:graceful-fs|memfs|fs-extra)$/.test(module));
  const doubt = kind === 'unknown' ? 'the file may be given by its descriptor' : isNode ? undefined : 'another package stands in for the file system';
  return { callee: wanted.local, imports: [wanted], ...(doubt !== undefined && { doubt }) };
}

/** `gzipSync(data)` -> `promisify(gzip)(data)` */
function promisifiedForm(module: string, name: string, call: Expression, context: FixContext): AsynchronousForm {
  const bare = module.replace(/^node:/, '');
  const isBare = context.imports.some((one) => one.module === bare);
  const inner = planImport({ module: isBare ? bare : module, aliases: isBare ? [module] : [bare], name, at: call.start }, context);
  const promisify = planImport({ module: isBare ? 'util' : 'node:util', aliases: ['util', 'node:util'], name: 'promisify', at: call.start }, context);
  return { callee: `${promisify.local}(${inner.local})`, imports: [inner, promisify], doubt: 'many at once take memory of their own' };
}

/** The name that blocks goes with its only use: the one that takes its place is imported there, if it can be. */
function replaceImport(left: LeftImport | undefined, { callee, imports }: AsynchronousForm, { text }: FixContext): { readonly edits: readonly Edit[]; readonly imports: readonly ImportPlan[] } {
  // `zlib.gzip` in the place of `zlib.gzipSync`.
  if (left === undefined || callee.split(/[^\w$]+/).includes(left.local)) return { edits: [], imports };
  const { declaration, item, withComma } = left;
  if (withComma !== undefined) return { edits: [{ ...withComma, text: '' }], imports };
  const beside = imports.find(({ edit }) => edit !== undefined && edit.start > declaration.start && edit.end < declaration.end);
  if (beside !== undefined) return { edits: [{ ...item, text: beside.specifier }], imports: imports.filter((one) => one !== beside) };
  const added = imports.find(({ statement }) => statement !== undefined);
  if (added?.statement !== undefined) return { edits: [{ ...declaration, text: added.statement }], imports: imports.filter((one) => one !== added) };
  const line = /^[ \t]*\r?\n/.exec(text.slice(declaration.end))?.[0].length ?? 0;
  return { edits: [{ start: declaration.start, end: declaration.end + line, text: '' }], imports };
}

function awaited(call: Expression, { callee, after = '' }: AsynchronousForm, isAwaited: boolean): readonly Edit[] {
  const range = call.calleeRange ?? call;
  const isBare = isAwaited || call.isStandalone || call.isStatement;
  const opens = isAwaited ? '' : isBare ? 'await ' : call.followsOpenStatement ? ';(await ' : '(await ';
  const closes = isBare ? '' : ')';
  const edits: Edit[] = [{ start: range.start, end: range.end, text: `${opens}${callee}` }];
  if (after + closes !== '') edits.push({ start: call.end, end: call.end, text: after + closes });
  return edits;
}

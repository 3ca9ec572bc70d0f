import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import { operandsOf } from '../ir/operands.js';
import type { World } from '../world.js';
import { definitionsIn, type Call, type Shared } from './shared.js';

/** What a call does to what the code has in common with others. */
export interface Effects {
  readonly reads: readonly Shared[];
  readonly writes: readonly Shared[];
  /** Two at once would be in each other's way: it gives a file its content, and each time the same file. */
  readonly isExclusive?: boolean;
  /** It tells an event something that whoever dispatches the event looks at when the listener has returned. */
  readonly tellsEvent?: boolean;
}

export const noEffects: Effects = { reads: [], writes: [] };

/** Which file, is not known. */
const anyFile: Shared = 'file';

/** The functions of file systems by what they do to what their first argument names, without `Sync`. */
const reading: ReadonlySet<string> = new Set('access createReadStream exists glob lstat open opendir readFile readJson readdir readlink realpath stat'.split(' '));
const changing: ReadonlySet<string> = new Set('appendFile cp copy copyFile createWriteStream emptyDir ensureDir ensureFile link mkdir move outputFile outputJson rename rm rmdir remove symlink truncate unlink utimes writeFile writeJson'.split(' '));
/** Those that give a file new content, bit by bit. */
const filling: ReadonlySet<string> = new Set('appendFile copyFile outputFile outputJson truncate writeFile writeJson'.split(' '));
/** Those whose second argument is the file that they write. */
const copying: ReadonlySet<string> = new Set('cp copy copyFile link move rename symlink'.split(' '));

/** Functions that make a path of the paths that they are given, the same one each time. */
const joining: ReadonlySet<string> = new Set('concat dirname fileURLToPath format join normalize resolve toNamespacedPath'.split(' '));

/** What an event takes from its listeners only while it is dispatched. */
const telling: ReadonlySet<string> = new Set('preventDefault stopPropagation stopImmediatePropagation respondWith waitUntil setData clearData setDragImage'.split(' '));

const DEEPEST = 4;

/**
 * What calls do to files and to events: by the name of what is called, and, for the program's own functions, by what they do in turn.
 *
 * @param world - finds the program's functions
 * @returns answers for one call
 */
export function effectsIn(world: Pick<World, 'calleeOf'>): (call: Call, fn: FunctionIr) => Effects {
  const known = new Map<FunctionIr, Effects>();
  const within = (callee: FunctionIr, depth: number): Effects => {
    const found = known.get(callee);
    if (found !== undefined || depth > DEEPEST) return found ?? noEffects;
    known.set(callee, noEffects);
    const all = (callee.body?.blocks ?? []).flatMap(({ instructions }) => instructions.flatMap((one) => (one.op === 'call' ? [of(one, callee, depth + 1)] : [])));
    const effects: Effects = {
      reads: all.flatMap(({ reads }) => reads),
      writes: all.flatMap(({ writes }) => writes),
      isExclusive: all.some(({ isExclusive }) => isExclusive === true),
      tellsEvent: all.some(({ tellsEvent }) => tellsEvent === true),
    };
    known.set(callee, effects);
    return effects;
  };
  const of = (call: Call, fn: FunctionIr, depth: number): Effects => {
    const name = calledAs(call, fn);
    const action = name.replace(/Sync$/, '');
    if (telling.has(name)) return { ...noEffects, tellsEvent: call.callee.kind === 'method' && isGiven(call.callee.object, fn) };
    const [first, second] = call.arguments.map(({ value }) => value);
    if (first !== undefined && (reading.has(action) || changing.has(action))) {
      const target = copying.has(action) && second !== undefined ? second : first;
      return {
        reads: reading.has(action) || target !== first ? filesOf(first, fn) : [],
        writes: changing.has(action) ? filesOf(target, fn) : [],
        isExclusive: filling.has(action) && !rootsOf(target, fn).some(({ isOwn }) => isOwn),
      };
    }
    const callee = name === '' || call.callee.kind === 'construct' ? undefined : world.calleeOf(call.origin);
    if (callee === undefined || !('function' in callee)) return noEffects;
    const effects = within(callee.function, depth);
    const here = (places: readonly Shared[]): readonly Shared[] => places.flatMap((place) => placesHere(place, callee.function, call, fn));
    return { ...effects, reads: here(effects.reads), writes: here(effects.writes) };
  };
  return (call, fn) => of(call, fn, 0);
}

/** Whether something that is read is also written. Of a file that is not known, anything may be true. */
export function overlap(read: ReadonlySet<Shared>, written: ReadonlySet<Shared>): boolean {
  const isFile = (place: Shared): boolean => place.startsWith(anyFile);
  return [...written].some((place) => read.has(place) || (place === anyFile && [...read].some(isFile))) || (read.has(anyFile) && [...written].some(isFile));
}

function calledAs({ callee }: Call, fn: FunctionIr): string {
  if (callee.kind === 'method' || callee.kind === 'super-method') return callee.key.kind === 'name' ? callee.key.name : '';
  if (callee.kind !== 'value') return '';
  if (callee.value.name !== '') return importedAs(callee.value);
  const [made] = definitionsIn(fn).get(callee.value) ?? [];
  return made?.op === 'load' && made.key.kind === 'name' ? made.key.name : made?.op === 'global' ? made.name : '';
}

/** `import { readFile as read }` is `readFile`. */
function importedAs(variable: Variable): string {
  const [made] = variable.storage === 'import' ? (definitionsIn(variable.owner).get(variable) ?? []) : [];
  return made?.op === 'import' && !['*', 'default'].includes(made.imported) ? made.imported : variable.name;
}

/** What a called function does to a file that it is given, its caller does to the one that it gives; one that it finds by itself may be any. */
function placesHere(place: Shared, callee: FunctionIr, call: Call, fn: FunctionIr): readonly Shared[] {
  if (!place.startsWith(`${anyFile} ${ownMark}`)) return [place];
  const index = callee.parameters.findIndex((parameter) => place === `${anyFile} ${keyOf(parameter, callee)}`);
  const given = call.arguments.slice(0, index + 1);
  const argument = given[index];
  return argument === undefined || given.some(({ isSpread }) => isSpread) ? [anyFile] : filesOf(argument.value, fn);
}

/** Before the keys of variables of the function itself. */
const ownMark = '~';

function keyOf(variable: Variable, fn: FunctionIr): string {
  return `${variable.owner === fn ? ownMark : ''}${variable.id} of ${variable.owner.module.file}`;
}

/** What a path is worked out from. */
interface Root {
  readonly key: string;
  /** It is another one each time the function runs, as far as can be told. */
  readonly isOwn: boolean;
  readonly isLiteral?: boolean;
}

function filesOf(path: Variable, fn: FunctionIr): readonly Shared[] {
  const roots = rootsOf(path, fn);
  return roots.length === 0 ? [anyFile] : roots.map(({ key }) => `file ${key}`);
}

function rootsOf(path: Variable, fn: FunctionIr, depth = 0): readonly Root[] {
  const named: Root = { key: keyOf(path, fn), isOwn: path.owner === fn };
  const made = path.owner === fn && path.storage !== 'parameter' && depth < 12 ? (definitionsIn(fn).get(path) ?? []) : [];
  return made.length === 0 ? [named] : made.flatMap((instruction) => rootsOfMade(instruction, named, fn, depth + 1));
}

function rootsOfMade(instruction: Instruction, named: Root, fn: FunctionIr, depth: number): readonly Root[] {
  switch (instruction.op) {
    case 'literal':
      return [{ key: JSON.stringify(String(instruction.value)), isOwn: false, isLiteral: true }];
    case 'global':
      return [{ key: instruction.name, isOwn: false }];
    case 'load':
      return instruction.object.storage === 'this' && instruction.key.kind === 'name' ? [{ key: `this.${instruction.key.name}`, isOwn: false }] : rootsOf(instruction.object, fn, depth);
    case 'call': {
      const given = instruction.arguments.flatMap(({ value }) => rootsOf(value, fn, depth));
      return joining.has(calledAs(instruction, fn)) ? withoutLiterals(given) : [named, ...withoutLiterals(given).filter(({ isLiteral }) => isLiteral !== true)];
    }
    default:
      return withoutLiterals([...operandsOf(instruction).flatMap((one) => rootsOf(one, fn, depth)), ...(operandsOf(instruction).length === 0 ? [named] : [])]);
  }
}

/** `join(folder, 'a.json')` is a file of that folder, whichever; `join('data', 'a.json')` is known. */
function withoutLiterals(roots: readonly Root[]): readonly Root[] {
  const others = roots.filter(({ isLiteral }) => isLiteral !== true);
  return others.length > 0 ? others : roots;
}

/** An object that somebody has handed to the function, or to one around it, or a part of that. */
function isGiven(object: Variable, fn: FunctionIr, depth = 0): boolean {
  if (object.owner !== fn || object.storage === 'parameter') return true;
  return depth < 8 && (definitionsIn(fn).get(object) ?? []).some((made) => (made.op === 'load' && isGiven(made.object, fn, depth + 1)) || (made.op === 'copy' && isGiven(made.source, fn, depth + 1)));
}

import type { FunctionIr, Instruction, ModuleIr, Variable } from '../ir/index.js';
import { factsOf } from './facts.js';
import { functionIndexOf } from './functions.js';
import { touchersOf, type Place, type Places } from './places.js';
import { talliesOf } from './tallies.js';
import type { Put, QueueUses, Raw, Take, Uses } from './uses.js';

/** A linked list that the code builds by hand: what holds its first node, and the member by which a node leads to the next. */
export interface Chain {
  readonly head: Place;
  readonly link: string;
}

/** `tail.next = node`, but not `this.next = node`: something is hung on something else. */
const HANGING = /(?<!\b(?:this|self|prototype|exports))[!?)\]]*\.(?<link>[\w$]+)\s*=(?![=>])/g;

/** `top = { value, next: top }`: something small is made and assigned. */
const MAKING = /=\s*\{(?<parts>[^{}]*)\}/g;

/** `head = node.next` */
const STEPPING = /=\s*(?<node>[\w$#.!?()]+)\.(?<link>[\w$]+)(?![\w$.(])/g;

/** `const { value, next } = head` */
const TAKING_APART = /\{(?<names>[^{}]*)\}\s*=(?![=>])/g;

/** `node = head` */
const NAMING = /=\s*(?<from>[\w$#.]+)/g;

/** `let node: Node<T> | undefined = this.head` */
const DECLARING = /\b(?:const|let|var)\s+(?<to>[\w$]+)\s*:[^=;{}()]{1,60}=\s*(?<from>[\w$#.]+)/g;

/** What is given another name in a file: the name and what it stands for. */
function namingsIn(text: string): ReadonlySet<string> {
  const plain = [...text.matchAll(NAMING)].map(({ groups, index }) => `${lastName(text, index)} ${lastName(groups?.['from'] ?? '')}`);
  return new Set([...plain, ...[...text.matchAll(DECLARING)].map(({ groups }) => `${groups?.['to'] ?? ''} ${lastName(groups?.['from'] ?? '')}`)]);
}

/** Those among the members by which something steps on that is the same by its name, or by one that it was given. */
function steppedIn(text: string, links: ReadonlySet<string>): ReadonlySet<string> {
  let named: ReadonlySet<string> | undefined;
  const isNamed = (node: string, head: string): boolean => {
    named ??= namingsIn(text);
    return named.has(`${node} ${head}`);
  };
  const stepped = new Set<string>();
  for (const { groups, index } of text.matchAll(STEPPING)) {
    const { link = '', node = '' } = groups ?? {};
    if (!links.has(link) || stepped.has(link)) continue;
    const head = assignedAt(text, index);
    if (lastName(node) === head || isNamed(lastName(node), head)) stepped.add(link);
  }
  return stepped;
}

/** The members by which what is made leads to what was in the same place. */
function linksOfStacks(text: string): readonly string[] {
  return [...text.matchAll(MAKING)].flatMap(({ groups, index }) => {
    const head = assignedAt(text, index);
    return [...(groups?.['parts'] ?? '').matchAll(/(?<link>[\w$]+)\s*:\s*(?<value>[\w$#.]+)\s*(?:,|$)/g)].flatMap(({ groups: part }) => (head !== '' && lastName(part?.['value'] ?? '') === head ? (part?.['link'] ?? []) : []));
  });
}

/** The last name of what an assignment at an offset is to. */
function assignedAt(text: string, offset: number): string {
  return lastName(text, offset);
}

/** The last name before an offset: `head` of `this.#head` and of `(list.head`. */
function lastName(text: string, offset = text.length): string {
  let end = offset;
  while (end > 0 && !isPartOfName(text, end - 1)) end--;
  let start = end;
  while (start > 0 && isPartOfName(text, start - 1)) start--;
  return text.slice(start, end);
}

function isPartOfName(text: string, at: number): boolean {
  return /[\w$]/.test(text.charAt(at));
}

/** The members by which objects of a file may be chained, as far as its text tells. */
function linksIn(text: string): readonly string[] {
  const hung = new Set([...[...text.matchAll(HANGING)].flatMap(({ groups }) => groups?.['link'] ?? []), ...linksOfStacks(text)]);
  if (hung.size === 0) return [];
  const stepped = steppedIn(text, hung);
  const taken = new Set([...text.matchAll(TAKING_APART)].flatMap(({ groups }) => groups?.['names']?.split(/[^\w$]+/) ?? []));
  return [...hung].filter((link) => stepped.has(link) || taken.has(link));
}

/**
 * The linked lists of a file: places that step on to what the node in them leads to.
 *
 * @param module - the file
 * @param text - its text: most files have none, and are not looked at
 * @param places - finds the places of values
 * @returns the lists
 */
export function chainsIn(module: ModuleIr, text: string, places: Places): readonly Chain[] {
  const chains = new Map<string, Chain>();
  for (const link of linksIn(text)) {
    for (const fn of module.functions) {
      if (!fn.outline.members.has(link)) continue;
      for (const { instruction } of factsOf(fn).sites) {
        const head = steppedBy(instruction, fn, link, places);
        if (head !== undefined) chains.set(head.key, { head, link });
      }
    }
  }
  return [...chains.values()];
}

/** `head = head.next`, `const first = this.head; this.head = first.next;`: the place that is given what its own node leads to. */
function steppedBy(instruction: Instruction, fn: FunctionIr, link: string, places: Places): Place | undefined {
  if (instruction.op === 'copy') {
    const { target, source } = instruction;
    if (target.storage !== 'local' || !(target.isCaptured || target.owner.kind === 'module')) return undefined;
    const head = places.placeOf(target, fn);
    return head !== undefined && isNextOf(source, head, link, fn, places) ? head : undefined;
  }
  if (instruction.op !== 'store' || instruction.key.kind !== 'name' || instruction.key.name === link) return undefined;
  const head = places.memberOf(instruction.object, instruction.key.name, fn);
  return head !== undefined && isNextOf(instruction.value, head, link, fn, places) ? head : undefined;
}

/** `node.next`; also `node?.next ?? null`, which may be something else. */
function isNextOf(value: Variable, head: Place, link: string, fn: FunctionIr, places: Places): boolean {
  return factsOf(fn).makersOf(value).some((made) => made.op === 'load' && made.key.kind === 'name' && made.key.name === link && isNodeOf(made.object, head, fn, places));
}

/** The variable holds the node that is in the place, by whatever name: `const first = this.head`. */
function isNodeOf(node: Variable, head: Place, fn: FunctionIr, places: Places): boolean {
  if (places.placeOf(node, fn)?.key === head.key) return true;
  if (node.storage !== 'local' && node.storage !== 'temporary') return false;
  return factsOf(fn).definitionsOf(node).some(({ instruction }) => instruction.op === 'copy' && places.placeOf(instruction.source, fn)?.key === head.key);
}

/**
 * What a file does with a linked list: a node that is hung on its last one is put in, a step of its head takes one out.
 *
 * @param chain - the list
 * @param uses - what functions do with places
 * @param places - finds the places of values
 * @returns the same as of every other queue
 */
export function usesOfChain({ head, link }: Chain, uses: Uses, places: Places): QueueUses {
  const touching = touchersOf(head);
  const linking = functionIndexOf(head.module).touching(link);
  const tails = [...new Set(linking.flatMap((fn) => hungIn(fn, link, uses)))].filter((tail) => tail === head.key || isTail(tail, head, [...touching, ...linking], uses, places));
  const functions = [...new Set([...touching, ...linking])];
  const appended = functions.flatMap((fn) => tails.flatMap((tail) => putsOf(uses.in(fn).get(tail) ?? [], link)));
  const stacked = functions.flatMap((fn) => stackedIn(uses.in(fn).get(head.key) ?? [], head, link, places));
  const takes = functions.flatMap((fn) => takesOf(uses.in(fn).get(head.key) ?? [], { head, link }, appended.length === 0, places));
  const puts = [...appended, ...stacked];
  const { sizes, rooms } = talliesOf(head, puts, uses, places);
  const using = functions.filter((fn) => uses.in(fn).has(head.key) || tails.some((tail) => uses.in(fn).has(tail)));
  return {
    place: head,
    container: { kind: 'chain' },
    puts,
    takes,
    sizes,
    rooms,
    functions: [...new Set([...using, ...sizes.map(({ fn }) => fn)])],
    // Only what can assign to the place can cut its list.
    isShared: false,
  };
}

/** The places that a function hangs something on. */
function hungIn(fn: FunctionIr, link: string, uses: Uses): readonly string[] {
  return [...uses.in(fn)].flatMap(([key, raws]) => (raws.some((raw) => isHung(raw, link)) ? [key] : []));
}

function isHung(raw: Raw, link: string): raw is Extract<Raw, { readonly kind: 'store' }> {
  return raw.kind === 'store' && raw.key.kind === 'name' && raw.key.name === link;
}

/** Somewhere the place is given the node that the list's head is given, or that is in there: `head = tail = node`. */
function isTail(tail: string, head: Place, functions: readonly FunctionIr[], uses: Uses, places: Places): boolean {
  const toAssign = (key: string, fn: FunctionIr): Variable[] => (uses.in(fn).get(key) ?? []).flatMap((raw) => (raw.kind === 'assign' ? [raw.value] : []));
  return functions.some((fn) => {
    const facts = factsOf(fn);
    const first = toAssign(head.key, fn).map((value) => facts.sourceOf(value));
    const last = toAssign(tail, fn);
    if (last.some((value) => places.placeOf(value, fn)?.key === head.key)) return true;
    return last.some((value) => isNode(value, fn) && first.includes(facts.sourceOf(value)));
  });
}

/** Something that the function makes, or is given: no end of a list, and no part of one. */
function isNode(value: Variable, fn: FunctionIr): boolean {
  const facts = factsOf(fn);
  const made = facts.makerOf(value);
  return made === undefined ? facts.sourceOf(value).storage === 'parameter' : made.op === 'object' || made.op === 'call';
}

function putsOf(raws: readonly Raw[], link: string): Put[] {
  return raws.flatMap((raw) => (isHung(raw, link) && isNode(raw.value, raw.site.fn) ? [{ site: raw.site, value: raw.value }] : []));
}

/** `top = { value, next: top }`, `node.next = top; top = node` */
function stackedIn(raws: readonly Raw[], head: Place, link: string, places: Places): Put[] {
  return raws.flatMap((raw): Put[] => {
    if (raw.kind !== 'assign') return [];
    const { fn } = raw.site;
    const facts = factsOf(fn);
    const made = facts.makerOf(raw.value);
    if (made?.op !== 'object' && made?.op !== 'call') return [];
    const isHead = (value: Variable): boolean => places.placeOf(value, fn)?.key === head.key;
    const isMadeSo = made.op === 'object' && made.properties.some((property) => property.kind === 'value' && property.key.kind === 'name' && property.key.name === link && isHead(property.value));
    const node = facts.sourceOf(raw.value);
    const isHungOn = facts.sites.some(({ instruction }) => instruction.op === 'store' && instruction.key.kind === 'name' && instruction.key.name === link && facts.sourceOf(instruction.object) === node && isHead(instruction.value));
    return isMadeSo || isHungOn ? [{ site: raw.site, value: raw.value }] : [];
  });
}

function takesOf(raws: readonly Raw[], { head, link }: Chain, isLast: boolean, places: Places): Take[] {
  // The node under its names, and what is read of it.
  const results = raws.flatMap((raw) => (raw.kind === 'load' || (raw.kind === 'property' && raw.name !== link) ? [raw.target] : []));
  return raws.flatMap((raw): Take[] => {
    if (raw.kind !== 'assign') return [];
    const { fn } = raw.site;
    if (isNextOf(raw.value, head, link, fn, places)) return [{ site: raw.site, amount: 'one', results, isLast }];
    const made = factsOf(fn).makerOf(raw.value);
    return made?.op === 'literal' && results.length > 0 ? [{ site: raw.site, amount: 'all', results, isLast }] : [];
  });
}

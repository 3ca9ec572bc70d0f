import type { Builder } from './builder.js';
import { Dice } from './dice.js';
import type { Raw } from './raw.js';

/** How memory goes away while views of it are still in sight. */
type MoveKind = 'transfer' | 'wasm growth' | 'resize';

/** What the function that is being written works with. */
interface Memory {
  readonly kind: MoveKind;
  /** The memory or buffer that grows or shrinks. */
  readonly owner: string;
  readonly hasPort: boolean;
}

/** Writes a function whose memory is moved away, grows or shrinks, and that uses views of it before and after. */
export function writeMover(builder: Builder, dice: Dice, body: readonly Raw[]): void {
  const kind = dice.pick<MoveKind>([[4, 'transfer'], [3, 'wasm growth'], [2, 'resize']]);
  const hasPort = kind === 'transfer' && dice.isOneIn(2);
  const name = builder.name('move');
  builder.export(name);
  builder.use('Uint8Array', 'alloc in function');
  const port = hasPort ? ", ⟦/** @type {import('node:worker_threads').MessagePort} */ ⟧port‹: MessagePort›" : '';
  builder.loops = [];
  builder.block(`«export »function ${name}(out‹: unknown[]›${port}) {`, () => {
    const memory: Memory = { kind, hasPort, owner: kind === 'transfer' ? '' : builder.name(kind === 'resize' ? 'ab' : 'memory') };
    if (kind === 'wasm growth') builder.line(`const ${memory.owner} = new WebAssembly.Memory({ initial: 1, maximum: 60 });`);
    if (kind === 'resize') builder.line(`const ${memory.owner} = new ArrayBuffer(8, { maxByteLength: 32 });`);
    const view = builder.name('view');
    builder.line(`let ${view}‹: Uint8Array› = ${derive(memory)};`);
    builder.scope.declare(view, 'bytes', 'Uint8Array', true);
    writeAll(builder, memory, body);
    writeMove(builder, dice, memory);
    writeUse(builder, dice);
  });
}

/** @returns an expression for a view of what is there */
function derive({ kind, owner }: Memory): string {
  if (kind === 'transfer') return 'new Uint8Array(8)';
  return kind === 'resize' ? `new Uint8Array(${owner}, 0, 4)` : `new Uint8Array(${owner}.buffer)`;
}

function writeAll(builder: Builder, memory: Memory, raws: readonly Raw[]): void {
  for (const raw of raws) writeOne(builder, memory, raw);
}

function writeOne(builder: Builder, memory: Memory, raw: Raw): void {
  const dice = new Dice(raw.a, raw.b, raw.c);
  const inner = (kids: readonly Raw[]) => (): void => {
    writeAll(builder, memory, kids);
  };
  const kinds: [number, 'use' | 'move' | 'rederive' | 'view' | 'if' | 'while'][] = [[5, 'use'], [3, 'move'], [3, 'rederive'], [2, 'view']];
  if (raw.kids.length > 0) kinds.push([4, 'if'], [3, 'while']);
  switch (new Dice(raw.op).pick(kinds)) {
    case 'use':
      writeUse(builder, dice);
      break;
    case 'move':
      writeMove(builder, dice, memory);
      break;
    case 'rederive': {
      const place = anyView(builder, dice, true);
      builder.use('view derived anew');
      // A part of what may have shrunk: as much as is there for sure, or after there is enough again.
      const isResized = memory.kind === 'resize';
      const form = isResized ? dice.pick([[2, 'enlarged'], [1, 'all'], [1, 'short']] as const) : 'enlarged';
      if (isResized && form === 'enlarged') builder.line(`${memory.owner}.resize(8);`);
      builder.line(`${place} = ${form === 'all' ? `new Uint8Array(${memory.owner})` : form === 'short' ? `new Uint8Array(${memory.owner}, 0, 2)` : derive(memory)};`);
      break;
    }
    case 'view': {
      const place = anyView(builder, dice);
      const name = builder.name('view');
      builder.use('subarray');
      builder.line(`const ${name} = ${place}.subarray(0, 4);`);
      builder.scope.declare(name, 'bytes', 'Uint8Array', false);
      break;
    }
    case 'if': {
      builder.use('if');
      const parts: [string, () => void][] = [[`if (${builder.call('c')}) {`, inner(raw.kids)]];
      if (raw.more.length > 0) parts.push(['} else {', inner(raw.more)]);
      builder.chain(parts);
      break;
    }
    case 'while':
      builder.use('while');
      builder.block(`while (${builder.call('c')}) {`, inner(raw.kids));
      break;
  }
}

function anyView(builder: Builder, dice: Dice, isMutable = false): string {
  const places = builder.scope.all('bytes', 'Uint8Array').filter((place) => place.text.startsWith('view') && (!isMutable || place.isMutable));
  return places[dice.roll(Math.max(1, places.length))]?.text ?? '';
}

function writeUse(builder: Builder, dice: Dice): void {
  const view = anyView(builder, dice);
  switch (dice.pick([[3, 'look'], [2, 'store'], [2, 'push'], [1, 'fill'], [1, 'helper'], [2, 'hand over'], [1, 'spawn'], [1, 'timer']] as const)) {
    case 'look':
      builder.line(`look(${view});`);
      break;
    case 'store':
      builder.use('element store');
      builder.line(`${view}[2] = ${builder.call('byte')};`);
      break;
    case 'push':
      builder.use('collector');
      builder.line(`out.push(${view}.slice(0, 4));`);
      break;
    case 'fill':
      builder.use('fill');
      builder.line(`${view}.fill(${builder.call('byte')});`);
      break;
    case 'helper':
      builder.line(`${builder.helper('inspectAll', 'Uint8Array')}(${view});`);
      break;
    case 'hand over':
      builder.use('collector');
      builder.line(`out.push(${view});`);
      break;
    case 'spawn':
      builder.line(`void ${builder.helper('later', 'Uint8Array')}(${view});`);
      break;
    case 'timer':
      builder.use('timer');
      builder.line(`setTimeout(() => { look(${view}); }, 9);`);
      break;
  }
}

function writeMove(builder: Builder, dice: Dice, { kind, owner, hasPort }: Memory): void {
  builder.use(kind);
  if (kind === 'wasm growth') {
    builder.line(`${owner}.grow(1);`);
    return;
  }
  if (kind === 'resize') {
    builder.line(`${owner}.resize(${dice.isOneIn(3) ? '2' : '16'});`);
    return;
  }
  const view = anyView(builder, dice);
  const forms: [number, 'clone' | 'helper' | 'method' | 'post'][] = [[3, 'clone'], [2, 'helper'], [2, 'method']];
  if (hasPort) forms.push([4, 'post']);
  switch (dice.pick(forms)) {
    case 'clone':
      builder.use('structuredClone');
      builder.line(`structuredClone(${view}, { transfer: [${view}.buffer‹ as ArrayBuffer›] });`);
      break;
    case 'helper':
      builder.line(`${builder.helper('moveAway', 'Uint8Array')}(${view});`);
      break;
    case 'method':
      builder.use('buffer.transfer()');
      builder.line(`‹(›${view}.buffer‹ as ArrayBuffer)›.transfer();`);
      break;
    case 'post':
      builder.use('postMessage');
      builder.line(`port.postMessage(${view}, [${view}.buffer‹ as ArrayBuffer›]);`);
      break;
  }
}

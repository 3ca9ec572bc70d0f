/** How to call each fixture: a driver gives 1 where all that was taken has been handed back. */
import { ByteArena, channel } from 'borrowck-runtime';

const bytes = (length = 8) => new Uint8Array(length).fill(1);

/** Runs code with an arena: 1 where it holds nothing in the end. */
const emptied = async (use) => {
  const arena = new ByteArena();
  try {
    await use(arena);
  } catch (error) {
    if (error.code !== undefined) throw error;
  }
  return arena.size === 0 ? 1 : 0;
};

/** Runs code with the sending end of a channel for one item: 1 where another item fits in. */
const freed = async (use) => {
  const [sender] = channel(1);
  await use(sender);
  return sender.trySend('next').ok ? 1 : 0;
};

/** Runs code with a pool: 1 where all that was taken is back. */
const givenBack = (use) => {
  let out = 0;
  use({ take: () => (out++, Buffer.alloc(8)), give: () => out-- });
  return out === 0 ? 1 : 0;
};

export const flagged = {
  'arena-of-factory/index.ts': ({ textOf }) => textOf(bytes()),
  'arena-other-file/index.ts': ({ frameLength, frames }) => {
    frameLength(bytes(), false);
    return frames.size === 0 ? 1 : 0;
  },
  'continue-skips-it.ts': ({ texts }) => emptied((arena) => texts(arena, [bytes(0), bytes()])),
  'declared-pool.ts': ({ firstByte }) => givenBack((pool) => firstByte(pool, 0)),
  'early-return.ts': ({ store }) => emptied((arena) => store(arena, bytes(), false)),
  'field-arena.ts': ({ Decoder }) => {
    const decoder = new Decoder();
    decoder.decode(bytes());
    return decoder.held === 0 ? 1 : 0;
  },
  // The file keeps its arena to itself, but says how many blocks that holds: its own, and those that earlier calls left.
  'js-leak.mjs': ({ index }) => (index(bytes(), () => false), index(bytes(), () => false) === 1 ? 1 : 0),
  'leak-in-loop.ts': ({ lengths }) => emptied((arena) => lengths(arena, [bytes(), bytes()])),
  'lease-not-disposed.ts': ({ peek }) => emptied((arena) => peek(arena, bytes())),
  'never-released.ts': ({ measure }) => emptied((arena) => measure(arena, bytes())),
  'permit-not-used.ts': ({ forward }) => freed((sender) => forward(sender, async () => undefined)),
  'permit-tried.ts': ({ offer }) => freed((sender) => offer(sender, bytes(2000))),
  'switch-misses-a-case.ts': ({ handle }) => emptied((arena) => handle(arena, 'ping', bytes())),
  'thrown-away.ts': ({ parse }) => emptied((arena) => parse(arena, bytes(0))),
  'used-in-next-turn.ts': ({ repeat }) => emptied((arena) => repeat(arena, bytes(), 2)),
};

export const clean = {
  'finally.ts': ({ store }) => emptied((arena) => store(arena, bytes(), true)),
};

/** What a lost handle means: a sentence, or `undefined` where it does no harm. Must not lead to the handle, or that is never lost. */
export type Loss = () => string | undefined;

/** Takes note of handles that somebody has to close. */
export interface LeakWatch {
  /** A handle was given out. */
  opened(handle: object, loss: Loss): void;
  /** It was closed, or is somebody else's business now. */
  closed(handle: object): void;
}

/** Nobody watches but in the development build: it would cost a quarter of a microsecond for each handle. */
export let leakWatch: LeakWatch | undefined;

/** Where warnings go. */
interface Warners {
  readonly process?: { readonly emitWarning?: (message: string, options: { type: string; code: string; detail: string }) => void };
}

/**
 * From now on, says of each handle that the collector takes before anybody has closed it, where it was made. It says no more than that:
 * nothing is closed by the collector, which comes when it likes, or never.
 *
 * @returns what ends that, for handles made from then on
 */
export function watchLeaks(): () => void {
  const lost = new FinalizationRegistry<{ readonly loss: Loss; readonly madeAt: string }>(({ loss, madeAt }) => {
    const message = loss();
    if (message !== undefined) warn(message, madeAt);
  });
  leakWatch = {
    opened: (handle, loss) => {
      // Read here and now: a stack that is still to be read keeps what it was taken of.
      const madeAt = (new Error('made here').stack ?? '').split('\n').slice(2).join('\n');
      lost.register(handle, { loss, madeAt }, handle);
    },
    closed: (handle) => void lost.unregister(handle),
  };
  return () => {
    leakWatch = undefined;
  };
}

function warn(message: string, madeAt: string): void {
  const { process } = globalThis as Warners;
  if (process?.emitWarning === undefined) console.warn(`${message}\n${madeAt}`);
  else process.emitWarning(message, { type: 'LeakWarning', code: 'BORROWCK_LEAK', detail: madeAt });
}

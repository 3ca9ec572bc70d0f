import type { Socket } from 'node:net';
import type { Cancellation } from 'borrowck-runtime';

/** What waiting for a socket can end with. */
export type SocketNews = 'ready' | 'idle' | 'stopped';

/** Waits until one of these events comes, the socket is gone, it was idle for too long, or nobody wants to wait any more. */
export function waitFor(socket: Socket, events: readonly string[], idleMs: number, stop: Cancellation): Promise<SocketNews> {
  return new Promise((resolve) => {
    const all = [...events, 'close'];
    const settle = (news: SocketNews): void => {
      clearTimeout(timer);
      tie[Symbol.dispose]();
      for (const event of all) socket.off(event, ready);
      resolve(news);
    };
    const ready = (): void => settle('ready');
    const timer = setTimeout(settle, idleMs, 'idle');
    for (const event of all) socket.on(event, ready);
    const tie = stop.onCancel(() => queueMicrotask(() => settle('stopped')));
  });
}

/**
 * Writes, and waits while the other side is slow to read.
 *
 * @throws when the socket is gone, or the other side reads nothing for `idleMs`
 */
export async function write(socket: Socket, bytes: Uint8Array, idleMs: number, stop: Cancellation): Promise<void> {
  if (socket.destroyed) throw new Error('the connection is gone');
  if (socket.write(bytes)) return;
  const news = await waitFor(socket, ['drain'], idleMs, stop);
  if (news === 'idle') throw new Error(`the client read nothing for ${idleMs} ms`);
  stop.throwIfCancelled();
  if (socket.destroyed) throw new Error('the connection is gone');
}

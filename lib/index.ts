export { channel } from './channel/channel.js';
export type { Cancellable, ChannelOptions, IterationOptions, Permit, Receiver, Sender, TryRecvResult, TrySendResult, UndeliveredReason, WeakSender } from './channel/types.js';
export { ConcurrentReceiveError, DetachedBufferError, PermitUsedError, SendError } from './errors.js';
export { snapshot } from './snapshot.js';
export type { Borrowed, Lending, Owned } from './types.js';

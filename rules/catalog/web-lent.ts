import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import { classes, each, gives, instance, opaque, primitive, reads, unknown } from './shorthand.js';

/** What browsers lend to handlers, and frames, which have to be closed. */

/** The data store is disconnected when the event was dispatched: it is empty for code that waited. */
const store = { from: 'lent', until: 'first await', of: instance('DataTransfer') } as const;

const closes: ContractData = { receiver: { ends: 'idempotent' }, result: primitive };

export const globalLent: ModuleData = {
  module: 'global',
  exports: {},
  types: {
    DataTransfer: { methods: each('clearData getData setData setDragImage', reads), properties: { files: opaque, items: opaque, types: opaque } },
    DragEvent: { extends: 'Event', properties: { dataTransfer: store } },
    ClipboardEvent: { extends: 'Event', properties: { clipboardData: store } },
  },
};

export const globalFrames: ModuleData = {
  module: 'global',
  // Those that give frames, too.
  namedBy: ['VideoFrame', 'AudioData', 'VideoDecoder', 'AudioDecoder', 'MediaStreamTrackProcessor', 'ImageDecoder'],
  exports: classes('VideoFrame AudioData'),
  types: each('VideoFrame AudioData', { methods: { close: closes, clone: gives(unknown), ...each('allocationSize copyTo', reads) } }),
};

import { EventEmitter } from 'node:events';

/** How to run the fixtures that have a queue for each key. */
export const keyed = {
  'keyed-by-a-helper.ts': ({ Rooms }, strain) => strain.byEvents('message', (source) => {
    const rooms = new Rooms(source);
    return (take) => rooms.work(take);
  }),
  'keyed-closure.ts': ({ route }, strain) => strain.byEvents('message', (source) => {
    const work = route(source);
    source.emit('message', 'value 0');
    return work;
  }),
  'keyed-field.ts': ({ Rooms }, strain) => strain.waiting((take) => {
    const source = new EventEmitter();
    new Rooms(source, (_room, text) => take(text));
    return (text) => source.emit('message', 'lobby', text);
  }),
  'keyed-object.mjs': ({ add, work }, strain) => strain.byCalls((job) => add(job), (take) => work(take)),
  'keyed-walked.ts': ({ collect, save }, strain) => strain.byEvents('row', (source) => {
    collect(source);
    source.emit('row', 'value 0');
    return save;
  }),
};

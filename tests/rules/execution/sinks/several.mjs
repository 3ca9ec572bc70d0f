import { EventEmitter } from 'node:events';
import net from 'node:net';

/** How to run the fixtures that have more than one sink, or a sink with two sides. */
export const several = {
  'another-sink-heeds.mjs': async ({ relay }, strain) => {
    const sink = strain.stuck();
    strain.replace(net, 'connect', () => sink);
    const [fast, slow, socket] = [new EventEmitter(), new EventEmitter(), new EventEmitter()];
    relay(fast, slow);
    fast.emit('connection', socket);
    for (let i = 0; i < 1000; i++) socket.emit('data', Buffer.from(`chunk ${i}`));
    await strain.turns(100);
    return sink.offered;
  },
  'one-of-two-sources.ts': async ({ eager }, strain) => {
    const rows = strain.rows();
    eager(rows);
    await strain.turns(3000);
    return rows.taken;
  },
  'taken-before-the-end.ts': async ({ Delayed }, strain) => {
    const stream = new Delayed();
    let taken = 0;
    for (let i = 0; i < 1000; i++) stream.write(`chunk ${i}`, () => taken++);
    await strain.turns(100);
    return taken;
  },
};

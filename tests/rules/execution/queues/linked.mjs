const iterating = (values) => async (take) => {
  for await (const value of values) await take(value);
};

const callback = (take) => (value, done) => void take(value).then(() => done());

/** How to run the fixtures whose queue is a list that is linked by hand. */
export const linked = {
  'linked-behind-a-dummy.ts': ({ Results }, strain) => strain.byEvents('message', (worker) => {
    const results = new Results(worker);
    return (take) => results.store(take);
  }),
  'linked-closure.ts': ({ relay }, strain) => strain.byEvents('line', (source) => relay(source)),
  'linked-closure-queue.mjs': ({ add, work }, strain) => strain.byCalls(add, work),
  'linked-destructured.ts': ({ Inbox }, strain) => strain.byEvents('data', (socket) => {
    const inbox = new Inbox(socket);
    return (take) => inbox.read(take);
  }),
  'linked-field.ts': ({ Orders }, strain) => strain.byEvents('order', (shop) => {
    const orders = new Orders(shop);
    return (take) => orders.ship(take);
  }),
  'linked-iterator.ts': ({ Messages }, strain) => {
    const messages = new Messages();
    return strain.byCalls((value) => messages.push(value), iterating(messages));
  },
  'linked-module.mjs': ({ add, drain }, strain) => strain.byCalls(add, drain),
  'linked-newest-first.ts': ({ accept, work }, strain) => strain.byEvents('job', (source) => {
    accept(source);
    return work;
  }),
  'linked-pump.cjs': ({ Pump }, strain) => strain.waiting((take) => {
    const pump = new Pump(callback(take));
    return (value) => pump.push(value);
  }),
};

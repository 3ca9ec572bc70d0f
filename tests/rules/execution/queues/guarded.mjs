/** Queues whose guards let everything pass. */
export const guarded = {
  'bytes-only-told.ts': ({ Mailbox }, strain) => {
    const box = new Mailbox();
    return strain.byCalls((text) => box.add(Buffer.from(text)), (take) => box.run(take));
  },
  'counts-down-for-itself.ts': ({ Countdown }, strain) => {
    const countdown = new Countdown();
    return strain.byCalls((job) => countdown.add(job), (take) => countdown.run(take));
  },
  'failed-are-put-back.ts': ({ Shipper }, strain) => {
    const shipper = new Shipper();
    return strain.byCalls((line) => shipper.record(line), async (take) => {
      let isDown = true;
      const post = async (lines) => {
        if (isDown) await take(lines[0]).then(() => Promise.reject(new Error('down')));
        for (const line of lines) await take(line);
      };
      await shipper.flush(post);
      isDown = false;
      await shipper.flush(post);
    });
  },
  'full-or-not.ts': ({ Outbox }, strain) => {
    const box = new Outbox();
    return strain.byCalls((letter) => box.post(letter), (take) => box.run(take));
  },
  'none-is-asserted.ts': ({ order, ship }, strain) => strain.byCalls(order, ship),
};

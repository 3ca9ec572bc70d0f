import { move, transferableSymbol, valueSymbol } from 'piscina';
import { Context, findFunction, knownFunction } from '../blocking/execute.js';
import { pack } from '../blocking/parcel.js';
import { describeError } from '../blocking/protocol.js';
import type { BlockingTask } from '../blocking/protocol.js';
import type { Outcome } from './index.js';

/** What a piscina's thread runs for each task. Its errors are values: piscina's own rejections speak of threads alone. */
export default async function run(order: BlockingTask & { readonly input: unknown }): Promise<unknown> {
  try {
    const context = new Context(() => false);
    const execute = knownFunction(order) ?? (await findFunction(order));
    const { value, transfer } = pack(await execute(order.input, context), context.moved);
    const outcome: Outcome = { value };
    if (transfer.length === 0) return outcome;
    return move({
      get [transferableSymbol]() {
        return transfer;
      },
      get [valueSymbol]() {
        return outcome;
      },
    });
  } catch (error) {
    return { error: describeError(error) } satisfies Outcome;
  }
}

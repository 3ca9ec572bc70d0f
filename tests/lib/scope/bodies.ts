import type { TaskContext } from '../../../lib/index.js';

/** A task that runs until it is cancelled, and then ends as it should. */
export const untilCancelled = (task: TaskContext): Promise<never> => new Promise((_, reject) => task.onCancel((reason) => reject(reason as Error)));

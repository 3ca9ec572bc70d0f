import { expect } from 'vitest';
import { executeOnEveryPath, usualEffort, type Effort, type SourceText, type Truth } from './truth.js';

/**
 * Executes a program on every path, none of which may fail.
 *
 * @param names - what `main.ts` imports from the outside world, in its first line
 * @param body - the rest of it: its own lines start at 2
 * @param more - other files
 */
export async function truthOfBody(names: string, body: string, more: readonly SourceText[] = [], effort: Effort = usualEffort): Promise<Truth> {
  const truth = await executeOnEveryPath([{ name: 'main.ts', text: `import { ${names} } from './opaque.js';\n${body}\n` }, ...more], effort);
  expect(truth.failures).toEqual([]);
  return truth;
}

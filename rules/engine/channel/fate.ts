import { factsOf, type Call, type Site } from './facts.js';

/** What becomes of a call's result: nobody looks at it, the function returns it, or something is done with it. */
export type Fate = 'dropped' | 'returned' | 'used';

/**
 * What becomes of a call's result. A promise that is only given an error handler is still awaited by nobody.
 *
 * @param site - the call
 * @returns the result's fate
 */
export function fateOf(site: Site<Call>): Fate {
  if (!site.instruction.isResultUsed) return 'dropped';
  return fateOfValue(site, site.instruction.target, 0);
}

function fateOfValue(site: Site, variable: Call['target'], depth: number): Fate {
  const facts = factsOf(site.fn);
  if (variable.storage !== 'temporary' || depth > 6) return 'used';
  const fates: Fate[] = facts.usesOf(variable).map(({ instruction }, at, uses) => {
    if (instruction.op === 'copy') return fateOfValue(site, instruction.target, depth + 1);
    const use = uses[at];
    if (instruction.op !== 'call' || use === undefined) return 'used';
    const { callee } = instruction;
    const isHandled = callee.kind === 'method' && callee.object === variable && callee.key.kind === 'name' && callee.key.name === 'catch';
    return isHandled ? fateOf({ ...use, instruction }) : 'used';
  });
  for (const { terminal } of facts.blocks) {
    if (terminal.kind === 'return' && terminal.value === variable) fates.push('returned');
    else if (terminal.kind === 'branch' && 'value' in terminal.test && terminal.test.value === variable) fates.push('used');
    else if ((terminal.kind === 'yield' || terminal.kind === 'throw') && terminal.value === variable) fates.push('used');
  }
  if (fates.includes('used')) return 'used';
  return fates.includes('returned') ? 'returned' : 'dropped';
}

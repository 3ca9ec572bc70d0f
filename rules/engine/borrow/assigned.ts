import type { ModuleIr } from '../ir/index.js';

const answers = new WeakMap<ModuleIr, Map<string, boolean>>();

/** Whether a function of the file gives a member of that name a value after its object was made: `x.length = …`. */
export function isAssigned(module: ModuleIr, member: string): boolean {
  let known = answers.get(module);
  if (known === undefined) answers.set(module, (known = new Map<string, boolean>()));
  let answer = known.get(member);
  if (answer === undefined) {
    const users = [module.top, ...module.functions].filter(({ outline }) => outline.members.has(member));
    answer = users.some(({ body }) => body?.blocks.some(({ instructions }) => instructions.some((one) => one.op === 'store' && one.key.kind === 'name' && one.key.name === member)) === true);
    known.set(member, answer);
  }
  return answer;
}

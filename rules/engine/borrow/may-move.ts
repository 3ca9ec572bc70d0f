import { isKeeping, isMoving } from '../contracts/movers.js';
import type { FunctionIr, Instruction, ModuleIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';

type Call = Extract<Instruction, { op: 'call' }>;

const movers = new WeakMap<ModuleIr, boolean>();

/** Some function of the file calls what moves memory, or takes what is to be handed back, or the file is lent some. */
export function canMove(module: ModuleIr, world: World): boolean {
  let verdict = movers.get(module);
  if (verdict === undefined) movers.set(module, (verdict = world.isLentTo(module.file) || module.functions.some((fn) => callsMover(fn, world) || callsKeeper(fn, world) || mentionsGrowing(fn))));
  return verdict;
}

/** The buffer of a memory that wasm code may grow. */
function mentionsGrowing({ outline: { members, freeNames } }: FunctionIr): boolean {
  return members.has('buffer') && (members.has('memory') || freeNames.has('WebAssembly'));
}

/** The function names what moves memory away. */
export function mentionsMove({ outline }: FunctionIr, names: ReadonlyMap<string, number>): boolean {
  for (const name of names.keys()) if (outline.members.has(name) || outline.freeNames.has(name)) return true;
  return false;
}

/** The function calls something by a mover's name that may be one, or has such a function for a value. */
function callsMover(fn: FunctionIr, world: World): boolean {
  const { movers: names } = world.catalog;
  if (!mentionsMove(fn, names)) return false;
  const instructions = fn.body?.blocks.flatMap((block) => block.instructions) ?? [];
  const isCallOf = (name: string, value: Variable) => (one: Instruction): boolean => one.op === 'call' && 'value' in one.callee && one.callee.value === value && one.arguments.length < (names.get(name) ?? 0) && !one.arguments.some(({ isSpread }) => isSpread);
  return instructions.some((instruction) => {
    switch (instruction.op) {
      case 'call':
        return isMovingMethod(instruction, world);
      case 'global': {
        // Called, and with too little to move anything: that is all there is to it.
        const { name, target } = instruction;
        return names.has(name) && !instructions.some(isCallOf(name, target));
      }
      case 'load':
        return instruction.key.kind === 'name' && names.has(instruction.key.name);
      default:
        return false;
    }
  }) || [...fn.outline.captures].some(({ name }) => names.has(name));
}

/** The function takes something from an arena or a pool, as the types say, wherever that was made. */
function callsKeeper(fn: FunctionIr, world: World): boolean {
  const { keepers } = world.catalog;
  if (![...keepers].some((name) => fn.outline.members.has(name))) return false;
  // Only now is it lowered.
  return fn.body?.blocks.some(({ instructions }) => instructions.some((one) => {
    if (one.op !== 'call' || one.callee.kind !== 'method' || one.callee.key.kind !== 'name' || !keepers.has(one.callee.key.name)) return false;
    const type = world.typeOf(one.callee.objectOrigin);
    return type.kind === 'instance' && isKeeping(type.type.method(one.callee.key.name));
  })) === true;
}

function isMovingMethod({ callee, arguments: args }: Call, world: World): boolean {
  if (callee.kind !== 'method' || callee.key.kind !== 'name') return false;
  const { name } = callee.key;
  const from = world.catalog.movers.get(name);
  if (from === undefined || (args.length < from && !args.some(({ isSpread }) => isSpread))) return false;
  const type = world.typeOf(callee.objectOrigin);
  switch (type.kind) {
    case 'instance':
      return isMoving(type.type.method(name));
    case 'class':
      // What it does not have, it inherits: perhaps from the platform.
      return !type.class.members.some(({ key }) => key.kind === 'name' && key.name === name);
    case 'primitive':
    case 'array':
    case 'function':
      return false;
    default:
      return true;
  }
}

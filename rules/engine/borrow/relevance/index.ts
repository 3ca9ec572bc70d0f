import type { ClassIr, FunctionIr } from '../../ir/index.js';
import type { World } from '../../world.js';
import type { CatalogNames } from './catalog-names.js';
import type { ProgramFile } from './program.js';
import { trace, type Traced } from './tracing.js';

export type { CatalogNames } from './catalog-names.js';
export type { ProgramFile } from './program.js';

/** Functions in which memory may be handed out and overwritten: packages of 30,000 lines have a few hundred. */
const largeProgram = 600;

/**
 * Tells the functions in which memory may be handed out and overwritten afterwards from all others, before anything is run. What is left
 * out cannot have a finding; what stays may have one.
 */
export class Relevance {
  private readonly traced: Traced;
  private named: ReadonlySet<string> | undefined;

  /**
   * @param catalog - what the catalog's names do
   * @param files - the program's own files
   * @param world - the program's types; asked only about what memory reaches
   */
  constructor(catalog: CatalogNames, files: readonly ProgramFile[], world: World) {
    this.traced = trace(catalog, files, world);
  }

  /** Memory may be handed out, and be overwritten afterwards, in very many functions of the program. */
  get isLarge(): boolean {
    return this.traced.relevant.size > largeProgram;
  }

  /** Memory may be handed out here, or in what the function hands memory to, and be overwritten afterwards. */
  isRelevant(fn: FunctionIr): boolean {
    return this.traced.relevant.has(fn);
  }

  /** Running the function, or one written inside it, can matter. */
  isNear(fn: FunctionIr): boolean {
    return this.traced.near.has(fn) || fn.outline.nested.some((nested) => this.isNear(nested));
  }

  /** Memory comes by the function, or one written inside it. */
  comesByMemory(fn: FunctionIr): boolean {
    const { relevant, touching } = this.traced;
    return relevant.has(fn) || touching.has(fn) || fn.outline.nested.some((nested) => this.comesByMemory(nested));
  }

  /** What the function is given may be handed out, and be overwritten afterwards, by the program itself. */
  isParameterInQuestion(fn: FunctionIr, index: number): boolean {
    return this.traced.parametersInQuestion.get(fn)?.has(index) === true;
  }

  /** Something of the class is relevant, or it gives its base the memory that the base's methods hand out and overwrite. */
  isRelevantClass(class_: ClassIr): boolean {
    const { touching, families } = this.traced;
    const own = [class_.constructorFunction, class_.fields, class_.statics, ...class_.members.map((member) => member.function)].filter((fn) => fn !== undefined);
    if (own.some((fn) => this.isRelevantInside(fn))) return true;
    return class_.hasSuperClass && own.some((fn) => touching.has(fn)) && [...families.basesOf(class_.name)].some((base) => this.relevantClasses().has(base));
  }

  /** The function, or one written inside it, is relevant. */
  isRelevantInside(fn: FunctionIr): boolean {
    return this.traced.relevant.has(fn) || fn.outline.nested.some((nested) => this.isRelevantInside(nested));
  }

  /** The names of the classes that relevant functions are members of. */
  private relevantClasses(): ReadonlySet<string> {
    return (this.named ??= new Set([...this.traced.relevant].flatMap(({ ownerClass }) => ownerClass?.name ?? [])));
  }
}

import type { Construct } from './constructs.js';
import type { HelperKind } from './helpers.js';
import type { OpaqueName } from './opaque.js';
import type { ByteType } from './scope.js';
import { Scope } from './scope.js';

/** Where a value can leave the function that is being written. */
export type Outlet = 'yield' | 'return' | 'cb' | 'out' | 'emitter' | 'controller' | 'sink' | 'file' | 'this.push' | 'this.emit';

/** The function that is being written. */
export interface FunctionContext {
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly outlets: ReadonlySet<Outlet>;
  /** How `return` counts. */
  readonly returns: 'return from export' | 'return from method' | undefined;
}

export interface Loop {
  readonly label: string | undefined;
}

/** What all the writers of one program share: the lines, the names, what is in sight. */
export class Builder {
  /** Lines with `‹…›` around what only TypeScript prints and `«…»` around what only ES modules print. */
  readonly lines: string[] = [];
  readonly exported: string[] = [];
  readonly used = new Set<Construct>();
  readonly helpers = new Set<`${HelperKind} ${ByteType}`>();
  readonly scope = new Scope();
  /** Loops around the present statement, innermost last; empty again inside a nested function. */
  loops: Loop[] = [];
  isInFinally = false;
  isBranchExact = true;
  hasEscape = false;
  #indent = 0;
  #names = 0;
  #keys = 0;

  line(text: string): void {
    this.lines.push('  '.repeat(this.#indent) + text);
  }

  /** Writes a head, an indented block and a closing line. */
  block(head: string, build: () => void, foot = '}'): void {
    this.line(head);
    this.#indent++;
    this.scope.nest(build);
    this.#indent--;
    this.line(foot);
  }

  /** Writes blocks that hang together (`try {` … `} catch {` … `}`). */
  chain(parts: readonly (readonly [head: string, build: () => void])[]): void {
    parts.forEach(([head, build], index) => {
      this.block(head, build, '}');
      if (index < parts.length - 1) this.lines.pop();
    });
  }

  use(...names: readonly Construct[]): void {
    for (const name of names) this.used.add(name);
  }

  name(base: string): string {
    return `${base}${String(++this.#names)}`;
  }

  call(name: OpaqueName): string {
    switch (name) {
      case 'byte':
      case 'tick':
      case 'slow':
        return `${name}()`;
      case 'pick':
        return `pick(${String(++this.#keys)}, 3)`;
      default:
        return `${name}(${String(++this.#keys)})`;
    }
  }

  helper(kind: HelperKind, type: ByteType): string {
    this.helpers.add(`${kind} ${type}`);
    return `${kind}${type}`;
  }

  export(name: string): void {
    this.exported.push(name);
  }
}

import type ts from 'typescript';
import type { Origin } from '../ir/index.js';

/** A syntax node as an origin. The start is found on demand: skipping trivia for every instruction would cost more than lowering. */
export class NodeOrigin implements Origin {
  readonly syntax: ts.Node;
  readonly #sourceFile: ts.SourceFile;
  #start = -1;

  constructor(node: ts.Node, sourceFile: ts.SourceFile) {
    this.syntax = node;
    this.#sourceFile = sourceFile;
  }

  get file(): string {
    return this.#sourceFile.fileName;
  }

  get start(): number {
    if (this.#start < 0) this.#start = this.syntax.getStart(this.#sourceFile);
    return this.#start;
  }

  get end(): number {
    return this.syntax.end;
  }
}

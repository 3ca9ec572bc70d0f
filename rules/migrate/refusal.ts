import type { Node } from 'ts-morph';

/** Why a chain of functions stays as it is: nothing of it is changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** What stands in the way. */
  readonly at: Node;

  constructor(at: Node, reason: string) {
    super(reason);
    this.at = at;
  }
}

/** What a reader is told of something that was not changed. */
export interface Refused {
  readonly reason: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A refusal with the place in words that outlive the program. */
export function refused({ at, message }: Refusal): Refused {
  return { reason: message, file: at.getSourceFile().getFilePath(), line: at.getStartLineNumber() };
}

import type ts from 'typescript';
import { isIntrinsicTag } from '../syntax.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

/** An element's tag may name a variable; its attributes are walked. */
export function walkJsxOpening(walker: Walker, { attributes, tagName }: ts.JsxOpeningLikeElement, at: Position): void {
  if (!isIntrinsicTag(tagName, walker.ts)) walker.visit(tagName, at);
  walker.visit(attributes, at);
}

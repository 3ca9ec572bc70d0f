import type typescript from 'typescript';
import { Node, ts, type CompilerOptions, type Project, type SourceFile } from 'ts-morph';
import type { Range } from '../fixes/context.js';

/** The TypeScript that ts-morph carries. Its types are declared a second time there, but they are the compiler's own. */
export const instance = ts as unknown as typeof typescript;

/**
 * What ts-morph wraps, by the compiler's own type. The two declarations are too deep to be compared: whether the compiler takes one
 * for the other depends on what it compared before.
 */
export function unwrapped(wrapper: SourceFile): typescript.SourceFile;
export function unwrapped(wrapper: Node): typescript.Node;
export function unwrapped({ compilerNode }: { readonly compilerNode: unknown }): unknown {
  return compilerNode;
}

/** The compiler's own options, as ts-morph has them declared. */
export function optionsFor(options: typescript.CompilerOptions): CompilerOptions {
  const same: unknown = options;
  return same as CompilerOptions;
}

/** The compiler's program of a project as it is now. */
export function programOf(project: Project): typescript.Program {
  const { compilerObject }: { readonly compilerObject: unknown } = project.getProgram();
  return compilerObject as typescript.Program;
}

/**
 * The outermost node that fills a range.
 *
 * @param range - offsets in the text
 * @param file - the file
 * @returns the node; undefined where none begins and ends there
 */
export function nodeAt(range: Range, file: Node): Node | undefined {
  let found: Node | undefined;
  for (let node = file.getDescendantAtPos(range.start); node !== undefined && node.getStart() === range.start && node.getEnd() <= range.end; node = node.getParent()) {
    if (node.getEnd() === range.end) found = node;
  }
  // A statement without its semicolon is as long as its expression.
  return Node.isExpressionStatement(found) && found.getExpression().getEnd() === range.end ? found.getExpression() : found;
}

/** From the first character of a node to its last. */
export function rangeOf(node: Node): Range {
  return { start: node.getStart(), end: node.getEnd() };
}

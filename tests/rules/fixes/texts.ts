import ts from 'typescript';

/** The texts of a file's comments, sorted. */
export function commentsOf(text: string, file: string): string[] {
  const comments: string[] = [];
  const sourceFile = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const range of [...(ts.getLeadingCommentRanges(text, node.pos) ?? []), ...(ts.getTrailingCommentRanges(text, node.end) ?? [])]) {
      if (seen.has(range.pos)) continue;
      seen.add(range.pos);
      comments.push(text.slice(range.pos, range.end));
    }
    node.getChildren(sourceFile).forEach(visit);
  };
  visit(sourceFile);
  return comments.sort();
}

/** What the first list has more often than the second. */
export function newOnes(list: readonly string[], known: readonly string[]): string[] {
  const left = [...known];
  return list.filter((one) => {
    const index = left.indexOf(one);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

import { Node } from 'ts-morph';

/**
 * Everything that names what a name stands for, through the other names that modules export it under.
 *
 * @param name - where it is declared, or a use of it
 * @returns the names; those in imports and exports are among them
 */
export function referencesTo(name: Node): readonly Node[] {
  const origin = originOf(name);
  const found = new Set([origin]);
  const open = [origin];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const reference of Node.isReferenceFindable(next) ? next.findReferencesAsNodes() : []) {
      // A name that is exported under another one is found with both.
      const specifier = Node.isExportSpecifier(reference) ? reference : reference.getParent();
      const alias = Node.isExportSpecifier(specifier) ? specifier.getAliasNode() : undefined;
      if (alias !== undefined && !found.has(alias)) {
        found.add(alias);
        open.push(alias);
      }
      if (!Node.isExportSpecifier(reference)) found.add(reference);
    }
  }
  return [...found];
}

/** Where something is declared that another module exports under a name of its own. */
function originOf(name: Node): Node {
  const [declaration] = name.getSymbol()?.getAliasedSymbol()?.getDeclarations() ?? [];
  const origin = declaration !== undefined && 'getNameNode' in declaration ? (declaration as { getNameNode(): Node | undefined }).getNameNode() : undefined;
  return origin ?? name;
}

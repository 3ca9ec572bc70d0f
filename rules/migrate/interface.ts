import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Node, type SourceFile } from 'ts-morph';
import type { Workspace } from './workspace.js';

interface Manifest {
  readonly private?: unknown;
  readonly [field: string]: unknown;
}

/** What the packages that files belong to let others import. */
export class PackageInterface {
  readonly #workspace: Workspace;
  readonly #byFolder = new Map<string, ReadonlySet<Node>>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Whether users of a published package can name a declaration, or the class or interface that it is a member of. */
  has(declaration: Node): boolean {
    const folder = packageFolderOf(declaration.getSourceFile().getFilePath());
    if (folder === undefined) return false;
    let exported = this.#byFolder.get(folder);
    if (exported === undefined) this.#byFolder.set(folder, (exported = this.#exportedFrom(folder)));
    if (exported.size === 0) return false;
    for (let node: Node | undefined = declaration; node !== undefined && !Node.isSourceFile(node); node = node.getParent()) {
      if (exported.has(node)) return node === declaration || isPublicMember(declaration, node);
    }
    return false;
  }

  #exportedFrom(folder: string): ReadonlySet<Node> {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const exported = new Set<Node>();
    if (manifest.private === true) return exported;
    const entries = entriesOf(manifest).map((entry) => matcherOf(folder, entry));
    for (const file of this.#workspace.files) {
      if (!entries.some((isEntry) => isEntry(file.getFilePath()))) continue;
      for (const node of declarationsOf(file)) exported.add(node);
    }
    return exported;
  }
}

function declarationsOf(file: SourceFile): readonly Node[] {
  const symbols = file.getSymbol()?.getExports() ?? [];
  return symbols.flatMap((symbol) => (symbol.getAliasedSymbol() ?? symbol).getDeclarations()).flatMap((declaration) => {
    const value = 'getInitializer' in declaration ? (declaration as { getInitializer(): Node | undefined }).getInitializer() : undefined;
    return value === undefined ? [declaration] : [declaration, value];
  });
}

function isPublicMember(member: Node, owner: Node): boolean {
  if (member.getParent() !== owner) return false;
  const name = Node.hasName(member) ? member.getName() : '';
  if (name.startsWith('#')) return false;
  return !Node.isScoped(member) || member.getScope() === 'public';
}

/** The nearest folder around a file that is a package. */
export function packageFolderOf(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Every path that `main`, `exports` and their like name. */
function entriesOf(manifest: Manifest): readonly string[] {
  const paths: string[] = [];
  const add = (value: unknown): void => {
    if (typeof value === 'string') paths.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(add);
  };
  for (const field of ['main', 'module', 'types', 'typings', 'browser', 'exports']) add(manifest[field]);
  return paths.length > 0 ? paths : ['index.js'];
}

/** Tells the source of an entry: the file itself, or what it is compiled from, in `src` or at the top for what is in `dist`. */
function matcherOf(folder: string, entry: string): (file: string) => boolean {
  const path = entry.replace(/^\.\//, '').replace(/\.d\.([cm]?)ts$/, '.$1js').replace(/\.[cm]?[jt]sx?$/, '');
  const below = path.replace(/^[^/]+\//, '');
  const places = [path, join('src', below), below, join('src', path)];
  const patterns = places.map((place) => new RegExp(`^${escaped(resolve(folder, place))}(?:\\.[cm]?[jt]sx?|/index\\.[cm]?[jt]sx?)$`));
  return (file) => patterns.some((pattern) => pattern.test(file));
}

function escaped(path: string): string {
  return path.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
}

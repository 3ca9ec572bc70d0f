/** Which of the program's classes extend which, by their names. */
export class Families {
  private readonly bases = new Map<string, Set<string>>();
  private readonly heirs = new Map<string, Set<string>>();
  private readonly relatives = new Map<string, readonly string[]>();

  /** A class extends what goes by these names. */
  relate(name: string, superNames: readonly string[]): void {
    for (const base of superNames) {
      addTo(this.bases, name, base);
      addTo(this.heirs, base, name);
    }
    if (superNames.length > 0) this.relatives.clear();
  }

  /** Classes whose code may have an instance of the class for `this`: its bases and its heirs. */
  relativesOf(name: string): readonly string[] {
    let relatives = this.relatives.get(name);
    if (relatives === undefined) this.relatives.set(name, (relatives = [...new Set([...reachedIn(this.bases, name), ...reachedIn(this.heirs, name)])]));
    return relatives;
  }

  /** The class, and all that extend it. */
  heirsOf(name: string): ReadonlySet<string> {
    return reachedIn(this.heirs, name);
  }

  /** The class, and all that it extends, nearest first. */
  basesOf(name: string): ReadonlySet<string> {
    return reachedIn(this.bases, name);
  }

  /** One of two classes is the other, or an heir of it. */
  areRelated(one: string, other: string): boolean {
    return one === other || this.relativesOf(one).includes(other);
  }
}

function addTo(map: Map<string, Set<string>>, key: string, item: string): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, new Set([item]));
  else items.add(item);
}

function reachedIn(map: ReadonlyMap<string, ReadonlySet<string>>, from: string): ReadonlySet<string> {
  const reached = new Set([from]);
  for (const one of reached) for (const next of map.get(one) ?? []) reached.add(next);
  return reached;
}

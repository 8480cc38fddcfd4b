interface Opened<Item> {
  /** Undefined: the root. */
  item: Item | undefined;
  children: Promise<Item[]>;
  /** The children, once they are read. */
  shown: Item[];
  closed: boolean;
}

/** Where a tree that follows the records gets its lines. */
export interface LiveSource<Item> {
  /** Children as they are now. Does not throw. undefined: of the root. */
  read(item: Item | undefined): Promise<Item[]>;
  /** What makes an item the same line of the tree as before. */
  keyOf(item: Item): string;
}

/**
 * The children that a tree shows, kept until they differ. An editor that draws a line anew loses what a person does to it
 * meanwhile (a line that is opened closes again), so a ledger that grows must not touch a line that says the same as before.
 * An item of the same key stays the same object.
 */
export class LiveChildren<Item extends object> {
  private readonly source: LiveSource<Item>;
  private readonly opened = new Map<string, Opened<Item>>();

  constructor(source: LiveSource<Item>) {
    this.source = source;
  }

  /** Children of an item, read when they are not at hand. */
  of(item: Item | undefined): Promise<Item[]> {
    const key = this.keyOf(item);
    const known = this.opened.get(key);
    if (known) {
      known.closed = false;
      return known.children;
    }
    const entry: Opened<Item> = { item, children: this.source.read(item), shown: [], closed: false };
    entry.children = entry.children.then((children) => {
      entry.shown = children;
      return children;
    });
    this.opened.set(key, entry);
    return entry.children;
  }

  /** An item was closed or opened: a closed one is read again only when it is opened. */
  mark(item: Item, closed: boolean): void {
    const known = this.opened.get(this.keyOf(item));
    if (known) known.closed = closed;
  }

  /** The next `of` reads anew, here and below. */
  forget(item: Item | undefined): void {
    const key = this.keyOf(item);
    const known = this.opened.get(key);
    if (!known) return;
    this.opened.delete(key);
    for (const child of known.shown) this.forget(child);
  }

  /** Reads everything that is open anew. Returns the items that have to be drawn with their children: undefined is the root. */
  async refresh(): Promise<(Item | undefined)[]> {
    const changed: (Item | undefined)[] = [];
    for (const [key, known] of [...this.opened]) {
      if (this.opened.get(key) !== known) continue;
      if (known.closed) {
        this.forget(known.item);
        changed.push(known.item);
        continue;
      }
      const before = await known.children;
      const now = await this.source.read(known.item);
      if (this.opened.get(key) !== known || JSON.stringify(now) === JSON.stringify(before)) continue;
      known.shown = this.merged(before, now);
      known.children = Promise.resolve(known.shown);
      changed.push(known.item);
    }
    return changed;
  }

  private merged(before: Item[], now: Item[]): Item[] {
    const old = new Map(before.map((item) => [this.source.keyOf(item), item]));
    const merged = now.map((item) => {
      const key = this.source.keyOf(item);
      const same = old.get(key);
      if (!same) return item;
      old.delete(key);
      return Object.assign(same, item);
    });
    for (const gone of old.values()) this.forget(gone);
    return merged;
  }

  private keyOf(item: Item | undefined): string {
    return item === undefined ? '' : this.source.keyOf(item);
  }
}

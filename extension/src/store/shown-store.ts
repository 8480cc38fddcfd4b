import type { StoreClient } from './client.ts';

type Listener = Parameters<StoreClient['onGrown']>;

/**
 * The store of the folder that is shown, for what lives as long as the window: it asks whichever store that is now, and its listeners
 * are told when that becomes another, as of a ledger that has grown. It ends no store.
 */
export class ShownStore implements StoreClient {
  private store: StoreClient;
  private readonly listeners = new Map<Listener, { dispose(): void }>();

  constructor(store: StoreClient) {
    this.store = store;
  }

  /** Shows another store. */
  show(store: StoreClient): void {
    if (store === this.store) return;
    this.store = store;
    for (const [listener, held] of this.listeners) {
      held.dispose();
      this.listeners.set(listener, store.onGrown(...listener));
    }
    for (const [[tell]] of [...this.listeners]) tell(store.seq());
  }

  get folder(): string {
    return this.store.folder;
  }
  get ask(): StoreClient['ask'] {
    return this.store.ask;
  }
  get follow(): StoreClient['follow'] {
    return this.store.follow;
  }
  seq(): number {
    return this.store.seq();
  }
  trouble(): ReturnType<StoreClient['trouble']> {
    return this.store.trouble();
  }

  onGrown(...listener: Listener): { dispose(): void } {
    this.listeners.set(listener, this.store.onGrown(...listener));
    return {
      dispose: () => {
        this.listeners.get(listener)?.dispose();
        this.listeners.delete(listener);
      },
    };
  }

  dispose(): void {
    for (const held of this.listeners.values()) held.dispose();
    this.listeners.clear();
  }
}

import path from 'node:path';
import { BregmaError } from '../errors.ts';
import { whileHeld } from '../ledger/while-held.ts';
import { type OpenWorkspace, openWorkspace } from '../workspace.ts';

/**
 * The workspace of a server that has begun to answer. Another program may hold the whole ledger when it starts: pings, cancels and
 * lists are answered meanwhile, and calls wait until the ledger is free.
 */
export class Opening {
  readonly folder: string;
  private opened: OpenWorkspace | undefined;
  private trying: Promise<void> | undefined;

  /** Opens the workspace at once when nobody holds it. Throws as `openWorkspace` what is no lock. */
  constructor(folder: string) {
    this.folder = path.resolve(folder);
    try {
      this.opened = openWorkspace(folder, { patienceMs: 0 });
    } catch (error) {
      if (!(error instanceof BregmaError && error.fields.held === true)) throw error;
    }
  }

  /** Throws `conflict` while another program holds the ledger. */
  get workspace(): OpenWorkspace {
    if (this.opened) return this.opened;
    throw new BregmaError('conflict', `The ledger of ${this.folder} is held by another process.`, {
      next: 'Try again when that process is done; nothing was changed.',
      fields: { held: true },
    });
  }

  /** Resolves when the workspace is open. Rejects when it was held for a minute; who asks later waits anew. */
  async ready(): Promise<void> {
    if (this.opened) return;
    this.trying ??= whileHeld(() => {
      this.opened = openWorkspace(this.folder, { patienceMs: 0 });
    }).finally(() => {
      this.trying = undefined;
    });
    await this.trying;
  }

  close(): void {
    this.opened?.close();
  }
}

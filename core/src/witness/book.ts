import type { KeyObject } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { WitnessRecord } from '../contracts/receipt.ts';
import { BregmaError } from '../errors.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ownKey, serviceFolder } from '../service/own-key.ts';
import { witnessService } from '../service/service.ts';
import { ownFolder } from '../storage.ts';

/** A workspace as a witness keeps it: its name, and a ledger of the witness's own. */
export interface Kept {
  workspace: string;
  name: string;
  ledger: Ledger;
}

/**
 * The folder of a witness, which belongs to an OS user of its own: `key.pem` signs its receipts, `approvers/` has the public keys of
 * those who may approve, `workspaces/IDENTITY/` a ledger of what each workspace was given. Nothing in it comes from a client but
 * what a person's signature or admission stands behind, and the tests and plans that were asked about.
 */
export class WitnessBook {
  readonly folder: string;
  /** Signs receipts. */
  readonly privateKey: KeyObject;
  /** DER (SPKI), base64: what workspaces keep. */
  readonly publicKey: string;
  readonly fingerprint: string;
  private readonly kept = new Map<string, Kept>();

  /** Opens the folder and makes it, with a key, when it is not there. Throws `not-allowed` when others than its user can enter it. */
  constructor(folder: string) {
    this.folder = serviceFolder(witnessService, folder);
    for (const name of ['approvers', 'workspaces']) ownFolder(path.join(this.folder, name), 0o700);
    const { privateKey, publicKey, fingerprint } = ownKey(witnessService, this.folder);
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    this.fingerprint = fingerprint;
  }

  /** Where the public keys of approvers lie. */
  get approvers(): string {
    return path.join(this.folder, 'approvers');
  }

  /**
   * Lets a workspace in under a name. One that is in already keeps all that it has spent; only the last record that it had is
   * forgotten, so that a ledger put back after a loss can go on, at the levels that are left. Returns whether it was in before.
   */
  admit(workspace: string, name: string): boolean {
    if (!/^[0-9a-f]{64}$/.test(workspace))
      throw new BregmaError('bad-input', 'A workspace is named by the 64 hex digits that `bregma witness join` says.');
    const before = this.find(workspace) !== undefined;
    const ledger = before ? this.of(workspace).ledger : new Ledger(this.folderOf(workspace));
    const body: WitnessRecord = { phase: 'admitted', name };
    ledger.append([{ kind: 'witness', subject: workspace, body }], { durable: true });
    if (!before) ledger.close();
    return before;
  }

  /** The workspace of this identity, or undefined when nobody let it in. */
  find(workspace: string): Kept | undefined {
    const open = this.kept.get(workspace);
    if (open) return open;
    if (!/^[0-9a-f]{64}$/.test(workspace) || !existsSync(path.join(this.folderOf(workspace), 'ledger.sqlite')))
      return undefined;
    const ledger = new Ledger(this.folderOf(workspace));
    const kept = { workspace, ledger, name: nameOf(ledger) };
    this.kept.set(workspace, kept);
    return kept;
  }

  /** As `find`. Throws `unknown-name`, with what a person can do. */
  of(workspace: string): Kept {
    const kept = this.find(workspace);
    if (kept) return kept;
    throw new BregmaError('unknown-name', `The witness knows no workspace ${workspace.slice(0, 16)}….`, {
      next: `Whoever runs the witness can let it in: bregma witness admit ${workspace} --name NAME`,
      fields: { what: 'workspace', id: workspace },
    });
  }

  /** All workspaces that were let in. */
  all(): Kept[] {
    return readdirSync(path.join(this.folder, 'workspaces')).flatMap((workspace) => this.find(workspace) ?? []);
  }

  close(): void {
    for (const { ledger } of this.kept.values()) ledger.close();
    this.kept.clear();
  }

  private folderOf(workspace: string): string {
    return path.join(this.folder, 'workspaces', workspace);
  }
}

const nameOf = (ledger: Ledger): string =>
  ledger
    .list('witness')
    .flatMap(({ body }) => (body.phase === 'admitted' ? [body.name] : []))
    .at(-1) ?? '';

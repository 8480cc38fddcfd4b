import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { personName } from '@bregma/core/approval/trusted';
import { canonicalJson, sha256 } from '@bregma/core/canonical';
import type { ScoreRecord } from '@bregma/core/contracts/score';
import { Ledger } from '@bregma/core/ledger/ledger';
import { type OwnKey, ownKey, serviceFolder } from '@bregma/core/service/own-key';
import { scorerService } from '@bregma/core/service/service';
import { ownFolder, writeWhole } from '@bregma/core/storage';
import { readSealedSet, type SealedSet, sealedNames, writeSealedSet } from './sealed-set.ts';

/**
 * The folder of a scorer, which belongs to an OS user of its own: `key.pem` signs its receipts, `secret` is what it draws from,
 * `benchmarks/NAME/` has the sealed outcomes, `log/` a ledger of who was let in, what was asked and what was told.
 */
export class ScorerBook {
  readonly folder: string;
  readonly key: OwnKey;
  readonly log: Ledger;
  private readonly secret: string;
  private people = { seq: -1, tokens: new Map<string, string>() };
  private readonly sets = new Map<string, SealedSet>();

  /** Opens the folder and makes it, with key and secret, when it is not there. Throws `not-allowed` when others than its user can enter it. */
  constructor(folder: string) {
    this.folder = serviceFolder(scorerService, folder);
    for (const name of ['benchmarks', 'log']) ownFolder(path.join(this.folder, name), 0o700);
    this.key = ownKey(scorerService, this.folder);
    const secret = path.join(this.folder, 'secret');
    if (!existsSync(secret)) writeWhole(secret, randomBytes(32).toString('hex'), 0o600);
    this.secret = readFileSync(secret, 'utf8');
    this.log = new Ledger(path.join(this.folder, 'log'));
  }

  /** What is drawn for a benchmark is drawn from this; that of one tells nothing of another's. */
  secretOf(benchmark: string): string {
    return createHmac('sha256', this.secret).update(`benchmark ${benchmark}`).digest('hex');
  }

  /** Lets a person in, and returns the token that shows who they are. One who is in already gets a new one; what they spent stays spent. */
  admit(name: string): string {
    const person = personName(name);
    const token = randomBytes(24).toString('base64url');
    this.note({ phase: 'person', person, token: sha256(token) }, person);
    return token;
  }

  /** Who sends this Authorization header. Takes the same time for every token. */
  whoSends(header: string | undefined): string | undefined {
    const given = createHash('sha256')
      .update(/^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '')
      .digest();
    let found: string | undefined;
    for (const [person, token] of this.tokens()) if (timingSafeEqual(Buffer.from(token, 'hex'), given)) found = person;
    return found;
  }

  /** Token of each person, by its sha256. The list is read again when the log has grown: letting in is another process. */
  private tokens(): Map<string, string> {
    const { seq } = this.log.head();
    if (this.people.seq !== seq) {
      const known = this.log
        .list('score')
        .flatMap(({ body }) => (body.phase === 'person' ? [[body.person, body.token] as const] : []));
      this.people = { seq, tokens: new Map(known) };
    }
    return this.people.tokens;
  }

  /** Takes a benchmark in, and notes what it is bound to. */
  take(set: SealedSet, arrays: Map<string, Uint8Array>): void {
    const { name, sealed } = set.card;
    writeSealedSet(this.folder, set, arrays);
    this.note({ phase: 'benchmark', name, sealed, card: sha256(canonicalJson(set.card)) }, name);
  }

  names(): string[] {
    return sealedNames(this.folder);
  }

  /** A benchmark, read once. Throws `unknown-name`. */
  set(name: string): SealedSet {
    const open = this.sets.get(name) ?? readSealedSet(this.folder, name);
    this.sets.set(name, open);
    return open;
  }

  note(body: ScoreRecord, subject: string): void {
    this.log.append([{ kind: 'score', subject, body }], { durable: true });
  }

  close(): void {
    this.log.close();
  }
}

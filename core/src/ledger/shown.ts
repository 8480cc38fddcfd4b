import { BregmaError } from '../errors.ts';
import type { OpenObjects } from '../experiment/unspent.ts';
import { codeOf } from '../storage.ts';
import { Ledger } from './ledger.ts';
import { type LookName, recordLook } from './look.ts';
import { whileHeld } from './while-held.ts';

/** A question to the store, as the record of a look keeps it. */
interface Question {
  name: LookName;
  given: Record<string, unknown>;
  startedAt: Date;
  /** Whatever was shown counts, and not the values of data sets and experiments alone. */
  anything?: boolean;
}

/**
 * Puts on record which values a person was shown without a call of a tool: in an editor, in a rendered notebook. One look for each
 * object and process: who saw it once has seen it. Results of calls are on record with the call.
 */
export class ShownValues {
  private readonly bregma: string;
  private readonly client: string;
  private readonly told = new Set<string>();

  /** bregma: the folder of the store; client: who shows. */
  constructor(bregma: string, client: string) {
    this.bregma = bregma;
    this.client = client;
  }

  /**
   * To be called before an answer that was made from `objects` is shown. Throws when it cannot be put on record; in a store that
   * cannot be written nothing can be tested either, and it is shown all the same.
   */
  async remember(objects: OpenObjects, ledger: Ledger, { name, given, startedAt, anything }: Question): Promise<void> {
    const digests = [...objects.shown].filter(
      (digest) => !this.told.has(digest) && (anything || ledger.holdersOf(digest).length > 0),
    );
    if (digests.length === 0) return;
    const look = { server: 'bregma', client: this.client, startedAt, given, inputs: digests };
    await whereWritable(this.bregma, (open) => recordLook(name, look, { ledger: open, objects }));
    for (const digest of digests) this.told.add(digest);
  }
}

/** Writes into the ledger of a store, which is open for so long; undefined where the store cannot be written. bregma: the store's folder. */
export async function whereWritable<Result>(
  bregma: string,
  write: (ledger: Ledger) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    const ledger = await whileHeld(() => new Ledger(bregma, { patienceMs: 0 }));
    try {
      return await write(ledger);
    } finally {
      ledger.close();
    }
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    return undefined;
  }
}

const isUnwritable = (error: unknown) =>
  error instanceof BregmaError && ['EROFS', 'EACCES', 'EPERM'].includes(codeOf(error.cause) ?? '');

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Activity } from '../contracts/activity.ts';
import { BregmaError } from '../errors.ts';
import { madeBy } from './makers.ts';
import { rowOf, rowsOf } from './rows.ts';

/** A ledger as far as its index is concerned. */
interface Indexed {
  readonly file: string;
  readonly database: DatabaseSync;
}

/** Records read between two pauses of `build`. */
const step = 4000;

/**
 * What of the records is asked for again and again, in temporary tables of the connection: nothing is written to the ledger's
 * file, and a read-only ledger has it too. It is derived from the records alone, grows with them, and is gone with the
 * connection.
 *
 * `temp.shown` (seq, tool, status, day, replayOf…): one row an activity. `temp.made` (record id or object → the activities that made it).
 * `temp.held` (object → the records that hold it as part of a data set, a twin or an experiment).
 */
export class LedgerIndex {
  /** Number of the newest record that is in the tables. */
  private done = 0;
  private readonly database: DatabaseSync;
  private readonly makersOf: StatementSync;
  private readonly holdersOf: StatementSync;

  constructor(ledger: Indexed) {
    this.database = ledger.database;
    // The tables are the size of a few fields of each record: they never go to a disk.
    this.database.exec(`
      PRAGMA temp_store = MEMORY;
      CREATE TEMP TABLE shown (seq INTEGER PRIMARY KEY, tool TEXT, status TEXT, valueKind TEXT, day TEXT, replayOf TEXT);
      CREATE INDEX temp.shown_by_day ON shown (day, seq);
      CREATE INDEX temp.shown_by_replay ON shown (replayOf, seq) WHERE replayOf IS NOT NULL;
      CREATE TEMP TABLE made (name TEXT, seq INTEGER, PRIMARY KEY (name, seq)) WITHOUT ROWID;
      CREATE TEMP TABLE held (object TEXT, seq INTEGER, PRIMARY KEY (object, seq)) WITHOUT ROWID;`);
    this.database.function('made_by', { deterministic: true }, madeByJson);
    this.makersOf = this.database.prepare('SELECT seq FROM temp.made WHERE name = ? ORDER BY seq');
    this.holdersOf = this.database.prepare('SELECT seq FROM temp.held WHERE object = ? ORDER BY seq');
  }

  /** Brings the tables up to the newest record, all at once. */
  update(): void {
    for (const _ of this.steps());
  }

  /** As `update`, in steps between which the thread can do other things. Yields records done and to do. */
  *steps(): Generator<{ done: number; total: number }> {
    const total = rowOf<{ seq: number | null }>(this.database.prepare('SELECT max(seq) AS seq FROM records'))!.seq ?? 0;
    while (this.done < total) {
      const from = this.done;
      const to = Math.min(total, from + step);
      for (const sql of fill) this.database.prepare(sql).run(from, to);
      this.done = to;
      yield { done: to, total };
    }
  }

  /** Numbers of the activities that made the record of this id, or the object, oldest first. Valid up to the last update. */
  makers(name: string): number[] {
    return rowsOf<{ seq: number }>(this.makersOf, name).map(({ seq }) => seq);
  }

  /** Numbers of the activities that repeat this one, newest first, at most `limit`. Valid up to the last update. */
  replays(activity: string, limit: number): number[] {
    const newest = this.database.prepare('SELECT seq FROM temp.shown WHERE replayOf = ? ORDER BY seq DESC LIMIT ?');
    return rowsOf<{ seq: number }>(newest, activity, limit).map(({ seq }) => seq);
  }

  /** Numbers of the records of data sets, twins and experiments that hold the object. */
  holders(object: string): number[] {
    return rowsOf<{ seq: number }>(this.holdersOf, object).map(({ seq }) => seq);
  }
}

const range = 'records.seq > ? AND records.seq <= ?';
// A record whose body is no JSON (it was changed) is listed, and nothing is read from it.
const json = "CASE WHEN json_valid(body) THEN body ELSE '{}' END";

const fill = [
  `INSERT INTO temp.shown
   SELECT seq, substr(subject, 1, 200), substr(json_extract(json, '$.status'), 1, 20),
     substr(coalesce(json_extract(json, '$.valueKind'), json_extract(json, '$.answer.kind')), 1, 20), coalesce(date(at, 'localtime'), ''),
     substr(json_extract(json, '$.replayOf'), 1, 40)
   FROM (SELECT seq, subject, at, ${json} AS json FROM records WHERE +kind = 'activity' AND ${range})`,
  `INSERT OR IGNORE INTO temp.made
   SELECT value, seq FROM records, json_each(made_by(body)) WHERE +kind = 'activity' AND ${range}`,
  ...['$.tables', '$.arrays', '$.files'].map(
    (path) => `INSERT OR IGNORE INTO temp.held
      SELECT coalesce(json_extract(value, '$.object'), json_extract(value, '$.sha256')) AS object, seq
      FROM records, json_each(${json}, '${path}')
      WHERE kind IN ('dataset', 'twin') AND ${range} AND type = 'object' AND object IS NOT NULL ORDER BY seq`,
  ),
  `INSERT OR IGNORE INTO temp.held
   SELECT atom, seq FROM records, json_tree(${json})
   WHERE kind = 'experiment' AND ${range} AND key = 'object' AND atom IS NOT NULL ORDER BY seq`,
];

/** What the activity with this body says that it made, as a JSON array of names; empty when nothing can be read from it. */
function madeByJson(body: unknown): string {
  try {
    // SAFETY: a body of another form gives no names, here or in the catch.
    return JSON.stringify(madeBy(JSON.parse(String(body)) as Activity).filter((name) => typeof name === 'string'));
  } catch {
    return '[]';
  }
}

const indices = new WeakMap<Indexed, LedgerIndex>();

/** The index of an open ledger, made when it is first asked for. It may lag behind: call `update` or `steps`. */
export function indexOf(ledger: Indexed): LedgerIndex {
  let index = indices.get(ledger);
  if (!index) {
    try {
      index = new LedgerIndex(ledger);
    } catch (error) {
      throw new BregmaError(
        'failed',
        `${ledger.file} cannot be indexed: ${error instanceof Error ? error.message : error}.`,
        {
          next: 'Run `bregma verify`.',
        },
      );
    }
    indices.set(ledger, index);
  }
  return index;
}

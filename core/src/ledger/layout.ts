/** The columns of the ledger's one table, in SQL. */
export const tableForm =
  '(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT';

/** What stands in the schema beside the table, by name: without it the ledger is not append-only, or not found in. */
export const guards: Record<string, string> = {
  records_by_subject: 'CREATE INDEX records_by_subject ON records (kind, subject, seq)',
  records_by_hash: 'CREATE INDEX records_by_hash ON records (hash)',
  records_never_change:
    "CREATE TRIGGER records_never_change BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
  records_never_go:
    "CREATE TRIGGER records_never_go BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
};

/** SQL as SQLite keeps it, without the white space with which it happened to be written: an earlier build broke its lines. */
export const withoutLayout = (sql: string) => sql.replace(/\s+/g, ' ').replace(/ ?([(),]) ?/g, '$1');

/** A record as it lies on disk: one row of the ledger's table. */
export interface Row {
  seq: number;
  kind: string;
  subject: string;
  at: string;
  /** Canonical JSON. */
  body: string;
  previous: string;
  hash: string;
}

/** The text of which a record's hash is the sha256: its fields, one a line, body last. */
export const hashedText = ({ previous, seq, kind, subject, at, body }: Omit<Row, 'hash'>): string =>
  `${previous}\n${seq}\n${kind}\n${subject}\n${at}\n${body}`;

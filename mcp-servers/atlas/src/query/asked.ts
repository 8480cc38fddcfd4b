import { BregmaError } from '@bregma/core/errors';

/** What a tool that works on rows is asked for. */
export interface Asked {
  sql?: string;
  /** What may stand after FROM: "id@release".table, "act-….result". */
  data?: string;
}

/** The one statement behind `sql` or `data`. Throws `bad-input` when there is none, or both. */
export function statementOf({ sql, data }: Asked): string {
  if ((sql === undefined) === (data === undefined))
    throw new BregmaError(
      'bad-input',
      sql === undefined ? 'There is nothing to read.' : 'Give sql or data, not both.',
      {
        next: 'data is one table, as "id@release".table; sql is any SELECT.',
      },
    );
  return sql ?? `SELECT * FROM ${data}`;
}

import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { quotedName } from '@bregma/core/contracts/sql-name';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';

/** What a tool that works on rows is asked for. */
export interface Asked {
  sql?: string;
  /** What may stand after FROM: "id@release".table, "act-….result"; or a data set that is one table. */
  data?: string;
}

/** The one statement behind `sql` or `data`. Throws `bad-input` when there is none, or both. */
export function statementOf({ sql, data }: Asked, releases: DatasetRelease[]): string {
  if ((sql === undefined) === (data === undefined))
    throw new BregmaError(
      'bad-input',
      sql === undefined ? 'There is nothing to read.' : 'Give sql or data, not both.',
      {
        next: 'data is one table, as "id@release".table; sql is any SELECT.',
      },
    );
  return sql ?? `SELECT * FROM ${onlyTable(data ?? '', releases)}`;
}

/** The table of a data set that has no other; what `data` says of anything else. */
function onlyTable(data: string, releases: DatasetRelease[]): string {
  const name = data.trim().replace(/^"(.*)"$/, '$1');
  const release = releases.findLast((one) => one.id === name || datasetRef(one) === name);
  if (release?.tables.length !== 1) return data;
  return `${quotedName(datasetRef(release))}.${quotedName(release.tables[0].name)}`;
}

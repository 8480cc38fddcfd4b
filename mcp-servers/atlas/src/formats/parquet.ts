import path from 'node:path';
import type { Column } from '@bregma/core/contracts/dataset';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import { refuseHiddenRows } from '../read/hidden-rows.ts';
import { keepIdentifiers } from '../read/keep-identifiers.ts';
import { correctParquet } from '../read/parquet-exact.ts';
import { renamedColumns } from '../read/parquet-names.ts';
import { applyOptions } from '../read/parquet-options.ts';
import { fetchColumns, takenColumns } from '../read/parquet-parts.ts';
import { tableName } from '../read/table-name.ts';
import { parseTableOptions } from '../read/table-options.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Apache Parquet. */
export const parquet: FileFormat = {
  name: 'parquet',
  title: 'Apache Parquet',
  extensions: ['.parquet'],
  options: ['types', 'missing', 'take'],
  async read(file, options, kit) {
    const { take: _, ...ofTable } = options;
    const asked = parseTableOptions(ofTable);
    const take = takenColumns(options);
    await fetchColumns(file, take, kit.signal);
    refuseHiddenRows(file, take && new Set(take));
    if (take) await refuseUnknown(take, file, kit);
    await kit.duck
      .run(
        `CREATE OR REPLACE TABLE incoming AS SELECT ${take?.map(identifier).join(', ') ?? '*'} FROM ${readFileSql('parquet', file)}`,
      )
      .catch((error: BregmaError) => {
        throw new BregmaError('corrupt', `${path.basename(file)} is no readable Parquet file: ${error.message}`, {
          next: 'Copy the file again.',
        });
      });
    const renamed = await renamedColumns('incoming', file, kit);
    const { columns, said } = await correctParquet('incoming', file, kit);
    const { told, missing } = await applyOptions('incoming', file, asked, kit);
    const { query, warnings } = await keepIdentifiers('incoming', kit.duck, told);
    const stored = await kit.duck.table(query, { name: tableName(file), columns });
    const table = {
      ...stored,
      columns: stored.columns.map((column): Column => ({ ...column, missing: missing[column.name] })),
    };
    return { shape: 'tables', tables: [table], arrays: [], warnings: [...renamed, ...said, ...warnings] };
  },
};

/** Throws `unknown-name` for a column that the file does not have. */
async function refuseUnknown(take: string[], file: string, { duck }: FormatKit): Promise<void> {
  const own = (await duck.columns(`(FROM ${readFileSql('parquet', file)})`)).map(({ name }) => name);
  const strange = take.find((name) => !own.includes(name));
  if (strange !== undefined)
    throw unknownName('column', strange, nearest(strange, own), `Its columns: ${own.slice(0, 40).join(', ')}.`);
}

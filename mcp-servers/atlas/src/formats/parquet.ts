import path from 'node:path';
import type { Column } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { readFileSql } from '@bregma/readers/sql-text';
import { refuseHiddenRows } from '../read/hidden-rows.ts';
import { keepIdentifiers } from '../read/keep-identifiers.ts';
import { correctParquet } from '../read/parquet-exact.ts';
import { renamedColumns } from '../read/parquet-names.ts';
import { applyOptions } from '../read/parquet-options.ts';
import { tableName } from '../read/table-name.ts';
import { parseTableOptions } from '../read/table-options.ts';
import type { FileFormat } from './format.ts';

/** Apache Parquet. */
export const parquet: FileFormat = {
  name: 'parquet',
  title: 'Apache Parquet',
  extensions: ['.parquet'],
  options: ['types', 'missing'],
  async read(file, options, kit) {
    const asked = parseTableOptions(options);
    refuseHiddenRows(file);
    await kit.duck
      .run(`CREATE OR REPLACE TABLE incoming AS SELECT * FROM ${readFileSql('parquet', file)}`)
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

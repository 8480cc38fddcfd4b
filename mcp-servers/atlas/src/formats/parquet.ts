import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { readFileSql } from '@bregma/readers/sql-text';
import { keepIdentifiers } from '../read/keep-identifiers.ts';
import { correctParquet } from '../read/parquet-exact.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** Apache Parquet. */
export const parquet: FileFormat = {
  name: 'parquet',
  title: 'Apache Parquet',
  extensions: ['.parquet'],
  options: [],
  async read(file, _options, kit) {
    await kit.duck
      .run(`CREATE OR REPLACE TABLE incoming AS SELECT * FROM ${readFileSql('parquet', file)}`)
      .catch((error: BregmaError) => {
        throw new BregmaError('corrupt', `${path.basename(file)} is no readable Parquet file: ${error.message}`, {
          next: 'Copy the file again.',
        });
      });
    const { columns, said } = await correctParquet('incoming', file, kit);
    const { query, warnings } = await keepIdentifiers('incoming', kit.duck);
    const table = await kit.duck.table(query, { name: tableName(file), columns });
    return { shape: 'tables', tables: [table], arrays: [], warnings: [...said, ...warnings] };
  },
};

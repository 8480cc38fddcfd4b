import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { readFileSql } from '../read/duck.ts';
import { tableName } from '../read/table-name.ts';
import { keepIdentifiers } from './csv.ts';
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
    const { query, warnings } = await keepIdentifiers('incoming', kit);
    return { shape: 'tables', tables: [await kit.duck.table(query, { name: tableName(file) })], arrays: [], warnings };
  },
};

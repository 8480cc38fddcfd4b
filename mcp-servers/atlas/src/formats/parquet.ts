import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import { correctParquet } from '../read/parquet-exact.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat, FormatKit } from './format.ts';

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
    const { query, warnings } = await keepIdentifiers('incoming', kit);
    const table = await kit.duck.table(query, { name: tableName(file), columns });
    return { shape: 'tables', tables: [table], arrays: [], warnings: [...said, ...warnings] };
  },
};

/** Integers beyond this do not survive as numbers in JSON. */
const largestExact = '9007199254740991';

/** A query that reads 64-bit integer columns as text when their values do not fit a double. */
async function keepIdentifiers(table: string, kit: FormatKit): Promise<{ query: string; warnings: string[] }> {
  const columns = await kit.duck.rows(`DESCRIBE ${table}`);
  const wide: string[] = [];
  for (const { column_name, column_type } of columns) {
    if (!/^(U?BIGINT|U?HUGEINT)$/.test(String(column_type))) continue;
    const column = identifier(String(column_name));
    const [{ big }] = await kit.duck.rows(
      `SELECT count(*)::INTEGER AS big FROM ${table} WHERE ${column} > ${largestExact} OR ${column} < -${largestExact}`,
    );
    if (Number(big) > 0) wide.push(String(column_name));
  }
  if (wide.length === 0) return { query: `SELECT * FROM ${table}`, warnings: [] };
  const replaced = wide.map((name) => `${identifier(name)}::VARCHAR AS ${identifier(name)}`).join(', ');
  return {
    query: `SELECT * REPLACE (${replaced}) FROM ${table}`,
    warnings: wide.map((name) => `Column ${name} holds 64-bit integers: it is kept as text, so that no digit is lost.`),
  };
}

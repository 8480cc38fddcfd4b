/** A string as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export { quotedName as identifier } from '@bregma/core/contracts/sql-name';

/** A path as DuckDB's pattern of it alone. */
export const patternOf = (file: string): string => file.replace(/[[*?]/g, '[$&]');

/**
 * This one CSV or Parquet file as SQL. DuckDB takes `[`, `*` and `?` in a path for a pattern, which may match another file,
 * and a folder `key=value` for a column. settings: as in `header = true`.
 */
export function readFileSql(kind: 'csv' | 'parquet', file: string, ...settings: string[]): string {
  const place = literal(patternOf(file));
  return `read_${kind}(${[place, 'hive_partitioning = false', ...settings].join(', ')})`;
}

import { literal, patternOf } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { saidRenamed } from './unique-names.ts';

/**
 * Which columns of a table that DuckDB read from a Parquet file have another name than in the file, as sentences: names that are equal
 * but for their case are one in SQL, so that the later ones get a number.
 */
export async function renamedColumns(table: string, file: string, { duck }: FormatKit): Promise<string[]> {
  const [root, ...elements] = await duck.rows(
    `SELECT name, num_children::INTEGER AS children FROM parquet_schema(${literal(patternOf(file))})`,
  );
  if (!root) return [];
  const inFile = topNames(
    elements.map(({ name, children }) => ({ name: String(name), children: Number(children ?? 0) })),
  );
  const inSql = (await duck.columns(table)).map(({ name }) => name);
  return inFile.length === inSql.length ? saidRenamed(inFile, inSql) : [];
}

/** Names of the elements that are columns of the table, from a schema in depth-first order (Parquet's SchemaElement). */
function topNames(elements: { name: string; children: number }[]): string[] {
  const names: string[] = [];
  let below = 0;
  for (const { name, children } of elements) {
    if (below === 0) names.push(name);
    else below--;
    below += children;
  }
  return names;
}

import path from 'node:path';
import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { loadTable } from './load-table.ts';

/**
 * Loads a file of rows as the table `name`: Parquet with its types, delimited text (also .gz) all as text, so that ids keep
 * every digit. Returns its columns. Throws `corrupt` when it ends early.
 */
export async function loadRows(name: string, file: string, kit: FormatKit): Promise<string[]> {
  const base = path.basename(file);
  // Ids are words here: a neuron may be called NA.
  if (!/\.parquet$/i.test(file)) return (await loadTable(name, file, { types: 'text', missing: [''] }, kit)).columns;
  await kit.duck
    .run(`CREATE OR REPLACE TABLE ${identifier(name)} AS SELECT * FROM ${readFileSql('parquet', file)}`)
    .catch((error: Error) => {
      throw new BregmaError('corrupt', `${base} is no readable Parquet file: ${error.message}`, {
        next: 'Copy the file again: one that ends early cannot be read.',
      });
    });
  return (await kit.duck.rows(`DESCRIBE ${identifier(name)}`)).map(({ column_name }) => String(column_name));
}

/** Throws `bad-input` that lists the columns there are, unless all that are wanted are among them. */
export function wantColumns(file: string, columns: string[], wanted: string[]): void {
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  throw new BregmaError(
    'bad-input',
    `${path.basename(file)} has no column ${missing.map((name) => `'${name}'`).join(', ')}; it has ${columns.slice(0, 30).join(', ')}.`,
  );
}

/**
 * Stores the tables `cells(id, …)` and `wires(pre, post, weight, …)` of the kit's database as neurons and edges, after every
 * edge was checked. Throws `bad-input`, naming the neuron or the edge.
 */
export async function storeWiring(
  kit: FormatKit,
  unit: string,
  files: { neurons: string; edges: string },
): Promise<Table[]> {
  const { duck } = kit;
  const first = async (sql: string) => (await duck.rows(`${sql} LIMIT 1`))[0];
  const twice = await first(
    'SELECT id, count(*)::INTEGER AS times FROM cells GROUP BY id HAVING count(*) > 1 OR id IS NULL',
  );
  if (twice)
    throw new BregmaError(
      'bad-input',
      twice.id === null
        ? `${files.neurons} has ${twice.times} neurons without an id.`
        : `${files.neurons} lists neuron '${twice.id}' ${twice.times} times.`,
      { next: 'Every neuron has one row with an id of its own.' },
    );
  const odd = await first(
    `SELECT row_number() OVER () AS row, * FROM wires QUALIFY try_cast(weight AS DOUBLE) IS NULL OR NOT isfinite(try_cast(weight AS DOUBLE)) OR try_cast(weight AS DOUBLE) < 0`,
  );
  if (odd)
    throw new BregmaError(
      'bad-input',
      `${files.edges}: row ${odd.row}, ${odd.pre} → ${odd.post}, has the weight '${odd.weight ?? ''}'; weights are finite numbers of 0 or more.`,
      { next: 'Correct or remove the row. A sign belongs into a column sign (1 or -1).' },
    );
  const [{ count: unknown }] = await duck.rows(
    'SELECT count(*)::INTEGER AS count FROM (SELECT pre AS id FROM wires UNION SELECT post FROM wires) w ANTI JOIN cells USING (id)',
  );
  if (Number(unknown) > 0) {
    const example = await first(
      'SELECT id FROM (SELECT pre AS id FROM wires UNION ALL SELECT post FROM wires) w ANTI JOIN cells USING (id)',
    );
    const [{ ends }] = await duck.rows(
      'SELECT count(*)::INTEGER AS ends FROM (SELECT pre AS id FROM wires UNION SELECT post FROM wires)',
    );
    throw new BregmaError(
      'bad-input',
      `${unknown} of the ${ends} neurons in ${files.edges} are not in ${files.neurons}, such as '${example?.id}'.`,
      { next: 'Take both files from one release: ids do not persist between releases.' },
    );
  }
  const neurons = await duck.table('SELECT * FROM cells', { name: 'neurons' });
  const edges = await duck.table('SELECT * REPLACE (weight::DOUBLE AS weight) FROM wires', {
    name: 'edges',
    columns: { weight: { unit } },
  });
  return [neurons, edges];
}

import path from 'node:path';
import type { Decision, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { doubts, loadTable } from './load-table.ts';

/** A file of rows in the kit's database. */
export interface LoadedRows {
  columns: string[];
  decisions: Decision[];
  /** What was doubtful, as sentences that begin with the file. */
  doubts: string[];
}

/**
 * Loads a file of rows as the table `name`: Parquet with its types, delimited text (also .gz) and the first table of a workbook all
 * as text, so that ids keep every digit. Throws `corrupt` when it ends early.
 */
export async function loadRows(name: string, file: string, kit: FormatKit): Promise<LoadedRows> {
  const base = path.basename(file);
  if (!/\.parquet$/i.test(file)) {
    // Ids are words here: a neuron may be called NA.
    const { columns, decisions } = await loadTable(name, file, { types: 'text', missing: [''] }, kit);
    return { columns, decisions, doubts: doubts(decisions).map((doubt) => `${base}: ${doubt}`) };
  }
  await kit.duck
    .run(`CREATE OR REPLACE TABLE ${identifier(name)} AS SELECT * FROM ${readFileSql('parquet', file)}`)
    .catch((error: Error) => {
      throw new BregmaError('corrupt', `${base} is no readable Parquet file: ${error.message}`, {
        next: 'Copy the file again: one that ends early cannot be read.',
      });
    });
  const columns = (await kit.duck.columns(identifier(name))).map((column) => column.name);
  return { columns, decisions: [], doubts: [] };
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

/** Wiring as it is stored, and what was counted and decided, as sentences. */
export interface StoredWiring {
  tables: Table[];
  warnings: string[];
}

/** Files as errors name them. */
interface FileNames {
  neurons: string;
  edges: string;
}

/**
 * Stores the tables `cells(id, …)` and `wires(pre, post, weight, …)` of the kit's database as neurons and edges, after every
 * edge was checked. Edges of weight 0 are no connections and left out; self-loops are kept; both are counted. Throws `bad-input`,
 * naming the neuron or the edge.
 */
export async function storeWiring(kit: FormatKit, unit: string, files: FileNames): Promise<StoredWiring> {
  const { duck } = kit;
  await checkIds('cells', 'id', files.neurons, kit);
  await checkWeights(files.edges, kit);
  await refuseUnknown(files, kit);
  const [{ zeros, loops }] = await duck.rows(
    'SELECT count(*) FILTER (weight::DOUBLE = 0)::INTEGER AS zeros, count(*) FILTER (pre = post AND weight::DOUBLE <> 0)::INTEGER AS loops FROM wires',
  );
  const neurons = await duck.table('SELECT * FROM cells', { name: 'neurons' });
  const edges = await duck.table(
    `SELECT * REPLACE (weight::DOUBLE AS weight) FROM wires${Number(zeros) > 0 ? ' WHERE weight::DOUBLE <> 0' : ''}`,
    { name: 'edges', columns: { weight: { unit } } },
  );
  const warnings = [
    ...(Number(zeros) > 0 ? [`${zeros} rows of weight 0 are no connections: they are left out.`] : []),
    ...(Number(loops) > 0 ? [`${loops} connections lead from a neuron to itself: they are kept.`] : []),
  ];
  return { tables: [neurons, edges], warnings };
}

/** Throws `bad-input` when a neuron stands twice in the table of this file, or without an id. */
export async function checkIds(table: string, column: string, file: string, kit: FormatKit): Promise<void> {
  const [twice] = await kit.duck.rows(
    `SELECT ${identifier(column)} AS id, count(*)::INTEGER AS times FROM ${identifier(table)} GROUP BY 1 HAVING count(*) > 1 OR id IS NULL LIMIT 1`,
  );
  if (!twice) return;
  throw new BregmaError(
    'bad-input',
    twice.id === null
      ? `${file} has ${twice.times} neurons without an id.`
      : `${file} lists neuron '${twice.id}' ${twice.times} times.`,
    { next: 'Every neuron has one row with an id of its own.' },
  );
}

/** Throws `bad-input` that names the first row of `wires` whose weight is no finite number. */
export async function checkWeights(file: string, { duck }: FormatKit): Promise<void> {
  const [odd] = await duck.rows(
    'SELECT row_number() OVER () AS row, * FROM wires QUALIFY try_cast(weight AS DOUBLE) IS NULL OR NOT isfinite(try_cast(weight AS DOUBLE)) LIMIT 1',
  );
  if (odd)
    throw new BregmaError(
      'bad-input',
      `${file}: row ${odd.row}, ${odd.pre} → ${odd.post}, has the weight '${odd.weight ?? ''}'; weights are finite numbers.`,
      { next: 'Correct or remove the row.' },
    );
}

/** Unknown neurons that an error names. */
const mostNamed = 3;

async function refuseUnknown(files: FileNames, { duck }: FormatKit): Promise<void> {
  const ends = '(SELECT pre AS id FROM wires UNION ALL SELECT post FROM wires) w ANTI JOIN cells USING (id)';
  const [{ count, ends: hits }] = await duck.rows(
    `SELECT count(DISTINCT coalesce(id, ''))::INTEGER AS count, count(*)::INTEGER AS ends FROM ${ends}`,
  );
  if (Number(count) === 0) return;
  const unknown = await duck.rows(
    `SELECT id, count(*)::INTEGER AS times FROM ${ends} GROUP BY id ORDER BY times DESC, id LIMIT ${mostNamed}`,
  );
  const known = (await duck.rows('SELECT id FROM cells')).map(({ id }) => String(id));
  const named = unknown.map(({ id, times }) => {
    const [near] = id === null ? [] : nearest(String(id), known, 1);
    return `${id === null ? 'an empty id' : `'${id}'`} (${times} ends${near ? `; nearest '${near}'` : ''})`;
  });
  const [{ all }] = await duck.rows(
    'SELECT count(*)::INTEGER AS "all" FROM (SELECT pre AS id FROM wires UNION SELECT post FROM wires)',
  );
  throw new BregmaError(
    'bad-input',
    `${count} of the ${all} neurons in ${files.edges} are not in ${files.neurons}, ${hits} ends of connections: ${named.join(', ')}${Number(count) > mostNamed ? ', …' : ''}.`,
    {
      next: `Correct these ids, or add the neurons to ${files.neurons}. Where no id fits, the files are of two releases: ids do not persist between releases.`,
    },
  );
}

/**
 * Sums the rows of `wires` that are of one connection (pre, post, and kind and sign where there are any). What else such rows say is
 * joined with "; ". Returns what was summed, as a sentence.
 */
export async function sumDuplicates(file: string, { duck }: FormatKit): Promise<string[]> {
  const columns = await duck.columns('wires');
  const keys = columns.map(({ name }) => name).filter((name) => ['pre', 'post', 'kind', 'sign'].includes(name));
  const [{ rows, pairs }] = await duck.rows(
    `SELECT (SELECT count(*) FROM wires)::INTEGER AS rows, (SELECT count(*) FROM (SELECT DISTINCT ${keys.join(', ')} FROM wires))::INTEGER AS pairs`,
  );
  if (rows === pairs) return [];
  const written = columns.map(({ name, type }) => {
    const column = identifier(name);
    if (keys.includes(name)) return column;
    // A list in the order of the file: sums of doubles come out the same each time.
    if (name === 'weight') return 'list_sum(list(weight::DOUBLE ORDER BY place_in_file)) AS weight';
    return type === 'VARCHAR'
      ? `string_agg(DISTINCT ${column}, '; ' ORDER BY ${column}) AS ${column}`
      : `CASE WHEN count(DISTINCT ${column}) = 1 THEN any_value(${column}) END AS ${column}`;
  });
  await duck.run(
    `CREATE OR REPLACE TABLE wires AS SELECT ${written.join(', ')} FROM (SELECT row_number() OVER () AS place_in_file, * FROM wires) GROUP BY ${keys.join(', ')} ORDER BY min(place_in_file)`,
  );
  return [
    `${file}: ${Number(rows) - Number(pairs)} rows repeat a connection: the weights of ${rows} rows are summed to ${pairs} connections.`,
  ];
}

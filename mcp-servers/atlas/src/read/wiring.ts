import path from 'node:path';
import type { Decision, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier, literal, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { checkEnds, checkIds, checkWeights, type FileNames, refuseUnknown } from './check-wiring.ts';
import { refuseHiddenRows } from './hidden-rows.ts';
import { doubts, loadTable } from './load-table.ts';
import type { TableOptions } from './table-options.ts';
import { classOf, type ThousandsSign } from './written-numbers.ts';

/** A file of rows in the kit's database. */
export interface LoadedRows {
  columns: string[];
  decisions: Decision[];
  /** What was doubtful, as sentences that begin with the file. */
  doubts: string[];
  /** SQL: a text of the file as a number, NULL where it is none. */
  number(sql: string): string;
}

/**
 * Loads a file of rows as the table `name`: Parquet with its types, delimited text (also .gz) and the first table of a workbook all
 * as text, so that ids keep every digit. options: how text and sheets are read. Throws `corrupt` when it ends early.
 */
export async function loadRows(
  name: string,
  file: string,
  kit: FormatKit,
  options: TableOptions = {},
): Promise<LoadedRows> {
  const base = path.basename(file);
  if (!/\.parquet$/i.test(file)) {
    // Ids are words here: a neuron may be called NA.
    const { columns, decisions, decimal } = await loadTable(
      name,
      file,
      { ...options, types: 'text', missing: [''] },
      kit,
    );
    return {
      columns,
      decisions,
      doubts: doubts(decisions).map((doubt) => `${base}: ${doubt}`),
      number: (sql) => numberOf(sql, decimal, options.thousands),
    };
  }
  refuseHiddenRows(file);
  await kit.duck
    .run(`CREATE OR REPLACE TABLE ${identifier(name)} AS SELECT * FROM ${readFileSql('parquet', file)}`)
    .catch((error: Error) => {
      throw new BregmaError('corrupt', `${base} is no readable Parquet file: ${error.message}`, {
        next: 'Copy the file again: one that ends early cannot be read.',
      });
    });
  const columns = (await kit.duck.columns(identifier(name))).map((column) => column.name);
  return { columns, decisions: [], doubts: [], number: (sql) => `TRY_CAST(${sql} AS DOUBLE)` };
}

/** A written number as a double, NULL where it is none; thousands are parted only where a person says so. */
function numberOf(sql: string, decimal: ',' | '.', thousands: ThousandsSign | undefined): string {
  const bare = thousands === undefined ? sql : `regexp_replace(${sql}, ${literal(classOf[thousands])}, '', 'g')`;
  const sign = thousands === '.' ? ',' : thousands === ',' ? '.' : decimal;
  const plain = sign === ',' ? `CASE WHEN contains(${bare}, '.') THEN NULL ELSE replace(${bare}, ',', '.') END` : bare;
  return `CASE WHEN contains(${sql}, '_') THEN NULL ELSE TRY_CAST(${plain} AS DOUBLE) END`;
}

/** Wiring as it is stored, and what was counted and decided, as sentences. */
export interface StoredWiring {
  tables: Table[];
  warnings: string[];
}

/**
 * Stores the tables `cells(id, …)` and `wires(pre, post, weight, …)` of the kit's database as neurons and edges, after every
 * edge was checked. Edges of weight 0 are no connections and left out; self-loops are kept; both are counted. Throws `bad-input`,
 * naming the neuron or the edge.
 */
export async function storeWiring(kit: FormatKit, unit: string, files: FileNames): Promise<StoredWiring> {
  const { duck } = kit;
  await checkIds('cells', 'id', files.neurons, kit);
  await checkEnds(files.edges, kit);
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

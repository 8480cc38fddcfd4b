import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Decision } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import { blanksOf, checkEnds, checkWeights, doubtfulIds, roundedIds } from '../read/check-wiring.ts';
import { fileOptionNames, fileOptions } from '../read/file-options.ts';
import type { TableOptions } from '../read/table-options.ts';
import { trimmed } from '../read/trimmed.ts';
import { loadRows, storeWiring, sumDuplicates } from '../read/wiring.ts';
import { dropColumn, findWiringColumns, needColumns, renamed } from '../read/wiring-columns.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** A wiring diagram of one's own: edges(pre, post, weight, kind?, sign?) and, if there are any, neurons(id, name?, cell_type?, transmitter?…). */
export const connectome: FileFormat = {
  name: 'connectome',
  title: 'Neurons and the connections between them',
  extensions: [],
  options: ['neurons', 'edges', 'unit', 'columns', ...fileOptionNames],
  async read(_path, options, kit) {
    const edges = fileOption(options, 'edges', kit);
    const neurons = options.neurons === undefined ? undefined : fileOption(options, 'neurons', kit);
    const given = columnsOption(options.columns);
    const parts = ['edges', 'neurons'];
    const of = {
      edges: await loadEdges(edges, given, fileOptions(options, 'edges', parts), kit),
      neurons: await loadNeurons(neurons, given, fileOptions(options, 'neurons', parts), kit),
    };
    const said = [...of.edges.said, ...of.neurons.said];
    const files = { edges: path.basename(edges), neurons: path.basename(neurons ?? edges) };
    await checkEnds(files.edges, kit);
    await checkWeights(files.edges, kit);
    if (!neurons) said.push(...(await doubtfulIds(files.edges, kit)));
    said.push(...(await sumDuplicates(files.edges, kit)));
    const unit = typeof options.unit === 'string' ? options.unit : 'synapses';
    const { tables, warnings } = await storeWiring(kit, unit, files);
    return {
      shape: 'connectome',
      tables: tables.map((table) => ({
        ...table,
        decisions: of[table.name === 'edges' ? 'edges' : 'neurons'].decisions,
      })),
      arrays: [],
      warnings: [...said, ...warnings],
      files: neurons ? [edges, neurons] : [edges],
    };
  },
};

/** What was decided in reading a file: what is told, as sentences, and what lies with its table. */
interface Said {
  said: string[];
  decisions: Decision[];
}

/** Makes the table `wires`. Returns what was decided, as sentences. */
async function loadEdges(
  file: string,
  given: Record<string, unknown>,
  options: TableOptions,
  kit: FormatKit,
): Promise<Said> {
  const base = path.basename(file);
  const { columns, decisions, doubts, number } = await loadRows('raw_edges', file, kit, options);
  const found = findWiringColumns(file, columns, ['pre', 'post', 'weight', 'kind'], given);
  if (!(await holdsKinds(found.of.kind, given, kit))) dropColumn(file, found, 'kind');
  const said = [...doubts, ...found.said];
  // CAVE lists synapses, one a row.
  const isSynapses = found.of.weight === undefined && /pt_root_id$/i.test(found.of.pre ?? '');
  needColumns(file, columns, found, isSynapses ? ['pre', 'post'] : ['pre', 'post', 'weight']);
  if (isSynapses) said.push(`${base} has a row for every synapse: the weight is their number.`);
  // SAFETY: `needColumns` throws where one of them is not there.
  const ends = [found.of.pre as string, found.of.post as string];
  said.push(...(await blanksOf('raw_edges', base, ends, kit)), ...(await roundedIds('raw_edges', base, ends, kit)));
  const written = renamed(columns, found, (column, sql) => {
    if (column === 'kind') return sql;
    return column === 'weight'
      ? `CASE WHEN coalesce(isfinite(${number(sql)}), false) THEN ${number(sql)}::VARCHAR ELSE ${sql}::VARCHAR END`
      : trimmed(`${sql}::VARCHAR`);
  });
  await kit.duck.run(
    `CREATE OR REPLACE TABLE wires AS SELECT ${written}${isSynapses ? ', 1 AS weight' : ''} FROM raw_edges`,
  );
  return { said, decisions };
}

/** Whether a column says of connections whether they are chemical or electrical: `type` may say anything. */
async function holdsKinds(
  column: string | undefined,
  given: Record<string, unknown>,
  kit: FormatKit,
): Promise<boolean> {
  if (column === undefined || column === 'kind' || given.kind !== undefined) return true;
  const [{ other }] = await kit.duck.rows(
    `SELECT count(*)::INTEGER AS other FROM raw_edges WHERE NOT regexp_full_match(coalesce(${identifier(column)}::VARCHAR, ''), '(chemical|electrical|gap.?junction)s?', 'i')`,
  );
  return Number(other) === 0;
}

/** Makes the table `cells`, from the ends of the edges when there is no file. Returns what was decided, as sentences. */
async function loadNeurons(
  file: string | undefined,
  given: Record<string, unknown>,
  options: TableOptions,
  kit: FormatKit,
): Promise<Said> {
  if (file === undefined) {
    await kit.duck.run(
      'CREATE OR REPLACE TABLE cells AS SELECT id FROM (SELECT pre AS id FROM wires UNION SELECT post FROM wires) ORDER BY id',
    );
    return { said: ['There is no table of neurons: cell types and transmitters are not known.'], decisions: [] };
  }
  const { columns, decisions, doubts } = await loadRows('raw_neurons', file, kit, options);
  const found = findWiringColumns(file, columns, ['id', 'cell_type', 'name'], given);
  needColumns(file, columns, found, ['id']);
  const base = path.basename(file);
  // SAFETY: `needColumns` throws where it is not there.
  const ids = [found.of.id as string];
  const said = [
    ...doubts,
    ...found.said,
    ...(await blanksOf('raw_neurons', base, ids, kit)),
    ...(await roundedIds('raw_neurons', base, ids, kit)),
  ];
  const written = renamed(columns, found, (column, sql) => (column === 'id' ? trimmed(`${sql}::VARCHAR`) : sql));
  await kit.duck.run(`CREATE OR REPLACE TABLE cells AS SELECT ${written} FROM raw_neurons`);
  return { said, decisions };
}

function columnsOption(given: unknown): Record<string, unknown> {
  if (given === undefined) return {};
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return { ...given };
  throw new BregmaError('bad-input', `options.columns is ${JSON.stringify(given)?.slice(0, 100)}.`, {
    next: 'Pass {"pre": "…", "post": "…", "weight": "…", "id": "…"}: what these columns are called in the files.',
  });
}

function fileOption(options: Record<string, unknown>, name: string, kit: FormatKit): string {
  const value = options[name];
  if (typeof value !== 'string' || value === '')
    throw new BregmaError('bad-input', `connectome needs options.${name}: a CSV or Parquet file.`, {
      next: 'Pass options {"edges": "edges.csv", "neurons": "neurons.csv"}: edges(pre, post, weight), neurons(id, cell_type, transmitter).',
    });
  const file = kit.resolve(value);
  if (existsSync(file)) return file;
  throw new BregmaError('missing', `options.${name}: there is no file at ${file}.`, {
    next: 'Paths start at the workspace.',
  });
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Decision } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import { checkWeights, loadRows, storeWiring, sumDuplicates } from '../read/wiring.ts';
import { findWiringColumns, needColumns, renamed } from '../read/wiring-columns.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** A wiring diagram of one's own: edges(pre, post, weight, kind?, sign?) and, if there are any, neurons(id, name?, cell_type?, transmitter?…). */
export const connectome: FileFormat = {
  name: 'connectome',
  title: 'Neurons and the connections between them',
  extensions: [],
  options: ['neurons', 'edges', 'unit', 'columns'],
  async read(_path, options, kit) {
    const edges = fileOption(options, 'edges', kit);
    const neurons = options.neurons === undefined ? undefined : fileOption(options, 'neurons', kit);
    const given = columnsOption(options.columns);
    const of = { edges: await loadEdges(edges, given, kit), neurons: await loadNeurons(neurons, given, kit) };
    const said = [...of.edges.said, ...of.neurons.said];
    const files = { edges: path.basename(edges), neurons: path.basename(neurons ?? edges) };
    await checkWeights(files.edges, kit);
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
async function loadEdges(file: string, given: Record<string, unknown>, kit: FormatKit): Promise<Said> {
  const { columns, decisions, doubts } = await loadRows('raw_edges', file, kit);
  const found = findWiringColumns(file, columns, ['pre', 'post', 'weight'], given);
  const said = [...doubts, ...found.said];
  // CAVE lists synapses, one a row.
  const isSynapses = found.of.weight === undefined && /pt_root_id$/i.test(found.of.pre ?? '');
  needColumns(file, columns, found, isSynapses ? ['pre', 'post'] : ['pre', 'post', 'weight']);
  if (isSynapses) said.push(`${path.basename(file)} has a row for every synapse: the weight is their number.`);
  said.push(...(await trimmed('raw_edges', file, [found.of.pre, found.of.post], kit)));
  const written = renamed(columns, found, (column, sql) => (column === 'weight' ? sql : `trim(${sql}::VARCHAR)`));
  await kit.duck.run(
    `CREATE OR REPLACE TABLE wires AS SELECT ${written}${isSynapses ? ', 1 AS weight' : ''} FROM raw_edges`,
  );
  return { said, decisions };
}

/** Makes the table `cells`, from the ends of the edges when there is no file. Returns what was decided, as sentences. */
async function loadNeurons(file: string | undefined, given: Record<string, unknown>, kit: FormatKit): Promise<Said> {
  if (file === undefined) {
    await kit.duck.run(
      'CREATE OR REPLACE TABLE cells AS SELECT id FROM (SELECT pre AS id FROM wires UNION SELECT post FROM wires) ORDER BY id',
    );
    return { said: ['There is no table of neurons: cell types and transmitters are not known.'], decisions: [] };
  }
  const { columns, decisions, doubts } = await loadRows('raw_neurons', file, kit);
  const found = findWiringColumns(file, columns, ['id', 'cell_type', 'name'], given);
  needColumns(file, columns, found, ['id']);
  const said = [...doubts, ...found.said, ...(await trimmed('raw_neurons', file, [found.of.id], kit))];
  const written = renamed(columns, found, (column, sql) => (column === 'id' ? `trim(${sql}::VARCHAR)` : sql));
  await kit.duck.run(`CREATE OR REPLACE TABLE cells AS SELECT ${written} FROM raw_neurons`);
  return { said, decisions };
}

/** How many ids have blanks around them, as a sentence. */
async function trimmed(
  table: string,
  file: string,
  ids: (string | undefined)[],
  { duck }: FormatKit,
): Promise<string[]> {
  const counts = ids.flatMap((id) =>
    id === undefined ? [] : [`count(*) FILTER (${identifier(id)}::VARCHAR <> trim(${identifier(id)}::VARCHAR))`],
  );
  const [{ count }] = await duck.rows(`SELECT (${counts.join(' + ')})::INTEGER AS count FROM ${table}`);
  return Number(count) > 0 ? [`${path.basename(file)}: ${count} ids had blanks around them, which are left out.`] : [];
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

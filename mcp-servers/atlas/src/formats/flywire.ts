import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Decision } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { keysOf } from '@bregma/core/members';
import { nearest } from '@bregma/core/nearest';
import { identifier } from '@bregma/readers/sql-text';
import { flywire as registered } from '../datasets/flywire.ts';
import { blanksOf, checkIds, roundedIds } from '../read/check-wiring.ts';
import { fileOptionNames, fileOptions } from '../read/file-options.ts';
import { trimmed } from '../read/trimmed.ts';
import { loadRows, storeWiring } from '../read/wiring.ts';
import { findWiringColumns, needColumns, type WiringColumn } from '../read/wiring-columns.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Files of a FlyWire release by their names at the origin: those of the whole-brain model, and those of Codex. */
const patterns = {
  connectivity: /connectivity.*\.parquet$/i,
  completeness: /completeness.*\.csv$/i,
  connections: /^connections.*\.csv(\.gz)?$/i,
  neurons: /^neurons.*\.csv(\.gz)?$/i,
  classification: /^classification.*\.csv(\.gz)?$/i,
  cell_types: /^consolidated_cell_types.*\.csv(\.gz)?$/i,
};
type Part = keyof typeof patterns;

/** The adult fly's brain from the files that its users have: a folder with one edge list and what is known of the neurons. */
export const flywire: FileFormat = {
  name: 'flywire',
  title: 'FlyWire connectome: files of Codex or of the whole-brain model',
  extensions: [],
  options: [...Object.keys(patterns), 'columns', ...fileOptionNames],
  async read(source, options, kit) {
    const files = findParts(source, options, kit);
    const release = releaseOf(files);
    const fromModel = files.connectivity !== undefined;
    // SAFETY: `findParts` gives one of the two or throws.
    const edges = (files.connectivity ?? files.connections) as string;
    const reading: Reading = { options, said: [], decisions: {} };
    if (fromModel) await readModel(files, reading, kit);
    else await readCodex(edges, reading, kit);
    const described = await describeNeurons(files, fromModel, reading, kit);
    const { tables, warnings } = await storeWiring(kit, 'synapses', {
      edges: path.basename(edges),
      neurons: path.basename((fromModel ? files.completeness : files.neurons) ?? edges),
    });
    const { card } = registered;
    return {
      shape: 'connectome',
      tables: tables.map((table) => ({
        ...table,
        decisions:
          reading.decisions[table.name === 'edges' ? path.basename(edges) : path.basename(files.neurons ?? '')],
      })),
      arrays: [],
      warnings: [
        ...reading.said,
        ...(described
          ? []
          : ['There is no neurons.csv: transmitters are those of the edge list, and cell types are not known.']),
        ...warnings,
      ],
      files: Object.values(files),
      card: {
        title: `FlyWire connectome${release ? `, release ${release}` : ''}`,
        description: `Synapse counts between neurons of the adult fly's brain, from ${Object.values(files)
          .map((file) => path.basename(file))
          .join(', ')}.`,
        species: card.species,
        modality: card.modality,
        doi: card.doi,
        cite: [...card.cite, ...(fromModel ? ['Shiu et al. 2024, Nature 634:210'] : [])],
        licence: card.licence,
        licenceUrl: card.licenceUrl,
        exposure: 'public',
        notes: [
          `FlyWire release ${release ?? 'not stated by the file names'}; ids do not persist between releases.`,
          'nt_type is predicted from images, not measured; so are signs that rest on it.',
          ...(fromModel
            ? [
                'Where neurons.csv gives no transmitter, nt_type is the sign of the model’s edge list, with a score of 0.',
              ]
            : []),
        ],
      },
    };
  },
};

type Files = Partial<Record<Part, string>>;

/** How files are read, and what was said and decided of them. */
interface Reading {
  options: Record<string, unknown>;
  said: string[];
  decisions: Record<string, Decision[]>;
}

/**
 * Loads a part as a table of that name, with the columns `wanted` under the names of Codex, and ids without blanks around them.
 * Returns its columns, and SQL that reads its numbers.
 */
async function loadPart(
  part: Part,
  file: string,
  wanted: Partial<Record<WiringColumn, string>>,
  reading: Reading,
  kit: FormatKit,
) {
  const { options, said, decisions } = reading;
  const base = path.basename(file);
  const loaded = await loadRows('part', file, kit, fileOptions(options, part, Object.keys(patterns)));
  const { columns } = options;
  // SAFETY: an object is read by the names of wiring alone.
  const given = typeof columns === 'object' ? (columns as Record<string, unknown>) : {};
  const found = findWiringColumns(file, loaded.columns, keysOf(wanted), given);
  needColumns(file, loaded.columns, found, keysOf(wanted));
  // SAFETY: `needColumns` throws where one is not there.
  const name = (column: WiringColumn) => found.of[column] as string;
  const ids = keysOf(wanted).filter((column) => column !== 'weight');
  said.push(
    ...loaded.doubts,
    ...(await blanksOf('part', base, ids.map(name), kit)),
    ...(await roundedIds('part', base, ids.map(name), kit)),
  );
  const other = keysOf(wanted).filter((column) => name(column) !== wanted[column]);
  if (other.length > 0)
    said.push(
      `${base}: ${other.map((column) => `${name(column)} is taken for ${wanted[column]}`).join(', ')}. Option: columns.`,
    );
  const written = loaded.columns.map((column) => {
    const as = keysOf(wanted).find((one) => name(one) === column);
    if (as === undefined) return identifier(column);
    const sql = identifier(column);
    return `${as === 'weight' ? sql : trimmed(`${sql}::VARCHAR`)} AS ${identifier(wanted[as] ?? column)}`;
  });
  await kit.duck.run(`CREATE OR REPLACE TABLE ${part} AS SELECT ${written.join(', ')} FROM part`);
  decisions[base] = loaded.decisions;
  return { columns: (await kit.duck.columns(part)).map((column) => column.name), number: loaded.number };
}

function findParts(source: string, options: Record<string, unknown>, kit: FormatKit): Files {
  const inFolder = existsSync(source) && statSync(source).isDirectory();
  const names = inFolder ? readdirSync(source).sort() : existsSync(source) ? [path.basename(source)] : [];
  const folder = inFolder ? source : path.dirname(source);
  const files: Files = {};
  for (const part of keysOf(patterns)) {
    const given = options[part];
    if (given !== undefined) {
      const file = kit.resolve(String(given));
      if (!existsSync(file))
        throw new BregmaError('missing', `options.${part}: there is no file at ${file}.`, {
          next: 'Paths start at the workspace.',
        });
      files[part] = file;
      continue;
    }
    const found = names.filter((name) => patterns[part].test(name));
    if (found.length > 1)
      throw new BregmaError(
        'bad-input',
        `${path.basename(source)} holds ${found.length} files for ${part}: ${found.join(', ')}.`,
        {
          next: `Name one with options {"${part}": "…"}.`,
        },
      );
    if (found.length === 1) files[part] = path.join(folder, found[0]);
  }
  if (files.connectivity && files.connections)
    throw new BregmaError(
      'bad-input',
      `${path.basename(source)} holds two edge lists, ${path.basename(files.connectivity)} and ${path.basename(files.connections)}.`,
      {
        next: 'Keep one of them in the folder.',
      },
    );
  if (files.connectivity && !files.completeness)
    throw new BregmaError(
      'missing',
      `${path.basename(files.connectivity)} needs the Completeness file of its release beside it: it lists the neurons.`,
      {
        next: 'Both are in github.com/philshiu/Drosophila_brain_model.',
      },
    );
  if (files.connections && !files.neurons)
    throw new BregmaError(
      'missing',
      `${path.basename(files.connections)} needs neurons.csv.gz of its release beside it.`,
      {
        next: 'Download both from https://codex.flywire.ai, for the same release.',
      },
    );
  if (!files.connectivity && !files.connections)
    throw new BregmaError('missing', `There is no FlyWire edge list at ${source}.`, {
      next: 'Put Connectivity_783.parquet with Completeness_783.csv, or connections.csv.gz with neurons.csv.gz and classification.csv.gz (from https://codex.flywire.ai), into a folder and name it as source.',
    });
  return files;
}

/** Throws `bad-input` that lists the columns there are, unless all that are wanted are among them. */
function wantColumns(file: string, columns: string[], wanted: string[]): void {
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  throw new BregmaError(
    'bad-input',
    `${path.basename(file)} has no column ${missing.map((name) => `'${name}'`).join(', ')}; it has ${columns.slice(0, 30).join(', ')}.`,
  );
}

/** The release that the file names state. Throws when they state two. */
function releaseOf(files: Files): string | undefined {
  const stated = Object.values(files).flatMap((file) => {
    const release = /(?:^|[_v.-])(\d{3})(?=[_.-]|$)/.exec(path.basename(file))?.[1];
    return release ? [{ file: path.basename(file), release }] : [];
  });
  const other = stated.find(({ release }) => release !== stated[0].release);
  if (other)
    throw new BregmaError(
      'bad-input',
      `${stated[0].file} is of release ${stated[0].release}, ${other.file} of release ${other.release}: ids do not persist between releases.`,
      { next: 'Take all files from one release.' },
    );
  return stated[0]?.release;
}

/** Connectivity and Completeness of the whole-brain model: an edge names its neurons by id and by row of the Completeness file. */
async function readModel(
  { connectivity = '', completeness = '' }: Files,
  reading: Reading,
  kit: FormatKit,
): Promise<void> {
  const { duck } = kit;
  const { columns: listed, decisions } = await loadRows('completeness', completeness, kit);
  reading.decisions[path.basename(completeness)] = decisions;
  await duck.run(
    `CREATE OR REPLACE TABLE listed AS SELECT "${listed[0]}"::VARCHAR AS id, row_number() OVER () - 1 AS position FROM completeness`,
  );
  const { columns } = await loadRows('connectivity', connectivity, kit);
  wantColumns(connectivity, columns, ['Presynaptic_ID', 'Postsynaptic_ID', 'Connectivity', 'Excitatory']);
  if (columns.includes('Presynaptic_Index')) {
    const [{ wrong, rows }] = await duck.rows(
      `SELECT count(*) FILTER (a.position IS DISTINCT FROM c.Presynaptic_Index OR b.position IS DISTINCT FROM c.Postsynaptic_Index)::INTEGER AS wrong, count(*)::INTEGER AS rows
         FROM connectivity c LEFT JOIN listed a ON a.id = c.Presynaptic_ID::VARCHAR LEFT JOIN listed b ON b.id = c.Postsynaptic_ID::VARCHAR`,
    );
    if (Number(wrong) > 0)
      throw new BregmaError(
        'bad-input',
        `${path.basename(connectivity)} and ${path.basename(completeness)} do not belong together: ${wrong} of ${rows} connections have other ids than the rows that they name.`,
        { next: 'Take both files from one release: ids do not persist between releases.' },
      );
  }
  await duck.run(
    `CREATE OR REPLACE TABLE wires AS SELECT Presynaptic_ID::VARCHAR AS pre, Postsynaptic_ID::VARCHAR AS post, Connectivity::DOUBLE AS weight, 'chemical' AS kind FROM connectivity`,
  );
  // The sign is the sender's, from its predicted transmitter: it is kept with the neuron.
  await duck.run(
    `CREATE OR REPLACE TABLE senders AS SELECT Presynaptic_ID::VARCHAR AS id, CASE WHEN min(Excitatory) = max(Excitatory) THEN sign(min(Excitatory))::INTEGER::VARCHAR END AS nt_type, CASE WHEN min(Excitatory) = max(Excitatory) THEN 1 ELSE 0 END AS nt_type_score FROM connectivity GROUP BY 1`,
  );
}

/** connections.csv of Codex lists a pair of neurons once for every neuropil: they are summed. */
async function readCodex(connections: string, reading: Reading, kit: FormatKit): Promise<void> {
  const base = path.basename(connections);
  const names = { pre: 'pre_root_id', post: 'post_root_id', weight: 'syn_count' };
  const { columns, number } = await loadPart('connections', connections, names, reading, kit);
  const [bad] = await kit.duck.rows(
    `SELECT row_number() OVER () AS row, syn_count FROM connections QUALIFY coalesce(NOT isfinite(${number('syn_count')}), true) LIMIT 1`,
  );
  if (bad)
    throw new BregmaError('bad-input', `${base}: row ${bad.row} has the syn_count '${bad.syn_count ?? ''}'.`, {
      next: 'Correct or remove the row.',
    });
  const [{ zeros }] = await kit.duck.rows(
    `SELECT count(*) FILTER (${number('syn_count')} = 0)::INTEGER AS zeros FROM connections`,
  );
  if (Number(zeros) > 0) {
    reading.said.push(`${base}: ${zeros} rows of weight 0 are no connections: they are left out.`);
    await kit.duck.run(`DELETE FROM connections WHERE ${number('syn_count')} = 0`);
  }
  const neuropils = columns.includes('neuropil') ? ', count(DISTINCT neuropil)::INTEGER AS neuropils' : '';
  const others = columns
    .filter((name) => !['pre_root_id', 'post_root_id', 'syn_count', 'kind', 'weight', 'neuropils'].includes(name))
    .map(
      (name) => `, string_agg(DISTINCT ${identifier(name)}, '; ' ORDER BY ${identifier(name)}) AS ${identifier(name)}`,
    );
  await kit.duck.run(
    `CREATE OR REPLACE TABLE wires AS SELECT pre_root_id AS pre, post_root_id AS post, list_sum(list(${number('syn_count')} ORDER BY ${number('syn_count')})) AS weight, 'chemical' AS kind${neuropils}${others.join('')} FROM connections GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const place = columns.includes('neuropil') ? 'pre_root_id, post_root_id, neuropil' : 'pre_root_id, post_root_id';
  const [{ rows, places, pairs }] = await kit.duck.rows(
    `SELECT (SELECT count(*) FROM connections)::INTEGER AS rows, (SELECT count(*) FROM (SELECT DISTINCT ${place} FROM connections))::INTEGER AS places, (SELECT count(*) FROM wires)::INTEGER AS pairs`,
  );
  if (Number(rows) > Number(pairs))
    reading.said.push(`${base}: ${rows} rows are summed to ${pairs} connections, whatever their neuropils.`);
  if (Number(rows) > Number(places))
    reading.said.push(
      `${base}: ${Number(rows) - Number(places)} of its rows repeat a connection in the same neuropil.`,
    );
}

/** Columns of the tables of neurons that have a meaning of their own in `cells`. */
const placed = new Set(['id', 'name', 'cell_type', 'cell_subtype', 'nt_type', 'nt_type_score', 'root_id']);

/** Every other column of the files, as it is; one whose name is taken gets the file's name before its own. */
function otherColumns(known: { part: string; columns: string[] }[]): string[] {
  const taken = new Set(placed);
  return known.flatMap(({ part, columns }) =>
    columns.flatMap((column) => {
      if (column === 'root_id' || (part === 'neurons' && /^nt_type(_score)?$/.test(column))) return [];
      const name = taken.has(column.toLowerCase()) ? `${part}_${column}` : column;
      taken.add(name.toLowerCase());
      return [`nullif(${part}.${identifier(column)}, '') AS ${identifier(name)}`];
    }),
  );
}

/** Makes `cells` from what is there. Returns whether there was more than ids. */
async function describeNeurons(files: Files, fromModel: boolean, reading: Reading, kit: FormatKit): Promise<boolean> {
  const { duck } = kit;
  const known: { part: 'neurons' | 'classification' | 'cell_types'; columns: string[] }[] = [];
  for (const part of ['neurons', 'classification', 'cell_types'] as const) {
    const file = files[part];
    if (!file) continue;
    const { columns } = await loadPart(part, file, { id: 'root_id' }, reading, kit);
    await checkIds(part, 'root_id', path.basename(file), kit);
    known.push({ part, columns });
  }
  const first = fromModel ? 'listed' : '(SELECT root_id AS id, row_number() OVER () AS position FROM neurons)';
  if (fromModel && files.neurons) {
    const unknown = await duck.rows(
      'SELECT l.id FROM listed l LEFT JOIN neurons n ON n.root_id = l.id WHERE n.root_id IS NULL ORDER BY l.position',
    );
    const [first] = unknown;
    if (first) {
      const [{ rows }] = await duck.rows('SELECT count(*)::INTEGER AS rows FROM listed');
      const known = (await duck.rows('SELECT root_id AS id FROM neurons')).map(({ id }) => String(id));
      const [near] = nearest(String(first.id), known, 1);
      throw new BregmaError(
        'bad-input',
        `${unknown.length} of the ${rows} neurons of ${path.basename(files.completeness ?? '')} are not in ${path.basename(files.neurons)}: '${first.id}'${near ? ` (nearest '${near}')` : ''}${unknown.length > 1 ? ', …' : ''}.`,
        {
          next: 'Correct these ids or add the neurons. Where none fits, the files are of two releases: take all from one.',
        },
      );
    }
  }
  const has = (part: string, column: string) =>
    known.some((table) => table.part === part && table.columns.includes(column));
  const firstOf = (...sources: [part: string, column: string][]) => {
    const there = sources.filter(([part, column]) => has(part, column));
    return there.length > 0
      ? `coalesce(${there.map(([part, column]) => `nullif(${part}.${column}, '')`).join(', ')})`
      : 'NULL::VARCHAR';
  };
  const score = has('neurons', 'nt_type_score') ? 'try_cast(neurons.nt_type_score AS DOUBLE)' : '1.0';
  // The model's edge list signs every neuron, also those without a predicted transmitter: then with no confidence.
  const transmitter = has('neurons', 'nt_type')
    ? fromModel
      ? [
          "coalesce(nullif(neurons.nt_type, ''), senders.nt_type) AS nt_type",
          `CASE WHEN nullif(neurons.nt_type, '') IS NULL THEN 0 ELSE ${score} END AS nt_type_score`,
        ]
      : ["nullif(neurons.nt_type, '') AS nt_type", `${score} AS nt_type_score`]
    : fromModel
      ? ['senders.nt_type', 'senders.nt_type_score']
      : [];
  const columns = [
    'l.id',
    'l.id AS name',
    `${firstOf(['classification', 'class'], ['classification', 'super_class'])} AS cell_type`,
    `${firstOf(['cell_types', 'primary_type'], ['classification', 'cell_type'], ['classification', 'hemibrain_type'], ['classification', 'sub_class'])} AS cell_subtype`,
    ...transmitter,
  ];
  columns.push(...otherColumns(known));
  const joins = known.map(({ part }) => `LEFT JOIN ${part} ON ${part}.root_id = l.id`);
  if (fromModel) joins.push('LEFT JOIN senders ON senders.id = l.id');
  await duck.run(
    `CREATE OR REPLACE TABLE cells AS SELECT ${columns.join(', ')} FROM ${first} l ${joins.join(' ')} ORDER BY l.position`,
  );
  return known.some(({ part }) => part === 'neurons');
}

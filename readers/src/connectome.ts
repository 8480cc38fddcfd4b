import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { inSlices } from '@bregma/core/in-slices';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { Duck } from './duck.ts';
import { type Edges, isElectricalSql, withoutZeros } from './gap-junctions.ts';
import { columnOf, tableOf } from './release.ts';

/** Neurons in the order of their table. Lists are of one length; null: the source says nothing. */
export interface Neurons {
  /** Unique. */
  ids: string[];
  /** May repeat; the id where there is no name. */
  names: string[];
  /** Cell type, empty when the source gives none. */
  types: string[];
  /** A finer type, where the source has two levels. */
  subtypes?: string[];
  /** Sign or transmitter, as the source states it. */
  stated: (string | null)[];
  /** A transmitter that was predicted, and the confidence of the prediction, 0 to 1. */
  predicted?: { transmitters: (string | null)[]; confidence: Float32Array };
}

/** The wiring of a release: neurons, and edges as its table lists them (see `gap-junctions.ts` for those listed from one side). */
export interface Wiring {
  neurons: Neurons;
  edges: Edges;
  /** Kinds of connections that the release has, sorted; `chemical` where none is stated. */
  kinds: string[];
  /** Unit of the weights as the data set gives it. */
  weightUnit?: string;
}

/** How the wiring of a release is read, followed and cancelled. */
export interface WiringOptions {
  objects: ObjectStore;
  signal: AbortSignal;
  /** Only edges of this kind; default all. */
  kind?: string;
  /** done of total: rows of the table of edges. */
  onProgress?(done: number, total: number): void;
}

const form = 'A connectome has neurons(id) and edges(pre, post, weight).';

/**
 * Reads the wiring of a release that has the tables `neurons(id, name?, cell_type?, cell_subtype?, sign?, transmitter?, nt_type?, nt_type_score?)`
 * and `edges(pre, post, weight, kind?, sign?, sign_known?, value_kind?)`: ids as text, straight into columns. Throws `bad-input` or `corrupt`, naming the neuron or
 * the edge. A kind that the release lacks selects no edge.
 */
export async function readWiring(release: DatasetRelease, options: WiringOptions): Promise<Wiring> {
  const { objects, signal, kind, onProgress = () => {} } = options;
  wantTables(release);
  const duck = await Duck.open({ objects, signal });
  try {
    for (const name of ['neurons', 'edges']) await duck.view(name, release);
    const reference = datasetRef(release);
    const neurons = await readNeurons(duck, reference);
    const kinds = await readKinds(duck);
    await choose(duck, kind);
    const edges = await readEdges(duck, onProgress);
    const wrong = await inSlices(firstWrong(edges), signal);
    if (wrong >= 0) throw await complaint(wrong, edges, duck, neurons.ids, reference);
    return {
      neurons,
      edges: withoutZeros(edges),
      kinds,
      weightUnit: columnOf(tableOf(release, 'edges'), 'weight')?.unit,
    };
  } finally {
    duck.close();
  }
}

function wantTables(release: DatasetRelease): void {
  const wanted = { neurons: ['id'], edges: ['pre', 'post', 'weight'] };
  for (const [name, columns] of Object.entries(wanted)) {
    const table = release.tables.find((candidate) => candidate.name === name);
    const missing = columns.filter((column) => !table || !columnOf(table, column));
    if (missing.length === 0) continue;
    throw new BregmaError(
      'bad-input',
      table
        ? `The table of ${name} of ${datasetRef(release)} has no column ${missing.join(', ')}.`
        : `${datasetRef(release)} has no table '${name}': a connectome has neurons(id) and edges(pre, post, weight).`,
      { next: `${form} Call describe_data to see its parts; find_data with query "connectome" lists others.` },
    );
  }
}

async function readNeurons(duck: Duck, reference: string): Promise<Neurons> {
  const columns = new Set((await duck.columns('neurons')).map(({ name }) => name));
  const text = (name: string) => (columns.has(name) ? `"${name}"::VARCHAR` : 'NULL::VARCHAR');
  const [ids, names, types, subtypes]: string[][] = [[], [], [], []];
  const [stated, transmitters]: (string | null)[][] = [[], []];
  const confidence: number[] = [];
  const wanted = [
    'name',
    'cell_type',
    columns.has('sign') ? 'sign' : 'transmitter',
    'nt_type',
    'nt_type_score',
    'cell_subtype',
  ];
  const chunks = duck.chunks(
    `SELECT id::VARCHAR, ${wanted.map(text).join(', ')} FROM neurons ORDER BY file_row_number`,
  );
  for await (const [id, name, type, sign, transmitter, score, subtype] of chunks) {
    for (let i = 0; i < id.length; i++) {
      ids.push(String(id[i]));
      names.push(name[i] || String(id[i]));
      types.push(type[i] ?? '');
      subtypes.push(subtype[i] ?? '');
      stated.push(sign[i]);
      transmitters.push(transmitter[i]);
      confidence.push(Number(score[i] ?? 0));
    }
  }
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined)
    throw new BregmaError('corrupt', `The table of neurons of ${reference} lists neuron '${twice}' twice.`);
  return {
    ids,
    names,
    types,
    subtypes: columns.has('cell_subtype') ? subtypes : undefined,
    stated,
    predicted: columns.has('nt_type') ? { transmitters, confidence: Float32Array.from(confidence) } : undefined,
  };
}

/** Makes `kinds` of the edges known: where none is stated, a connection is chemical. */
async function readKinds(duck: Duck): Promise<string[]> {
  const hasKinds = (await duck.columns('edges')).some(({ name }) => name === 'kind');
  if (!hasKinds) return ['chemical'];
  const rows = await duck.rows(`SELECT DISTINCT coalesce(kind, 'chemical') AS kind FROM edges ORDER BY 1`);
  return rows.map(({ kind }) => String(kind));
}

/** Makes the view `chosen`: edges, all or of one kind, with the column `row` from 0. */
async function choose(duck: Duck, kind: string | undefined): Promise<void> {
  const hasKinds = (await duck.columns('edges')).some(({ name }) => name === 'kind');
  const of = hasKinds ? "coalesce(kind, 'chemical')" : "'chemical'";
  await duck.run(
    kind === undefined
      ? 'CREATE VIEW chosen AS SELECT *, file_row_number AS row FROM edges'
      : `CREATE VIEW chosen AS SELECT *, row_number() OVER () - 1 AS row FROM edges WHERE ${of} = '${kind.replaceAll("'", "''")}'`,
  );
}

async function readEdges(duck: Duck, onProgress: (done: number, total: number) => void): Promise<Edges> {
  const columns = new Set((await duck.columns('chosen')).map(({ name }) => name));
  const [{ count }] = await duck.rows('SELECT count(*)::INTEGER AS count FROM chosen');
  const rows = Number(count);
  const [pre, post, weight] = [new Int32Array(rows), new Int32Array(rows), new Float64Array(rows)];
  const electrical = new Int8Array(rows);
  const edgeSigns = columns.has('sign') ? new Int8Array(rows) : undefined;
  const unsureSigns = edgeSigns && columns.has('sign_known') ? new Int8Array(rows) : undefined;
  const imputed = columns.has('value_kind') ? new Int8Array(rows) : undefined;
  const hasElectrical = columns.has('kind') && (await anyElectrical(duck));
  await duck.run('CREATE TABLE places AS SELECT id::VARCHAR AS id, file_row_number::INTEGER AS place FROM neurons');
  const more = [
    ...(hasElectrical ? [{ sql: `${isElectricalSql('kind')}::TINYINT`, to: electrical }] : []),
    ...(edgeSigns ? [{ sql: 'coalesce(sign, 0)::TINYINT', to: edgeSigns }] : []),
    ...(unsureSigns ? [{ sql: '(NOT coalesce(sign_known::BOOLEAN, false))::TINYINT', to: unsureSigns }] : []),
    ...(imputed ? [{ sql: "coalesce(value_kind::VARCHAR = 'imputed', false)::TINYINT", to: imputed }] : []),
  ];
  const wanted = [
    'e.row::INTEGER',
    'coalesce(a.place, -1)',
    'coalesce(b.place, -1)',
    "coalesce(weight::DOUBLE, 'NaN'::DOUBLE)",
  ];
  await duck.fill(
    `SELECT ${[...wanted, ...more.map(({ sql }) => sql)].join(', ')}
       FROM chosen e LEFT JOIN places a ON a.id = e.pre::VARCHAR LEFT JOIN places b ON b.id = e.post::VARCHAR`,
    [pre, post, weight, ...more.map(({ to }) => to)],
    (done) => onProgress(done, rows),
  );
  const marks = (found?: Int8Array) => found && new Uint8Array(found.buffer);
  return {
    ...{ pre, post, weight, edgeSigns },
    electrical: new Uint8Array(electrical.buffer),
    unsureSigns: marks(unsureSigns),
    imputed: marks(imputed),
  };
}

async function anyElectrical(duck: Duck): Promise<boolean> {
  const [{ any }] = await duck.rows(
    `SELECT coalesce(bool_or(${isElectricalSql('kind')}), false) AS any FROM (SELECT DISTINCT kind FROM chosen)`,
  );
  return any === true;
}

/** The first edge that leads from or to nobody, or whose weight is no finite number; -1 when there is none. */
function* firstWrong({ pre, post, weight }: Edges): Generator<number, number> {
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / pre.length;
    if (!(pre[edge] >= 0 && post[edge] >= 0 && Number.isFinite(weight[edge]))) return edge;
  }
  return -1;
}

async function complaint(
  edge: number,
  { pre, post, weight }: Edges,
  duck: Duck,
  ids: string[],
  reference: string,
): Promise<BregmaError> {
  if (pre[edge] >= 0 && post[edge] >= 0)
    return new BregmaError(
      'corrupt',
      `${reference}: edge ${edge + 1}, ${ids[pre[edge]]} → ${ids[post[edge]]}, has the weight ${weight[edge]}; weights are finite numbers.`,
      { next: 'Correct the table and add it again.' },
    );
  const [row] = await duck.rows(
    `SELECT pre::VARCHAR AS pre, post::VARCHAR AS post FROM chosen WHERE row = ${edge} LIMIT 1`,
  );
  return new BregmaError(
    'corrupt',
    `${reference}: edge ${edge + 1} names neuron '${String(pre[edge] < 0 ? row.pre : row.post)}', which its table of neurons lacks.`,
    { next: 'Both tables must be of one release: ids do not persist between releases.' },
  );
}

import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import type { Connectome } from './domain/connectome.ts';
import { signOfTransmitter } from './domain/transmitter.ts';
import { DuckColumns } from './duck-columns.ts';
import { inSlices } from '@bregma/core/in-slices';

export interface ConnectomeData {
  release: DatasetRelease;
  reference: string;
  connectome: Connectome;
  /** Unit of the weights as the data set gives it. */
  weightUnit: string;
  /** sha256 of the tables neurons and edges. */
  tables: { neurons: string; edges: string };
}

export interface LoadOptions {
  signal?: AbortSignal;
  /** done of total: rows of the table of edges. */
  onProgress?(done: number, total: number): void;
}

/** The connectome that was opened last is kept for the next call for so long, ms. */
const keptMs = 60_000;
let kept: { key: string; data: ConnectomeData; timer: NodeJS.Timeout } | undefined;

/**
 * Opens the wiring of a release that has the tables `neurons(id, name?, cell_type?, cell_subtype?, sign?, transmitter?, nt_type?, nt_type_score?)`
 * and `edges(pre, post, weight, kind?, sign?)`. What is returned is shared: nobody changes it. Throws `bad-input` or `corrupt`,
 * naming the neuron or the edge.
 */
export async function loadConnectome(
  reference: string,
  workspace: Workspace,
  { signal = new AbortController().signal, onProgress = () => {} }: LoadOptions = {},
): Promise<ConnectomeData> {
  const release = findDataset(workspace.ledger, reference);
  const digest = (name: string) => release.tables.find((table) => table.name === name)?.object ?? '';
  const tables = { neurons: digest('neurons'), edges: digest('edges') };
  const key = `${workspace.folder} ${datasetRef(release)} ${tables.neurons} ${tables.edges}`;
  if (kept?.key !== key) {
    const data = await read(release, tables, workspace, signal, onProgress);
    forget();
    kept = { key, data, timer: setTimeout(forget, keptMs).unref() };
  }
  kept.timer.refresh();
  return kept.data;
}

function forget(): void {
  clearTimeout(kept?.timer);
  kept = undefined;
}

async function read(
  release: DatasetRelease,
  tables: ConnectomeData['tables'],
  workspace: Workspace,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<ConnectomeData> {
  const source = await DuckColumns.open(signal);
  try {
    for (const name of ['neurons', 'edges']) await source.view(name, release, workspace.objects);
    const neurons = await readNeurons(source, datasetRef(release));
    const edges = await readEdges(source, neurons.ids, release, signal, onProgress);
    const unit = release.tables
      .find(({ name }) => name === 'edges')
      ?.columns.find(({ name }) => name === 'weight')?.unit;
    return {
      release,
      reference: datasetRef(release),
      connectome: { ...neurons, ...edges },
      weightUnit: unit ?? 'not stated',
      tables,
    };
  } finally {
    source.close();
  }
}

type Neurons = Pick<Connectome, 'neurons' | 'ids' | 'types' | 'subtypes' | 'signs' | 'predicted'>;

async function readNeurons(source: DuckColumns, reference: string): Promise<Neurons> {
  const columns = await source.columns('neurons');
  if (!columns.has('id'))
    throw new BregmaError('bad-input', `The table of neurons of ${reference} has no column id.`, {
      next: 'A connectome has neurons(id) and edges(pre, post, weight).',
    });
  const text = (name: string) => (columns.has(name) ? `"${name}"::VARCHAR` : 'NULL::VARCHAR');
  const stated = columns.has('sign') ? 'sign' : 'transmitter';
  const hasPredicted = columns.has('nt_type');
  const ids: string[] = [];
  const neurons: string[] = [];
  const types: string[] = [];
  const subtypes: string[] | undefined = columns.has('cell_subtype') ? [] : undefined;
  const signs: number[] = [];
  const predicted = { signs: [] as number[], confidence: [] as number[] };
  const chunks = source.chunks(
    `SELECT id::VARCHAR, ${text('name')}, ${text('cell_type')}, ${text(stated)}, ${text('nt_type')}, ${text('nt_type_score')}, ${text('cell_subtype')} FROM neurons ORDER BY file_row_number`,
  );
  for await (const [id, name, type, sign, transmitter, score, subtype] of chunks) {
    for (let i = 0; i < id.length; i++) {
      ids.push(String(id[i]));
      neurons.push(name[i] || String(id[i]));
      types.push(type[i] ?? '');
      subtypes?.push(subtype[i] ?? '');
      signs.push(signOfTransmitter(sign[i]));
      if (!hasPredicted) continue;
      predicted.signs.push(signOfTransmitter(transmitter[i]));
      predicted.confidence.push(Number(score[i] ?? 0));
    }
  }
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined)
    throw new BregmaError('corrupt', `The table of neurons of ${reference} lists neuron '${twice}' twice.`);
  return {
    ids,
    neurons,
    types,
    subtypes,
    signs: Int8Array.from(signs),
    predicted: hasPredicted
      ? { signs: Int8Array.from(predicted.signs), confidence: Float32Array.from(predicted.confidence) }
      : undefined,
  };
}

type Edges = Pick<Connectome, 'pre' | 'post' | 'weight' | 'electrical' | 'edgeSigns'>;

async function readEdges(
  source: DuckColumns,
  ids: string[],
  release: DatasetRelease,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<Edges> {
  const reference = datasetRef(release);
  const columns = await source.columns('edges');
  const missing = ['pre', 'post', 'weight'].filter((name) => !columns.has(name));
  if (missing.length > 0)
    throw new BregmaError('bad-input', `The table of edges of ${reference} has no column ${missing.join(', ')}.`, {
      next: 'A connectome has neurons(id) and edges(pre, post, weight).',
    });
  const [{ count }] = await source.rows('SELECT count(*)::INTEGER AS count FROM edges');
  const rows = Number(count);
  const pre = new Int32Array(rows);
  const post = new Int32Array(rows);
  const weight = new Float64Array(rows);
  const isElectrical = "coalesce(regexp_matches(kind, 'electr|gap', 'i'), false)";
  const [{ any }] = columns.has('kind')
    ? await source.rows(
        `SELECT coalesce(bool_or(${isElectrical}), false) AS any FROM (SELECT DISTINCT kind FROM edges)`,
      )
    : [{ any: false }];
  const electrical = new Int8Array(rows);
  const edgeSigns = columns.has('sign') ? new Int8Array(rows) : undefined;
  await source.run('CREATE TABLE places AS SELECT id::VARCHAR AS id, file_row_number::INTEGER AS place FROM neurons');
  const extra = [...(any ? [`${isElectrical}::TINYINT`] : []), ...(edgeSigns ? ['coalesce(sign, 0)::TINYINT'] : [])];
  await source.fill(
    `SELECT ${['e.file_row_number::INTEGER', 'coalesce(a.place, -1)', 'coalesce(b.place, -1)', "coalesce(weight::DOUBLE, 'NaN'::DOUBLE)", ...extra].join(', ')}
       FROM edges e LEFT JOIN places a ON a.id = e.pre::VARCHAR LEFT JOIN places b ON b.id = e.post::VARCHAR`,
    [pre, post, weight, ...(any ? [electrical] : []), ...(edgeSigns ? [edgeSigns] : [])],
    (done) => onProgress(done, rows),
  );
  const wrong = await inSlices(firstWrong({ pre, post, weight }), signal);
  if (wrong >= 0) await refuseEdge(wrong, { pre, post, weight }, source, ids, reference);
  const flags = new Uint8Array(electrical.buffer);
  return joinHalves({ pre, post, weight, electrical: flags, edgeSigns }, ids.length);
}

type Ends = Pick<Edges, 'pre' | 'post' | 'weight'>;

/** The first edge that leads from or to nobody, or whose weight is no finite number of 0 or more; -1 when there is none. */
function* firstWrong({ pre, post, weight }: Ends): Generator<number, number> {
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / pre.length;
    const known = pre[edge] >= 0 && post[edge] >= 0;
    if (!(known && weight[edge] >= 0 && weight[edge] < Number.POSITIVE_INFINITY)) return edge;
  }
  return -1;
}

async function refuseEdge(
  edge: number,
  { pre, post, weight }: Ends,
  source: DuckColumns,
  ids: string[],
  reference: string,
): Promise<never> {
  if (pre[edge] < 0 || post[edge] < 0) {
    const [row] = await source.rows(
      `SELECT pre::VARCHAR AS pre, post::VARCHAR AS post FROM edges WHERE file_row_number = ${edge}`,
    );
    throw new BregmaError(
      'corrupt',
      `${reference}: edge ${edge + 1} names neuron '${String(pre[edge] < 0 ? row.pre : row.post)}', which its table of neurons lacks.`,
      { next: 'Both tables must be of one release: ids do not persist between releases.' },
    );
  }
  throw new BregmaError(
    'corrupt',
    `${reference}: edge ${edge + 1}, ${ids[pre[edge]]} → ${ids[post[edge]]}, has the weight ${weight[edge]}; weights are numbers of synapses or sizes, 0 or more.`,
    { next: 'Correct the table and add it again. A sign belongs into a column sign.' },
  );
}

/** Sources list a gap junction from both sides or from one: it is kept once, from the side that comes first. */
function joinHalves(edges: Edges, neurons: number): Edges {
  const { pre, post, electrical } = edges;
  if (!electrical.includes(1)) return edges;
  const key = (a: number, b: number) => a * neurons + b;
  const listed = new Set<number>();
  for (let edge = 0; edge < pre.length; edge++) if (electrical[edge]) listed.add(key(pre[edge], post[edge]));
  const isKept = (_: unknown, edge: number) =>
    !electrical[edge] || pre[edge] <= post[edge] || !listed.has(key(post[edge], pre[edge]));
  return {
    pre: pre.filter(isKept),
    post: post.filter(isKept),
    weight: edges.weight.filter(isKept),
    electrical: electrical.filter(isKept),
    edgeSigns: edges.edgeSigns?.filter(isKept),
  };
}

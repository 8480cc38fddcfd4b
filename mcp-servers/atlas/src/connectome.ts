import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { nearest } from '@bregma/core/nearest';
import type { Workspace } from '@bregma/core/workspace';
import { buildGraph, type Graph } from './domain/graph.ts';
import { Duck } from '@bregma/readers/duck';
import { literal, readFileSql } from '@bregma/readers/sql-text';

/** A connectome ready to be walked. */
export interface OpenConnectome {
  ids: string[];
  names: string[];
  /** Cell type, empty when the source gives none. */
  types: string[];
  graph: Graph;
  edges: number;
  kinds: string[];
  unit: string;
}

const opened = new Map<string, Promise<OpenConnectome>>();
/** Graphs that are kept in memory. */
const mostOpened = 4;

/** Opens the neurons and edges of a release, of one kind of edge when given; kept for the next call. */
export function openConnectome(
  release: DatasetRelease,
  kind: string | undefined,
  workspace: Workspace,
): Promise<OpenConnectome> {
  const key = `${datasetRef(release)} ${release.tables.map(({ object }) => object).join()} ${kind ?? ''}`;
  let found = opened.get(key);
  if (!found) {
    found = load(release, kind, workspace);
    found.catch(() => opened.delete(key));
    opened.set(key, found);
    if (opened.size > mostOpened) opened.delete(opened.keys().next().value ?? '');
  }
  return found;
}

async function load(release: DatasetRelease, kind: string | undefined, workspace: Workspace): Promise<OpenConnectome> {
  const duck = await Duck.open(workspace.objects);
  try {
    for (const name of ['neurons', 'edges']) await view(duck, name, release, workspace);
    const neurons = await readNeurons(duck);
    const edges = await readEdges(duck, neurons.ids, release, kind);
    const unit = release.tables
      .find(({ name }) => name === 'edges')
      ?.columns.find(({ name }) => name === 'weight')?.unit;
    return {
      ...neurons,
      graph: buildGraph(neurons.ids.length, edges.pre, edges.post, edges.weight),
      edges: edges.rows,
      kinds: edges.kinds,
      unit: unit ?? 'weight',
    };
  } finally {
    duck.close();
  }
}

async function view(duck: Duck, name: string, release: DatasetRelease, workspace: Workspace): Promise<void> {
  const table = release.tables.find((candidate) => candidate.name === name);
  if (!table) {
    throw new BregmaError('bad-input', `${datasetRef(release)} has no table '${name}': it is no connectome.`, {
      next: 'find_data with query "connectome" lists those that are.',
    });
  }
  const file = await workspace.objects.checkedPath(table.object, new AbortController().signal);
  await duck.run(`CREATE VIEW ${name} AS SELECT * FROM ${readFileSql('parquet', file, 'file_row_number = true')}`);
}

const columnsOf = async (duck: Duck, table: string) =>
  new Set((await duck.rows(`DESCRIBE ${table}`)).map(({ column_name }) => String(column_name)));

async function readNeurons(duck: Duck): Promise<Pick<OpenConnectome, 'ids' | 'names' | 'types'>> {
  const columns = await columnsOf(duck, 'neurons');
  const text = (name: string) => (columns.has(name) ? `${name}::VARCHAR` : 'NULL::VARCHAR');
  const rows = await duck.rows(
    `SELECT id::VARCHAR AS id, ${text('name')} AS name, ${text('cell_type')} AS type FROM neurons ORDER BY file_row_number`,
  );
  const ids = rows.map(({ id }) => String(id));
  return {
    ids,
    names: rows.map(({ name }, i) => String(name ?? ids[i])),
    types: rows.map(({ type }) => String(type ?? '')),
  };
}

async function readEdges(duck: Duck, ids: string[], release: DatasetRelease, kind: string | undefined) {
  const kindOf = (await columnsOf(duck, 'edges')).has('kind') ? "coalesce(kind, 'chemical')" : "'chemical'";
  const kinds = (await duck.rows(`SELECT DISTINCT ${kindOf} AS kind FROM edges ORDER BY 1`)).map((row) =>
    String(row.kind),
  );
  if (kind !== undefined && !kinds.includes(kind))
    throw unknownName(
      `kind of connection in ${datasetRef(release)}`,
      kind,
      nearest(kind, kinds),
      `Kinds: ${kinds.join(', ')}.`,
    );
  await duck.run('CREATE TABLE places AS SELECT id::VARCHAR AS id, file_row_number::INTEGER AS place FROM neurons');
  const place = kind === undefined ? 'file_row_number' : 'row_number() OVER () - 1';
  const chosen = kind === undefined ? '' : `WHERE ${kindOf} = ${literal(kind)}`;
  await duck.run(
    `CREATE VIEW chosen AS SELECT pre::VARCHAR AS pre, post::VARCHAR AS post, weight::DOUBLE AS weight, ${kindOf} AS kind, ${place} AS row FROM edges ${chosen}`,
  );
  const [{ count }] = await duck.rows('SELECT count(*)::INTEGER AS count FROM chosen');
  const rows = Number(count);
  const [pre, post, weight] = [new Int32Array(rows), new Int32Array(rows), new Float64Array(rows)];
  const electrical = new Int8Array(rows);
  await duck.fill(
    `SELECT e.row::INTEGER, coalesce(a.place, -1), coalesce(b.place, -1), coalesce(e.weight, 'NaN'::DOUBLE), regexp_matches(e.kind, 'electr|gap', 'i')::TINYINT
       FROM chosen e LEFT JOIN places a ON a.id = e.pre LEFT JOIN places b ON b.id = e.post`,
    [pre, post, weight, electrical],
  );
  if (pre.includes(-1) || post.includes(-1)) {
    const [lost] = await duck.rows(
      'SELECT pre, post FROM chosen e WHERE pre NOT IN (SELECT id FROM places) OR post NOT IN (SELECT id FROM places) LIMIT 1',
    );
    throw new BregmaError(
      'corrupt',
      `${datasetRef(release)}: an edge names '${lost.pre}' → '${lost.post}', which its table of neurons lacks.`,
    );
  }
  return { kinds, rows, ...withOtherHalves({ pre, post, weight, electrical }, ids.length) };
}

/** A gap junction conducts both ways; sources that list it from one side only get the other here. */
function withOtherHalves(
  { pre, post, weight, electrical }: { pre: Int32Array; post: Int32Array; weight: Float64Array; electrical: Int8Array },
  neurons: number,
) {
  const key = (a: number, b: number) => a * neurons + b;
  const listed = new Set<number>();
  for (let edge = electrical.indexOf(1); edge >= 0; edge = electrical.indexOf(1, edge + 1))
    listed.add(key(pre[edge], post[edge]));
  const half: number[] = [];
  for (let edge = electrical.indexOf(1); edge >= 0; edge = electrical.indexOf(1, edge + 1))
    if (pre[edge] !== post[edge] && !listed.has(key(post[edge], pre[edge]))) half.push(edge);
  if (half.length === 0) return { pre, post, weight };
  const longer = <Numbers extends Int32Array | Float64Array>(values: Numbers, more: ArrayLike<number>): Numbers => {
    const joined = new (values.constructor as { new (length: number): Numbers })(values.length + half.length);
    joined.set(values);
    half.forEach((edge, k) => {
      joined[values.length + k] = more[edge];
    });
    return joined;
  };
  return { pre: longer(pre, post), post: longer(post, pre), weight: longer(weight, weight) };
}

/** Neurons by id, by name, or all of a cell type (`type:KCs`). Throws `unknown-name` with the nearest of each. */
export function findNeurons(connectome: OpenConnectome, reference: string, where: string): number[] {
  const all = connectome.ids.keys();
  if (reference.startsWith('type:')) {
    const type = reference.slice(5);
    const found = [...all].filter((i) => connectome.types[i] === type);
    if (found.length > 0) return found;
    throw unknownName(`cell type in ${where}`, type, nearest(type, new Set(connectome.types.filter(Boolean))));
  }
  const byId = connectome.ids.indexOf(reference);
  if (byId >= 0) return [byId];
  const byName = [...all].filter((i) => connectome.names[i] === reference);
  if (byName.length > 0) return byName;
  const hints = nearest(reference, new Set([...connectome.names, ...connectome.ids]));
  const types = new Set(connectome.types);
  throw unknownName(
    `neuron in ${where}`,
    reference,
    hints,
    types.has(reference)
      ? `'${reference}' is a cell type: write type:${reference}.`
      : 'Neurons are named by id, by name, or all of a type as type:NAME.',
  );
}

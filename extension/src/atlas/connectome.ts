import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { packed } from '@bregma/webviews/kit/pack';
import type { MatrixModel } from '@bregma/webviews/matrix/model';
import { captionFor } from './caption.ts';
import { readColumns } from './columns.ts';

/** Reads an object of the store, checked. */
export type ReadObject = (digest: string) => Uint8Array;

/** The column of cell types, as the atlas server takes it. */
const typeColumn = 'cell_type';

/** Who is connected to whom in a release with `neurons` and `edges`. Weights of several kinds of one pair are summed. */
export async function connectionMatrix(release: DatasetRelease, read: ReadObject): Promise<MatrixModel> {
  const [neurons, edges] = [tableOf(release, 'neurons'), tableOf(release, 'edges')];
  const has = (name: string) => neurons.columns.some((column) => column.name === name);
  const [ids, names, types] = await readColumns(read(neurons.object), [
    'id',
    has('name') ? 'name' : 'id',
    has(typeColumn) ? typeColumn : 'id',
  ]);
  const [pre, post, weight] = await readColumns(read(edges.object), ['pre', 'post', 'weight']);
  const place = new Map(ids.map((id, i) => [String(id), i]));
  const cells = new Map<number, number>();
  for (let i = 0; i < pre.length; i++) {
    const [from, to] = [place.get(String(pre[i])), place.get(String(post[i]))];
    if (from === undefined || to === undefined)
      throw new BregmaError(
        'corrupt',
        `${datasetRef(release)}: an edge names a neuron that its table of neurons lacks.`,
      );
    const at = from * ids.length + to;
    cells.set(at, (cells.get(at) ?? 0) + Number(weight[i]));
  }
  const places = Float64Array.from(cells.keys());
  const side = {
    names: { lines: ids.map((id, i) => line(names[i] ?? id)).join('\n') },
    ids: { lines: ids.map(line).join('\n') },
    ...(has(typeColumn)
      ? { types: { lines: types.map((type) => line(type ?? 'untyped') || 'untyped').join('\n') } }
      : {}),
  };
  const unit = edges.columns.find(({ name }) => name === 'weight')?.unit;
  return {
    ...captionFor(release, 'connections', { count: ids.length, of: 'neurons' }),
    rows: { of: 'presynaptic neuron', ...side },
    columns: { of: 'postsynaptic neuron', ...side },
    value: { label: 'Connection', unit },
    sparse: {
      row: packed(Int32Array.from(places, (at) => Math.floor(at / ids.length))),
      column: packed(Int32Array.from(places, (at) => at % ids.length)),
      values: packed(Float32Array.from(cells.values())),
      absent: 'zero',
    },
    scale: 'log',
  };
}

/** SQL that sums a connectome by cell type, for those that are too large to be read here. */
export function typeMatrixSql(release: DatasetRelease): string {
  const table = (name: string) => `"${datasetRef(release)}".${name}`;
  return `SELECT coalesce(a.${typeColumn}, 'untyped') AS pre_type, coalesce(b.${typeColumn}, 'untyped') AS post_type, sum(e.weight) AS weight FROM ${table('edges')} e JOIN ${table('neurons')} a ON a.id = e.pre JOIN ${table('neurons')} b ON b.id = e.post GROUP BY ALL ORDER BY ALL`;
}

/** The kept result of `typeMatrixSql` as a matrix. */
export async function typeMatrix(release: DatasetRelease, file: Uint8Array, activity: string): Promise<MatrixModel> {
  const [pre, post, weight] = await readColumns(file, ['pre_type', 'post_type', 'weight']);
  const names = [...new Set([...pre, ...post].map(String))].sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const side = { names: { lines: names.map(line).join('\n') } };
  const unit = tableOf(release, 'edges').columns.find(({ name }) => name === 'weight')?.unit;
  return {
    ...captionFor(release, 'connections between cell types', {
      count: tableOf(release, 'neurons').rows,
      of: 'neurons',
    }),
    kind: 'derived',
    activity,
    rows: { of: 'presynaptic type', ...side },
    columns: { of: 'postsynaptic type', ...side },
    value: { label: 'Sum of connections', unit },
    sparse: {
      row: packed(Int32Array.from(pre, (name) => place.get(String(name))!)),
      column: packed(Int32Array.from(post, (name) => place.get(String(name))!)),
      values: packed(Float64Array.from(weight, Number)),
      absent: 'zero',
    },
    scale: 'log',
  };
}

function tableOf(release: DatasetRelease, name: string) {
  const table = release.tables.find((candidate) => candidate.name === name);
  if (table) return table;
  throw new BregmaError('missing', `${datasetRef(release)} has no table '${name}'.`);
}

/** One line of a list of words. */
const line = (value: unknown) => String(value ?? '').replace(/[\r\n]+/g, ' ');

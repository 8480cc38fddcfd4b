import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { readWiringWithoutDuck } from '@bregma/readers/connectome-parquet';
import { type Edges, gapJunctionsBothWays } from '@bregma/readers/gap-junctions';
import { readColumns } from '@bregma/readers/parquet';
import { columnOf, type ReadObject, tableOf } from '@bregma/readers/release';
import { packed } from '@bregma/webviews/kit/pack';
import type { MatrixModel } from '@bregma/webviews/matrix/model';
import { captionFor } from './caption.ts';

/** Who is connected to whom in a release with `neurons` and `edges`. Weights of several kinds of one pair are summed. */
export async function connectionMatrix(release: DatasetRelease, read: ReadObject): Promise<MatrixModel> {
  const { neurons, edges, weightUnit } = await readWiringWithoutDuck(release, read);
  const { ids, names, types } = neurons;
  const cells = summed(gapJunctionsBothWays(edges, ids.length), ids.length);
  const places = Float64Array.from(cells.keys());
  const side = {
    names: { lines: names.map(line).join('\n') },
    ids: { lines: ids.map(line).join('\n') },
    ...(types ? { types: { lines: types.map((type) => line(type) || 'untyped').join('\n') } } : {}),
  };
  return {
    ...captionFor(release, 'connections', { count: ids.length, of: 'neurons' }),
    rows: { of: 'presynaptic neuron', ...side },
    columns: { of: 'postsynaptic neuron', ...side },
    value: { label: 'Connection', unit: weightUnit },
    sparse: {
      row: packed(Int32Array.from(places, (at) => Math.floor(at / ids.length))),
      column: packed(Int32Array.from(places, (at) => at % ids.length)),
      values: packed(Float32Array.from(cells.values())),
      absent: 'zero',
    },
    scale: [...cells.values()].some((weight) => weight < 0) ? 'diverging' : 'log',
  };
}

/** Weights by pair, pre × n + post. */
function summed({ pre, post, weight }: Edges, n: number): Map<number, number> {
  const cells = new Map<number, number>();
  for (let edge = 0; edge < pre.length; edge++) {
    const at = pre[edge] * n + post[edge];
    cells.set(at, (cells.get(at) ?? 0) + weight[edge]);
  }
  return cells;
}

/** SQL that sums a connectome by cell type, for those that are too large to be read here. */
export function typeMatrixSql(release: DatasetRelease): string {
  const table = (name: string) => `"${datasetRef(release)}".${name}`;
  return `SELECT coalesce(a.cell_type, 'untyped') AS pre_type, coalesce(b.cell_type, 'untyped') AS post_type, sum(e.weight) AS weight FROM ${table('edges')} e JOIN ${table('neurons')} a ON a.id = e.pre JOIN ${table('neurons')} b ON b.id = e.post GROUP BY ALL ORDER BY ALL`;
}

/** The kept result of `typeMatrixSql` as a matrix. */
export async function typeMatrix(release: DatasetRelease, file: Uint8Array, activity: string): Promise<MatrixModel> {
  const [pre, post, weight] = await readColumns(file, ['pre_type', 'post_type', 'weight']);
  const names = [...new Set([...pre, ...post].map(String))].sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const side = { names: { lines: names.map(line).join('\n') } };
  const unit = columnOf(tableOf(release, 'edges'), 'weight')?.unit;
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

/** One line of a list of words. */
const line = (value: unknown) => String(value ?? '').replace(/[\r\n]+/g, ' ');

import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import type { Neurons } from './connectome.ts';
import { type Edges, isElectrical, withoutZeros } from './gap-junctions.ts';
import { readColumns } from './parquet.ts';
import { columnOf, type ReadObject, tableOf } from './release.ts';

/** What pictures of a wiring need. */
export interface DrawnWiring {
  neurons: Pick<Neurons, 'ids' | 'names'> & { types?: string[] };
  edges: Edges;
  weightUnit?: string;
}

/** As `readWiring`, for a process that loads no DuckDB: up to some million edges. Throws `unknown-name` or `corrupt`. */
export async function readWiringWithoutDuck(release: DatasetRelease, read: ReadObject): Promise<DrawnWiring> {
  const tables = { neurons: tableOf(release, 'neurons'), edges: tableOf(release, 'edges') };
  const orElse = (table: keyof typeof tables, name: string, other: string) =>
    columnOf(tables[table], name) ? name : other;
  const [ids, names, types] = await readColumns(read(tables.neurons.object), [
    'id',
    orElse('neurons', 'name', 'id'),
    orElse('neurons', 'cell_type', 'id'),
  ]);
  const [pre, post, weight, kind] = await readColumns(read(tables.edges.object), [
    'pre',
    'post',
    'weight',
    orElse('edges', 'kind', 'weight'),
  ]);
  const places = new Map(ids.map((id, i) => [String(id), i]));
  const placeOf = (id: unknown) => {
    const place = places.get(String(id));
    if (place !== undefined) return place;
    throw new BregmaError(
      'corrupt',
      `${datasetRef(release)}: an edge names neuron '${String(id)}', which its table of neurons lacks.`,
    );
  };
  return {
    neurons: {
      ids: ids.map(String),
      names: names.map((name, i) => String(name || ids[i])),
      types: columnOf(tables.neurons, 'cell_type') && types.map((type) => String(type ?? '')),
    },
    edges: withoutZeros({
      pre: Int32Array.from(pre, placeOf),
      post: Int32Array.from(post, placeOf),
      weight: Float64Array.from(weight, Number),
      electrical: Uint8Array.from(kind, (of) => Number(typeof of === 'string' && isElectrical(of))),
    }),
    weightUnit: columnOf(tables.edges, 'weight')?.unit,
  };
}

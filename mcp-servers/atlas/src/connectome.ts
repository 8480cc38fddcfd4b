import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { nearest } from '@bregma/core/nearest';
import type { Workspace } from '@bregma/core/workspace';
import { readWiring } from '@bregma/readers/connectome';
import { Duck } from '@bregma/readers/duck';
import { gapJunctionsBothWays } from '@bregma/readers/gap-junctions';
import { tableOf } from '@bregma/readers/release';
import { identifier } from '@bregma/readers/sql-text';
import { buildGraph, type Graph } from './domain/graph.ts';
import { keepOpened } from './keep-opened.ts';

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

/** Columns of neurons that are kept in memory: 8. */
const keptColumns = keepOpened<string[]>(8);

/**
 * What each neuron is by a column of the table of neurons: `type` is the cell type, whatever the source calls it; empty where it says
 * nothing. Throws `unknown-name` with the nearest columns.
 */
export async function groupsOf(
  connectome: OpenConnectome,
  release: DatasetRelease,
  column: string,
  workspace: Workspace,
): Promise<string[]> {
  if (column === 'neuron') return connectome.names;
  const columns = tableOf(release, 'neurons').columns.map(({ name }) => name);
  if (column === 'type' && connectome.types.some((type) => type !== '')) return connectome.types;
  if (!columns.includes(column))
    throw column === 'type'
      ? new BregmaError('bad-input', `${datasetRef(release)} has no cell types.`, {
          next: `Group by neuron, or by one of ${columns.join(', ')}.`,
        })
      : unknownName(
          `column of neurons in ${datasetRef(release)}`,
          column,
          nearest(column, columns),
          `Columns: neuron, type, ${columns.join(', ')}.`,
        );
  return keptColumns(`${datasetRef(release)} ${tableOf(release, 'neurons').object} ${column}`, () =>
    readColumn(release, column, workspace),
  );
}

async function readColumn(release: DatasetRelease, column: string, workspace: Workspace): Promise<string[]> {
  const duck = await Duck.open({ objects: workspace.objects, signal: new AbortController().signal });
  try {
    await duck.view('neurons', release);
    const values: string[] = [];
    const sql = `SELECT ${identifier(column)}::VARCHAR FROM neurons ORDER BY file_row_number`;
    for await (const [chunk] of duck.chunks(sql)) for (const value of chunk) values.push(value ?? '');
    return values;
  } finally {
    duck.close();
  }
}

/** Graphs that are kept in memory: 4. */
const kept = keepOpened<OpenConnectome>(4);

/** Opens the neurons and edges of a release, of one kind of edge when given; kept for the next call. */
export function openConnectome(
  release: DatasetRelease,
  kind: string | undefined,
  workspace: Workspace,
): Promise<OpenConnectome> {
  const key = `${datasetRef(release)} ${release.tables.map(({ object }) => object).join()} ${kind ?? ''}`;
  return kept(key, () => load(release, kind, workspace));
}

async function load(release: DatasetRelease, kind: string | undefined, workspace: Workspace): Promise<OpenConnectome> {
  const { neurons, edges, kinds, weightUnit } = await readWiring(release, {
    objects: workspace.objects,
    signal: new AbortController().signal,
    kind,
  });
  if (kind !== undefined && !kinds.includes(kind))
    throw unknownName(
      `kind of connection in ${datasetRef(release)}`,
      kind,
      nearest(kind, kinds),
      `Kinds: ${kinds.join(', ')}.`,
    );
  const { pre, post, weight } = gapJunctionsBothWays(edges, neurons.ids.length);
  return {
    ids: neurons.ids,
    names: neurons.names,
    types: neurons.types,
    graph: buildGraph(neurons.ids.length, pre, post, weight),
    edges: edges.pre.length,
    kinds,
    unit: weightUnit ?? 'weight',
  };
}

/** Neurons by id, by name, or all of a group: `type:KCs`, `COLUMN:VALUE`. Throws `unknown-name` with the nearest of each. */
export async function findNeurons(
  connectome: OpenConnectome,
  reference: string,
  release: DatasetRelease,
  workspace: Workspace,
): Promise<number[]> {
  const where = datasetRef(release);
  const named = namedNeurons(connectome, reference);
  if (named.length > 0) return named;
  const [, column, value] = /^(\w+):(.*)$/s.exec(reference) ?? [];
  const isColumn = tableOf(release, 'neurons').columns.some(({ name }) => name === column);
  if (column !== undefined && column !== 'neuron' && (column === 'type' || isColumn)) {
    const groups = await groupsOf(connectome, release, column, workspace);
    const found = [...groups.keys()].filter((i) => groups[i] === value);
    if (found.length > 0) return found;
    const what = column === 'type' ? 'cell type' : column;
    throw unknownName(`${what} in ${where}`, value, nearest(value, new Set(groups.filter(Boolean))));
  }
  const hints = nearest(reference, new Set([...connectome.names, ...connectome.ids]));
  throw unknownName(
    `neuron in ${where}`,
    reference,
    hints,
    connectome.types.includes(reference)
      ? `'${reference}' is a cell type: write type:${reference}.`
      : 'Neurons are named by id, by name, or all of a type as type:NAME, of a column as COLUMN:VALUE.',
  );
}

/** Neurons of an id, else of a name; none where there is no such one. */
function namedNeurons({ ids, names }: OpenConnectome, reference: string): number[] {
  const byId = ids.indexOf(reference);
  return byId >= 0 ? [byId] : [...names.keys()].filter((i) => names[i] === reference);
}

import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { unknownName } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { nearest } from '@bregma/core/nearest';
import type { Workspace } from '@bregma/core/workspace';
import { readWiring } from '@bregma/readers/connectome';
import { gapJunctionsBothWays } from '@bregma/readers/gap-junctions';
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

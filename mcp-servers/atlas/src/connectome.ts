import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { datasetRef } from '@bregma/core/store/catalogue';
import type { Workspace } from '@bregma/core/store/workspace';
import { buildGraph, type Graph } from './domain/graph.ts';

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

type Row = Record<string, unknown>;

async function load(release: DatasetRelease, kind: string | undefined, workspace: Workspace): Promise<OpenConnectome> {
  const [neurons, all] = await Promise.all([
    rowsOf(release, 'neurons', workspace),
    rowsOf(release, 'edges', workspace),
  ]);
  const kinds = [...new Set(all.map((row) => String(row.kind ?? 'chemical')))].sort();
  if (kind !== undefined && !kinds.includes(kind))
    throw unknownName(
      `kind of connection in ${datasetRef(release)}`,
      kind,
      nearest(kind, kinds),
      `Kinds: ${kinds.join(', ')}.`,
    );
  const edges = kind === undefined ? all : all.filter((row) => String(row.kind ?? 'chemical') === kind);
  const ids = neurons.map((row) => String(row.id));
  const index = new Map(ids.map((id, i) => [id, i]));
  const listed = new Set(edges.filter(isElectrical).map((row) => `${row.pre}\0${row.post}`));
  const pre: number[] = [];
  const post: number[] = [];
  const weight: number[] = [];
  for (const row of edges) {
    const [from, to] = [index.get(String(row.pre)), index.get(String(row.post))];
    if (from === undefined || to === undefined)
      throw new BregmaError(
        'corrupt',
        `${datasetRef(release)}: an edge names '${String(row.pre)}' → '${String(row.post)}', which its table of neurons lacks.`,
      );
    pre.push(from);
    post.push(to);
    weight.push(Number(row.weight));
    // A gap junction conducts both ways; sources that list it from one side only get the other here.
    if (!isElectrical(row) || from === to || listed.has(`${row.post}\0${row.pre}`)) continue;
    pre.push(to);
    post.push(from);
    weight.push(Number(row.weight));
  }
  const unit = release.tables.find(({ name }) => name === 'edges')?.columns.find(({ name }) => name === 'weight')?.unit;
  return {
    ids,
    names: neurons.map((row, i) => String(row.name ?? ids[i])),
    types: neurons.map((row) => String(row.cell_type ?? '')),
    graph: buildGraph(ids.length, pre, post, weight),
    edges: edges.length,
    kinds,
    unit: unit ?? 'weight',
  };
}

const isElectrical = (row: Row) => /electr|gap/i.test(String(row.kind));

async function rowsOf(release: DatasetRelease, name: string, workspace: Workspace): Promise<Row[]> {
  const table = release.tables.find((candidate) => candidate.name === name);
  if (!table) {
    throw new BregmaError('bad-input', `${datasetRef(release)} has no table '${name}': it is no connectome.`, {
      next: 'find_data with query "connectome" lists those that are.',
    });
  }
  const { parquetReadObjects } = await import('hyparquet');
  const bytes = workspace.objects.get(table.object);
  return parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  });
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

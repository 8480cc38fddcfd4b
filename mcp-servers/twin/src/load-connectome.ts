import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import { type Neurons, readWiring, type WiringOptions } from '@bregma/readers/connectome';
import { gapJunctionsOnce, withSignsApart } from '@bregma/readers/gap-junctions';
import type { Connectome } from './domain/connectome.ts';
import { signOfTransmitter } from './domain/transmitter.ts';

/** A connectome with the release that it came from. */
export interface ConnectomeData {
  release: DatasetRelease;
  reference: string;
  connectome: Connectome;
  /** Unit of the weights as the data set gives it. */
  weightUnit: string;
  /** sha256 of the tables neurons and edges. */
  tables: { neurons: string; edges: string };
}

/** How loading is followed and cancelled. */
export interface LoadOptions {
  signal?: AbortSignal;
  /** done of total: rows of the table of edges. */
  onProgress?(done: number, total: number): void;
}

/** The connectome that was opened last is kept for the next call for so long, ms. */
const keptMs = 60_000;
let kept: { key: string; data: ConnectomeData; timer: NodeJS.Timeout } | undefined;

/**
 * Opens the wiring of a release (see `readWiring` for its tables). What is returned is shared: nobody changes it. Throws `bad-input`
 * or `corrupt`, naming the neuron or the edge.
 */
export async function loadConnectome(
  reference: string,
  workspace: Workspace,
  { signal = new AbortController().signal, onProgress }: LoadOptions = {},
): Promise<ConnectomeData> {
  const release = findDataset(workspace.ledger, reference);
  const digest = (name: string) => release.tables.find((table) => table.name === name)?.object ?? '';
  const tables = { neurons: digest('neurons'), edges: digest('edges') };
  const key = `${workspace.folder} ${datasetRef(release)} ${tables.neurons} ${tables.edges}`;
  if (kept?.key !== key) {
    const found = await read(release, { objects: workspace.objects, signal, onProgress });
    forget();
    const data = { release, reference: datasetRef(release), ...found, tables };
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
  options: WiringOptions,
): Promise<Pick<ConnectomeData, 'connectome' | 'weightUnit'>> {
  const { neurons, edges, weightUnit } = await readWiring(release, options);
  return {
    connectome: { ...withSigns(neurons), ...gapJunctionsOnce(withSignsApart(edges), neurons.ids.length) },
    weightUnit: weightUnit ?? 'not stated',
  };
}

function withSigns({ ids, names, types, subtypes, stated, predicted }: Neurons) {
  return {
    ids,
    neurons: names,
    types,
    subtypes,
    signs: Int8Array.from(stated, signOfTransmitter),
    predicted: predicted && {
      signs: Int8Array.from(predicted.transmitters, signOfTransmitter),
      confidence: predicted.confidence,
    },
  };
}

import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import { readRows } from '@bregma/readers/parquet';
import { tableOf } from '@bregma/readers/release';
import { type Anatomy, type LayerName, restrict } from './causal/anatomy.ts';
import type { CausalSettings } from './causal/model.ts';
import { type CausalData, loadCausal } from './data.ts';
import type { Connectome } from './domain/connectome.ts';
import { loadConnectome } from './load-connectome.ts';

/** Measured responses and the anatomy of the same neurons. */
export interface CausalProblem {
  recording: CausalData;
  anatomy: Anatomy;
  connectome: Connectome;
  /** Recorded neurons that the connectome lacks. */
  unmatched: string[];
  /** Data sets that the anatomy was read from, and their terms. */
  sources: { references: string[]; licences: string[]; cite: string[] };
}

/** Fewest neurons that recording and connectome must share. */
const fewestShared = 3;

/** Opens what a causal twin is made from. Throws `bad-input` when the names of recording and connectome do not fit. */
export async function loadProblem(
  data: string,
  settings: CausalSettings,
  workspace: Workspace,
): Promise<CausalProblem> {
  const recording = await loadCausal(data, workspace);
  const { connectome, reference, release } = await loadConnectome(settings.connectome, workspace);
  const known = new Set(connectome.neurons);
  const unmatched = recording.names.filter((name) => !known.has(name));
  if (recording.names.length - unmatched.length < fewestShared)
    throw new BregmaError(
      'bad-input',
      `${reference} and ${recording.reference} share ${recording.names.length - unmatched.length} neurons by name.`,
      { next: 'Pass options: {connectome} with the wiring of the animal that was recorded.' },
    );
  const anatomy = restrict(connectome, recording.names);
  const cards = [release.card];
  const references = [reference];
  if (settings.neuropeptide || settings.monoamine) {
    const signals = findDataset(workspace.ledger, settings.extrasynaptic);
    const rows = await readRows(workspace.objects.get(tableOf(signals, 'signals').object));
    if (settings.neuropeptide) anatomy.push(layerOf('neuropeptide', rows, recording.names));
    if (settings.monoamine) anatomy.push(layerOf('monoamine', rows, recording.names));
    const empty = anatomy.find(
      ({ name, pre }) => (name === 'neuropeptide' || name === 'monoamine') && pre.length === 0,
    );
    if (empty)
      throw new BregmaError(
        'bad-input',
        `${datasetRef(signals)} has no ${empty.name} pair among the recorded neurons.`,
        { next: 'Check its table signals(pre, post, kind), or leave the option out.' },
      );
    cards.push(signals.card);
    references.push(datasetRef(signals));
  }
  return {
    recording,
    anatomy,
    connectome,
    unmatched,
    sources: { references, licences: cards.map(({ licence }) => licence), cite: cards.flatMap(({ cite }) => cite) },
  };
}

/** Of the models of how far neuropeptides reach, the middle one. */
const range = 'mid-range';

function layerOf(name: LayerName, rows: Record<string, unknown>[], names: string[]): Anatomy[number] {
  const index = new Map(names.map((neuron, i) => [neuron, i]));
  const edges = rows
    .filter(({ kind, range: reach }) => kind === name && (reach === undefined || reach === null || reach === range))
    .map(({ pre, post }) => ({ pre: index.get(String(pre)), post: index.get(String(post)) }))
    .filter((edge): edge is { pre: number; post: number } => edge.pre !== undefined && edge.post !== undefined);
  return {
    name,
    pre: Int32Array.from(edges, ({ pre }) => pre),
    post: Int32Array.from(edges, ({ post }) => post),
  };
}

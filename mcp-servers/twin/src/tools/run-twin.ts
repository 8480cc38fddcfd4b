import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { datasetRef, findDataset, findTwin } from '@bregma/core/ledger/catalogue';
import { defineTool, type ToolContext } from '@bregma/core/mcp/tool';
import { nearest } from '@bregma/core/nearest';
import { writeNpy } from '@bregma/core/npy';
import { median, quantile } from '@bregma/core/statistics/correlation';
import * as z from 'zod';
import { runCausal, silencedByName } from '../causal/run.ts';
import { loadEncoding } from '../data.ts';
import { pickImages } from '../encoding/features.ts';
import { predictAll } from '../encoding/predict.ts';
import { findKind } from '../find-kind.ts';
import type { PropagationKind } from '../kinds/kind.ts';
import { loadConnectome } from '../load-connectome.ts';
import { backends } from '../spiking/engines/simulate-trials.ts';
import { parsePerturb, perturbForm, readoutOf } from '../spiking/perturb-option.ts';
import { runSpiking } from '../spiking/run.ts';

export const runTwin = defineTool({
  name: 'run_twin',
  question: 'What does a twin predict for these stimuli, or for stimulating these neurons?',
  input: z.object({
    twin: z.string(),
    data: z.string().optional().describe('Images to show; default: those of its own data'),
    stimuli: z.array(z.number().int().min(0)).max(5000).optional().describe('Indices; default: all'),
    stimulate: z.array(z.string()).max(300).optional().describe('Neurons of a connectome twin'),
    perturb: z.looseObject({}).optional().describe(perturbForm),
    readout: z.array(z.string()).min(1).optional().describe('Neurons or type:NAME whose rate is the effect'),
    duration_ms: z.number().min(1).max(60_000).default(500),
    trials: z.number().int().min(1).max(1000).default(10),
    controls: z.number().int().min(0).max(100).default(5),
    backend: z.enum(backends).default('auto'),
    seed: z.number().int().min(0).default(0),
    limit: z.number().int().min(1).max(50).default(10),
  }),
  output: z.looseObject({ predictions: z.looseObject({ object: z.string() }), shape: z.array(z.number()) }),
  effect: 'compute',
  view: 'simulation',
  async run({ twin: id, data, stimuli, stimulate, perturb, readout, limit, ...simulation }, context) {
    const twin = findTwin(context.workspace.ledger, id);
    const kind = findKind(twin.kind);
    if (perturb && (kind.family === 'encoding' || kind.family === 'propagation'))
      throw new BregmaError('bad-input', `A ${twin.kind} twin takes no perturb.`, {
        next:
          kind.family === 'encoding'
            ? 'It predicts responses to images: pass stimuli.'
            : 'Pass stimulate: ["NEURON"], or build a lif-connectome twin, which can be silenced and scaled.',
      });
    if (kind.family === 'encoding') return runEncoding(twin, data ?? twin.data, stimuli, context);
    if (data !== undefined) refuseOtherRelease(twin, data, context);
    if (kind.family === 'propagation') return runConnectome(twin, kind, stimulate, limit, context);
    if (kind.family === 'causal') {
      const silence = silencedByName(parsePerturb(perturb), kind.name);
      return runCausal(twin, { stimuli, stimulate, silence, limit }, context);
    }
    if (stimulate)
      throw new BregmaError('bad-input', `A ${twin.kind} twin is perturbed, not stimulated.`, {
        next: `Pass perturb: {"activate": [{"neurons": ${JSON.stringify(stimulate.slice(0, 3))}}]}.`,
      });
    const { duration_ms: durationMs, ...rest } = simulation;
    return runSpiking(
      twin,
      kind,
      { perturbations: parsePerturb(perturb), readout: readoutOf(readout), durationMs, limit, ...rest },
      context,
    );
  },
});

/** A twin of a connectome runs on its own: neuron ids do not persist between releases. */
function refuseOtherRelease(twin: TwinCard, data: string, { workspace }: ToolContext): void {
  const asked = datasetRef(findDataset(workspace.ledger, data));
  if (asked === twin.data) return;
  throw new BregmaError(
    'bad-input',
    `${twin.id} is a twin of ${twin.data}, not of ${asked}: ids do not persist between releases.`,
    {
      next: `Leave data out, or build a twin of ${asked}.`,
    },
  );
}

async function runEncoding(twin: TwinCard, reference: string, stimuli: number[] | undefined, context: ToolContext) {
  const data = loadEncoding(reference, context.workspace);
  const outside = stimuli?.find((index) => index >= data.images.count);
  if (outside !== undefined)
    throw new BregmaError(
      'bad-input',
      `${data.reference} has stimuli 0 to ${data.images.count - 1}; ${outside} is not one of them.`,
    );
  const images = stimuli ? pickImages(data.images, stimuli) : data.images;
  const predictions = await predictAll(twin, images, context);
  const neurons = predictions.length / images.count;
  const object = context.workspace.objects.put(
    writeNpy({ data: predictions, shape: [neurons, images.count] }),
    'application/x-npy',
  );
  const seen = new Set(
    twin.fittedOn.indices ??
      (twin.fittedOn.part === 'all' ? Array.from({ length: data.images.count }, (_, i) => i) : []),
  );
  const asked = stimuli ?? Array.from({ length: data.images.count }, (_, i) => i);
  return {
    value: {
      predictions: object,
      shape: [neurons, images.count],
      axes: ['neuron', 'stimulus'],
      stimuli: stimuli ? `${stimuli.length} indices as asked` : 'all',
      fittedOn: twin.data === data.reference ? asked.filter((index) => seen.has(index)).length : 0,
      summary: { median: median(predictions), p10: quantile(predictions, 0.1), p90: quantile(predictions, 0.9) },
    },
    kind: 'predicted' as const,
    n: { count: neurons, of: 'neurons' },
    release: [data.reference],
    licence: [data.release.card.licence],
    cite: twin.cite,
    inputs: [twin.id, data.reference],
    outputs: [object.object],
    seed: twin.seed,
  };
}

async function runConnectome(
  twin: TwinCard,
  kind: PropagationKind,
  stimulate: string[] | undefined,
  limit: number,
  context: ToolContext,
) {
  if (!stimulate || stimulate.length === 0)
    throw new BregmaError('bad-input', 'A connectome twin is asked what happens when neurons are stimulated.', {
      next: 'Pass stimulate: ["AVAL"].',
    });
  const data = await loadConnectome(twin.data, context.workspace);
  const { neurons } = data.connectome;
  const index = new Map(neurons.map((name, i) => [name, i]));
  const columns = stimulate.map((name) => {
    const found = index.get(name);
    if (found === undefined) throw unknownName(`neuron in ${data.reference}`, name, nearest(name, neurons));
    return found;
  });
  const responses = await kind.respond(data.connectome, twin.options, context.signal);
  const total = Float64Array.from(neurons, (_, row) =>
    columns.reduce((sum, column) => sum + responses[row * neurons.length + column], 0),
  );
  const object = context.workspace.objects.put(writeNpy({ data: total, shape: [neurons.length] }), 'application/x-npy');
  const ranked = neurons
    .map((neuron, i) => ({ neuron, response: total[i] }))
    .filter(({ neuron }) => !stimulate.includes(neuron))
    .sort((a, b) => b.response - a.response);
  return {
    value: {
      predictions: object,
      shape: [neurons.length],
      axes: ['neuron'],
      unit: 'fraction of the stimulus',
      strongest: ranked.slice(0, limit),
    },
    kind: 'simulated' as const,
    n: { count: neurons.length, of: 'neurons' },
    completeness: { returned: Math.min(limit, ranked.length), available: ranked.length, of: 'neurons' },
    release: [data.reference],
    licence: [data.release.card.licence],
    cite: twin.cite,
    inputs: [twin.id, data.reference],
    outputs: [object.object],
    seed: twin.seed,
  };
}

import type { Outcome } from '@bregma/core/contracts/answer';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError, unknownName } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { nearest } from '@bregma/core/nearest';
import { writeNpy } from '@bregma/core/npy';
import type { Connectome } from '../domain/connectome.ts';
import { describeImputed } from '../keep-edges.ts';
import type { Run, RunRequest } from '../kinds/kind.ts';
import { loadConnectome } from '../load-connectome.ts';
import type { PropagationModel } from './model.ts';

/** What happens to every neuron when some are stimulated together. */
export async function runPropagation(
  model: PropagationModel,
  twin: TwinCard,
  { stimulate, limit }: Pick<RunRequest, 'stimulate' | 'limit'>,
  context: ToolContext,
): Promise<Outcome<Run>> {
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
  const responses = await model.respond(data.connectome, twin.options, context.signal);
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
      notes: notesOf(data.connectome),
    },
    kind: 'simulated',
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

/** What a reader must know of the wiring; undefined where there is nothing. */
function notesOf({ imputed, pre }: Pick<Connectome, 'imputed' | 'pre'>): string[] | undefined {
  const count = imputed?.reduce((sum, assumed) => sum + assumed, 0) ?? 0;
  const assumed = describeImputed({ count, of: pre.length }, 'keep');
  return assumed === undefined ? undefined : [assumed];
}

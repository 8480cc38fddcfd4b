import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { withoutOwnResponses } from '@bregma/readers/causal-responses';
import { loadCausal } from '../data.ts';
import type { Rival } from '../kinds/kind.ts';
import { trialVarianceOf } from '../twin-files.ts';
import { stimulatedNeurons } from './stimulations.ts';
import { openCausalTwin, respond } from './twin.ts';

/** What a causal twin predicts for the stimulation of every neuron of its own data. Throws `bad-input` for other data. */
export async function causalRival(twin: TwinCard, given: string | undefined, context: ToolContext): Promise<Rival> {
  const data = await loadCausal(given ?? twin.data, context.workspace);
  if (data.reference !== twin.data)
    throw new BregmaError('bad-input', `The twins predict neurons of ${twin.data}, not of ${data.reference}.`, {
      next: 'Leave data out: the candidates are the neurons that the twins know.',
    });
  const { names, release, reference } = data;
  const available = stimulatedNeurons(data);
  return {
    ...{ reference, release, available },
    neurons: names.length,
    stimuli: names.length,
    predictions: withoutOwnResponses((await respond(openCausalTwin(twin, context.workspace)))[0], names.length),
    variance: trialVarianceOf(twin, context.workspace),
    seen: new Set(twin.fittedOn.indices ?? names.keys()),
    nameOf: (stimulus) => names[stimulus],
  };
}

import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { withoutOwnResponses } from '@bregma/readers/causal-responses';
import { stimulatedNeurons } from '../causal/stimulations.ts';
import { openCausalTwin, respond } from '../causal/twin.ts';
import { loadCausal, loadEncoding } from '../data.ts';
import { predictAll, trialVarianceOf } from '../encoding/predict.ts';
import { findKind } from '../find-kind.ts';
import type { Rivals } from './discriminate.ts';

export interface OpenedRivals extends Rivals {
  reference: string;
  release: DatasetRelease;
  /** Stimuli that can be given at all. */
  available: number[];
  /** Name of a stimulus, where it has one: the stimulated neuron. */
  nameOf?(stimulus: number): string;
}

/**
 * What two rival twins predict for every stimulus of a data set: images, or stimulated neurons. `reference` is the data set of the
 * candidates; default: the twins' own. Throws `bad-input` for twins whose predictions cannot be compared.
 */
export async function openRivals(
  twins: TwinCard[],
  reference: string | undefined,
  context: ToolContext,
): Promise<OpenedRivals> {
  const families = twins.map(({ kind }) => findKind(kind).family);
  const variance = () => trialVarianceOf(twins[0], context.workspace);
  if (families.every((family) => family === 'encoding')) {
    const data = loadEncoding(reference ?? twins[0].data, context.workspace);
    const stimuli = data.images.count;
    const [first, second] = [
      await predictAll(twins[0], data.images, context),
      await predictAll(twins[1], data.images, context),
    ];
    const { release } = data;
    const available = Array.from({ length: stimuli }, (_, i) => i);
    const neurons = first.length / stimuli;
    return { neurons, stimuli, first, second, variance: variance(), reference: data.reference, release, available };
  }
  if (families.every((family) => family === 'causal')) {
    const data = await loadCausal(reference ?? twins[0].data, context.workspace);
    if (data.reference !== twins[0].data)
      throw new BregmaError('bad-input', `The twins predict neurons of ${twins[0].data}, not of ${data.reference}.`, {
        next: 'Leave data out: the candidates are the neurons that the twins know.',
      });
    const { names, release } = data;
    const [first, second] = await Promise.all(
      twins.map(async (twin) =>
        withoutOwnResponses((await respond(openCausalTwin(twin, context.workspace)))[0], names.length),
      ),
    );
    return {
      neurons: names.length,
      stimuli: names.length,
      first,
      second,
      variance: variance(),
      reference: data.reference,
      release,
      available: stimulatedNeurons(data),
      nameOf: (stimulus) => names[stimulus],
    };
  }
  throw new BregmaError(
    'bad-input',
    `${twins[0].kind} and ${twins[1].kind} do not both predict responses to stimuli that can be ranked.`,
    { next: 'Name two encoding twins, or two connectome-dynamics twins.' },
  );
}

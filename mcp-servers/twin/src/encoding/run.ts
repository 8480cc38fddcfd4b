import type { Outcome } from '@bregma/core/contracts/answer';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { seenBy, seenInRecording } from '@bregma/core/experiment/exposure';
import { identityOf } from '@bregma/core/identity/recording';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { writeNpy } from '@bregma/core/npy';
import { median, quantile } from '@bregma/core/statistics/correlation';
import { loadEncoding } from '../data.ts';
import type { Run, RunRequest } from '../kinds/kind.ts';
import { runProbe } from '../probes/run-probe.ts';
import { pickImages } from './features.ts';
import { predictAll } from './predict.ts';

/** What an encoding twin predicts for images: those of its own data, or of `data`. */
export async function runEncoding(
  twin: TwinCard,
  { data: given, stimuli, probe, limit }: Pick<RunRequest, 'data' | 'stimuli' | 'probe' | 'limit'>,
  context: ToolContext,
): Promise<Outcome<Run>> {
  if (probe && (given || stimuli))
    throw new BregmaError('bad-input', 'A probe brings its own images.', { next: 'Leave data and stimuli out.' });
  if (probe) return runProbe(twin, probe, limit, context);
  const reference = given ?? twin.data;
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
  const identity = await identityOf(data.release, context.workspace);
  const seen = new Set(await seenInRecording(seenBy(twin), identity, context.workspace));
  const asked = stimuli ?? Array.from({ length: data.images.count }, (_, i) => i);
  return {
    value: {
      predictions: object,
      shape: [neurons, images.count],
      axes: ['neuron', 'stimulus'],
      stimuli: stimuli ? `${stimuli.length} indices as asked` : 'all',
      fittedOn: asked.filter((index) => seen.has(index)).length,
      summary: { median: median(predictions), p10: quantile(predictions, 0.1), p90: quantile(predictions, 0.9) },
    },
    kind: 'predicted',
    n: { count: neurons, of: 'neurons' },
    release: [data.reference],
    licence: [data.release.card.licence],
    cite: twin.cite,
    inputs: [twin.id, data.reference],
    outputs: [object.object],
    seed: twin.seed,
  };
}

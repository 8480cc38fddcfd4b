import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { type EncodingData, loadEncoding } from '../data.ts';
import type { ImageStack } from '../encoding/features.ts';
import { engineFor } from '../encoding/foreign-network.ts';
import { predictAll } from '../encoding/predict.ts';
import { findKind, kindsByNeed } from '../find-kind.ts';
import { kinds } from '../kinds/index.gen.ts';
import { trialVarianceOf } from '../twin-files.ts';
import { ascend } from './ascend.ts';
import { type ImageLimits, limitsOf, noise, pixelsOf } from './limits.ts';
import type { Synthesise } from './request.ts';
import { type Objective, openSearch } from './search.ts';

/** Twins for which images are made, the data that they predict, and the limits of the images. */
export interface Studio {
  twins: TwinCard[];
  models: Uint8Array[];
  data: EncodingData;
  limits: ImageLimits;
  /** Variance of one trial, mean over the twins, one a neuron. */
  variance: Float64Array;
  random: Random;
  context: ToolContext;
}

/** Opens twins for the making of images. Throws `bad-input` where a twin takes none. */
export function openStudio(twins: TwinCard[], asked: Synthesise, seed: number, context: ToolContext): Studio {
  const { workspace } = context;
  const models = twins.map((twin) => {
    const kind = findKind(twin.kind);
    if (kind.network) return kind.network(twin, workspace);
    throw new BregmaError('bad-input', `${twin.id} (${kind.name}) takes no images: none can be made for it.`, {
      next: `Kinds that take images: ${kindsByNeed(kinds.filter(({ network }) => network))}.`,
    });
  });
  const data = loadEncoding(twins[0].data, workspace);
  const outside = asked.neurons?.find((neuron) => neuron >= data.neurons);
  if (outside !== undefined)
    throw new BregmaError('bad-input', `${data.reference} has neurons 0 to ${data.neurons - 1}; ${outside} is none.`);
  const variances = twins.map((twin) => trialVarianceOf(twin, workspace));
  return {
    ...{ twins, models, data, context },
    limits: limitsOf(data.images, asked),
    variance: variances[0].map((_, i) => variances.reduce((sum, one) => sum + one[i] / twins.length, 0)),
    random: makeRandom(`synthesis ${seed}`),
  };
}

/** Neurons whose trials are known to scatter. */
export const scattering = ({ variance }: Pick<Studio, 'variance'>): number[] =>
  [...variance.keys()].filter((neuron) => variance[neuron] > 0);

/** A search from several starts: what is weighed, and how often. */
export interface Sitting {
  objective: Objective;
  models: Uint8Array[];
  /** Of each neuron; one line for each group of starts. */
  weights: Float32Array[];
  starts: number;
  steps: number;
}

/** What one group of starts came to. */
export interface Found {
  images: ImageStack;
  /** Worth of the image of each start. */
  worth: Float32Array;
  grey: boolean;
}

/** Makes images for each line of weights. progress goes by lines and steps. */
export async function makeImages(
  { twins, limits, random, context }: Studio,
  { objective, models, weights, starts, steps }: Sitting,
): Promise<Found[]> {
  const { height, width } = limits;
  const neurons = weights[0].length;
  const engine = engineFor(twins, context.signal);
  const search = await openSearch(models, limits, [starts, neurons], objective, engine);
  const total = weights.length * (steps + 1);
  try {
    const out: Found[] = [];
    for (const [group, own] of weights.entries()) {
      const start = {
        coefficients: noise(limits, starts, random.fork(`starts ${group}`)),
        weights: Float32Array.from({ length: starts * neurons }, (_, at) => own[at % neurons]),
      };
      const { images, worth, grey } = await ascend(search, limits, start, steps, {
        signal: context.signal,
        progress: (step) =>
          context.progress({ done: group * (steps + 1) + step, total, message: 'images by gradient' }),
      });
      out.push({ images: { data: images, count: starts, height, width }, worth, grey });
    }
    return out;
  } finally {
    await search.close();
  }
}

/** Noise images within the same limits, beside which made ones are judged. */
export function randomImages({ limits, random }: Studio, count: number): ImageStack {
  const { height, width, mean } = limits;
  const data = pixelsOf(noise(limits, count, random.fork('beside')), limits);
  const rounded = Uint8Array.from(data, (value) => Math.min(255, Math.max(0, Math.round(value + mean))));
  return { data: rounded, count, height, width };
}

/** What each twin predicts, [neuron × image] each. */
export async function predictWith({ twins, context }: Studio, images: ImageStack): Promise<Float32Array[]> {
  const out: Float32Array[] = [];
  for (const twin of twins) out.push(await predictAll(twin, images, { ...context, progress: () => {} }));
  return out;
}

import type { TwinCard } from '@bregma/core/contracts/twin';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { writeNpy } from '@bregma/core/npy';
import { median } from '@bregma/core/statistics/correlation';
import { trialVariance } from '@bregma/core/statistics/noise-ceiling';
import { withId } from '../card.ts';
import type { Part } from '../kinds/kind.ts';
import { columnsOf, type DistinctData } from './distinct.ts';
import { featuresOf } from './feature-cache.ts';
import { encodingNetwork } from './features.ts';
import type { EncodingModel } from './model.ts';
import { fitRidge } from './ridge.ts';

/** Fits an encoding twin on `rows`, stores its network and its noise, and makes its card. */
export async function fitEncoding(
  model: EncodingModel,
  data: DistinctData,
  options: Record<string, unknown>,
  fit: { part: Part; rows: Int32Array; seed: number },
  context: Pick<ToolContext, 'workspace' | 'signal' | 'progress'>,
): Promise<TwinCard> {
  const features = await model.features(options, context.workspace);
  const total = data.images.count + 1;
  const bands = await featuresOf(data, features, context, (done) =>
    context.progress({ done, total, message: 'features' }),
  );
  context.progress({ done: data.images.count, total, message: 'ridge' });
  const readout = await (model.fit ?? fitRidge)(
    { bands, responses: data.responses, neurons: data.neurons, stimuli: data.images.count },
    fit.rows,
    { signal: context.signal },
  );
  const network = await encodingNetwork(features, readout, context.workspace.objects);
  context.progress({ done: total, total, message: 'fitted' });
  const about = {
    features: readout.mean.length,
    bands: bands.map(({ name, width }) => `${name} (${width})`),
    medianLambda: median(readout.lambda),
    network: features.network?.object && features.network.path,
  };
  const fitted = { network, leftOutError: readout.leftOutError };
  return keepEncoding(model, data, options, fit, fitted, about, context.workspace);
}

/** Stores a fitted network and how trials scatter around it, and makes the card. about: what its kind says of it. */
export function keepEncoding(
  { name, title, cite }: { name: string; title: string; cite: string[] },
  data: DistinctData,
  options: Record<string, unknown>,
  { part, rows, seed, also }: { part: Part; rows: Int32Array; seed: number; also?: string[] },
  { network, leftOutError }: { network: Uint8Array; leftOutError: Float64Array },
  about: Record<string, unknown>,
  { objects }: ToolContext['workspace'],
): TwinCard {
  const noise = noiseOf(data, leftOutError, rows);
  return withId({
    ...{ kind: name, title, cite, options, seed },
    data: data.reference,
    fittedOn: {
      part,
      n: rows.length,
      of: 'stimuli',
      indices: part === 'all' ? undefined : columnsOf(data, rows),
      also,
    },
    exposure: data.release.card.exposure,
    files: [
      { name: 'network.onnx', ...objects.put(network, 'application/onnx') },
      {
        name: 'trial-variance.npy',
        ...objects.put(writeNpy({ data: noise.variance, shape: [data.neurons] }), 'application/x-npy'),
      },
    ],
    summary: { neurons: data.neurons, ...about, noise: noise.from, copies: data.copies },
  });
}

/**
 * Variance of one trial, one a neuron, in squared units of the responses: from repeats of the training stimuli, else from what the
 * readout missed in stimuli that it was fitted without. A residual of the fit itself would be smaller than the noise by as much as
 * the readout is flexible.
 */
function noiseOf(
  { neurons, repeats, trials, images }: DistinctData,
  leftOut: Float64Array,
  rows: Int32Array,
): { variance: Float64Array; from: string } {
  const fromRepeats = Float64Array.from({ length: neurons }, (_, neuron) => {
    if (repeats < 2) return Number.NaN;
    const own = new Float64Array(rows.length * repeats);
    rows.forEach((row, i) => {
      const start = (neuron * images.count + row) * repeats;
      own.set(trials.subarray(start, start + repeats), i * repeats);
    });
    const largest = own.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
    const variance = trialVariance(own, rows.length, repeats);
    // Equal trials whose mean was rounded: there is no variance in them.
    return variance < (8 * Number.EPSILON * largest) ** 2 ? 0 : variance;
  });
  const repeated = fromRepeats.some(Number.isFinite);
  return {
    variance: repeated ? fromRepeats : leftOut,
    from: repeated
      ? 'variance of single trials around the mean of their stimulus'
      : 'mean squared error in training stimuli that were left out in turn (no repeats): noise and what the twin cannot predict',
  };
}

import type { TwinCard } from '@bregma/core/contracts/twin';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { writeNpy } from '@bregma/core/npy';
import { median } from '@bregma/core/statistics/correlation';
import { trialVariance } from '@bregma/core/statistics/noise-ceiling';
import { withId } from '../card.ts';
import type { EncodingData } from '../data.ts';
import type { Part } from '../kinds/kind.ts';
import { computeFeatures, encodingNetwork } from './features.ts';
import type { EncodingModel } from './model.ts';
import { fitRidge, predictRidge } from './ridge.ts';

/** Fits an encoding twin on `rows`, stores its network and its noise, and makes its card. */
export async function fitEncoding(
  model: EncodingModel,
  data: EncodingData,
  options: Record<string, unknown>,
  fit: { part: Part; rows: Int32Array; seed: number },
  context: Pick<ToolContext, 'workspace' | 'signal' | 'progress'>,
): Promise<TwinCard> {
  const features = model.features(options);
  const total = data.images.count + 1;
  const bands = await computeFeatures(data.images, features, context.signal, (done) =>
    context.progress({ done, total, message: 'features' }),
  );
  context.progress({ done: data.images.count, total, message: 'ridge' });
  const readout = await fitRidge(
    { bands, responses: data.responses, neurons: data.neurons, stimuli: data.images.count },
    fit.rows,
    { signal: context.signal },
  );
  const residual = await predictRidge(readout, bands, fit.rows);
  const { objects } = context.workspace;
  const network = objects.put(await encodingNetwork(features, readout), 'application/onnx');
  const noise = objects.put(
    writeNpy({ data: noiseOf(data, residual, fit.rows), shape: [data.neurons] }),
    'application/x-npy',
  );
  context.progress({ done: total, total, message: 'fitted' });
  const card: Omit<TwinCard, 'id'> = {
    kind: model.name,
    title: model.title,
    data: data.reference,
    fittedOn: {
      part: fit.part,
      n: fit.rows.length,
      of: 'stimuli',
      indices: fit.part === 'all' ? undefined : Array.from(fit.rows),
    },
    exposure: data.release.card.exposure,
    options,
    seed: fit.seed,
    files: [
      { name: 'network.onnx', ...network },
      { name: 'trial-variance.npy', ...noise },
    ],
    summary: {
      neurons: data.neurons,
      features: readout.mean.length,
      bands: bands.map(({ name, width }) => `${name} (${width})`),
      medianLambda: median(readout.lambda),
      noise:
        data.repeats > 1
          ? 'variance of single trials around the mean of their stimulus'
          : 'variance of the residual of the fit (no repeats)',
    },
    cite: model.cite,
  };
  return withId(card);
}

/** Variance of one trial, one a neuron: from the repeats of the training stimuli, else from the residual. */
function noiseOf(data: EncodingData, fitted: Float64Array, rows: Int32Array): Float64Array {
  const { neurons, repeats, trials, responses } = data;
  const stimuli = data.images.count;
  return Float64Array.from({ length: neurons }, (_, neuron) => {
    if (repeats > 1) {
      const own = new Float64Array(rows.length * repeats);
      rows.forEach((row, i) => {
        const start = (neuron * stimuli + row) * repeats;
        own.set(trials.subarray(start, start + repeats), i * repeats);
      });
      return trialVariance(own, rows.length, repeats);
    }
    const squares = Array.from(
      rows,
      (row, i) => (responses[neuron * stimuli + row] - fitted[neuron * rows.length + i]) ** 2,
    ).filter(Number.isFinite);
    return squares.reduce((sum, value) => sum + value, 0) / squares.length;
  });
}

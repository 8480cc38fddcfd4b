import { withDecimals } from '@bregma/core/numbers';
import { median, quantile } from '@bregma/core/statistics/correlation';
import { pickImages } from '../encoding/features.ts';
import { joinImages, keepImages } from './keep-images.ts';
import type { Synthesise } from './request.ts';
import { weighted } from './search.ts';
import { makeImages, predictWith, randomImages, type Studio } from './studio.ts';

/** Noise images beside the made ones. */
const beside = 64;
/** z beyond which a difference is not noise, two-sided 5 %. */
const beyondNoise = 1.96;

/** Share of values below one, ties half. */
export const shareBelow = (values: ArrayLike<number>, value: number): number =>
  Array.from(values).reduce((sum, one) => sum + (one < value ? 1 : one === value ? 0.5 : 0), 0) / values.length;

/** Images that excite or suppress single neurons most, as far as a twin knows. */
export async function driveNeurons(studio: Studio, asked: Synthesise) {
  const { data, variance, models, context } = studio;
  const sign = asked.goal === 'exciting' ? 1 : -1;
  const neurons = asked.neurons ?? [0];
  const found = await makeImages(studio, {
    objective: weighted,
    models: models.slice(0, 1),
    weights: neurons.map((neuron) => Float32Array.from({ length: data.neurons }, (_, i) => (i === neuron ? sign : 0))),
    ...{ starts: asked.starts, steps: asked.steps },
  });
  const all = joinImages(found.map(({ images }) => images));
  const [made] = await predictWith(studio, all);
  const [shown] = await predictWith(studio, data.images);
  const [noise] = await predictWith(studio, randomImages(studio, beside));
  const rows = neurons.map((neuron, k) => {
    const own = Array.from({ length: asked.starts }, (_, i) => made[neuron * all.count + k * asked.starts + i]);
    const best = own.reduce((most, value, i) => (sign * (value - own[most]) > 0 ? i : most), 0);
    const natural = shown.subarray(neuron * data.images.count, (neuron + 1) * data.images.count);
    const random = noise.subarray(neuron * beside, (neuron + 1) * beside);
    const spread = Math.sqrt(variance[neuron] / asked.trials);
    const z = (sign * (own[best] - median(random))) / spread;
    return {
      at: k * asked.starts + best,
      row: {
        neuron,
        predicted: own[best],
        starts: { lowest: Math.min(...own), highest: Math.max(...own) },
        ofData: {
          percentile: 100 * shareBelow(natural, own[best]),
          p5: quantile(natural, 0.05),
          p95: quantile(natural, 0.95),
        },
        randomImages: { median: median(random), lowest: Math.min(...random), highest: Math.max(...random) },
        trialsSd: spread > 0 ? spread : null,
        verdict: verdictOf(z, asked.trials),
      },
    };
  });
  const chosen = pickImages(
    all,
    rows.map(({ at }) => at),
  );
  const kept = keepImages(chosen, context.workspace.objects);
  return {
    kept,
    value: { images: rows.map(({ row }, i) => ({ png: kept.png[i], ...row })), beside },
    n: { count: neurons.length, of: 'neurons' },
  };
}

function verdictOf(z: number, trials: number): string {
  if (!Number.isFinite(z))
    return 'how trials scatter is not known: nothing says whether it could be told from noise images';
  return z > beyondNoise
    ? `differs from noise images by ${withDecimals(z, 1)} standard errors of ${trials} trials`
    : `not distinguishable within this budget: from noise images it differs by ${withDecimals(z, 1)} standard errors of ${trials} trials`;
}

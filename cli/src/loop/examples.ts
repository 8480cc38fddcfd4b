import { parseNpy } from '@bregma/core/npy';
import { mean } from '@bregma/core/statistics/correlation';
import type { Example, Scatter, TwinReport } from './report-data.ts';

/** PNGs of ranked images, as data URIs. stack: NPY uint8 [stimulus × y × x × 3]. */
export async function exampleImages(
  stack: Uint8Array,
  ranking: { stimulus: number; gainNats: number; separation: number }[],
): Promise<Example[]> {
  const { default: pngjs } = await import('pngjs');
  const { data, shape } = parseNpy(stack);
  const [, height, width] = shape;
  return ranking.map(({ stimulus, gainNats, separation }) => {
    const png = new pngjs.PNG({ width, height });
    const start = stimulus * height * width * 3;
    for (let p = 0; p < height * width; p++) {
      for (let channel = 0; channel < 3; channel++) png.data[4 * p + channel] = Number(data[start + 3 * p + channel]);
      png.data[4 * p + 3] = 255;
    }
    return {
      stimulus,
      gainNats,
      separation,
      image: `data:image/png;base64,${pngjs.PNG.sync.write(png).toString('base64')}`,
    };
  });
}

/** Prediction and mean response of the neuron at the upper quartile of the first twin's validity: a good one, not the best. */
export function scatterOf(
  twins: TwinReport[],
  predictions: Float32Array[],
  responses: { data: ArrayLike<number | bigint>; shape: number[] },
  stimuli: number[],
): Scatter {
  const ranked = twins[0].units
    .map((unit, index) => ({ ...unit, index }))
    .filter(({ pearson }) => pearson !== null)
    .sort((a, b) => (b.pearson ?? 0) - (a.pearson ?? 0));
  const { index, name } = ranked[Math.floor(ranked.length / 4)];
  const [, count, repeats = 1] = responses.shape;
  const measuredOf = (stimulus: number) =>
    mean(
      Array.from({ length: repeats }, (_, repeat) =>
        Number(responses.data[(index * count + stimulus) * repeats + repeat]),
      ).filter(Number.isFinite),
    );
  const points = twins.flatMap(({ label }, twin) =>
    stimuli
      .map((stimulus) => ({
        twin: label,
        predicted: predictions[twin][index * count + stimulus],
        measured: measuredOf(stimulus),
      }))
      .filter(({ measured }) => Number.isFinite(measured)),
  );
  return { unit: name, points };
}

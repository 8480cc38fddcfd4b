import { seenBy, seenInRecording } from '@bregma/core/experiment/exposure';
import { identityOf } from '@bregma/core/identity/recording';
import { median, quantile } from '@bregma/core/statistics/correlation';
import { wilson } from '@bregma/core/statistics/two-by-two';
import { pickImages } from '../encoding/features.ts';
import { joinImages, keepImages } from './keep-images.ts';
import type { Synthesise } from './request.ts';
import { weighted } from './search.ts';
import { makeImages, predictWith, randomImages, type Studio } from './studio.ts';

/** Neurons that are tried when none are named, drawn by the seed. */
const tried = 10;
/** Noise images beside the made ones. */
const beside = 64;

/**
 * Control score: images that excite and suppress neurons most for the first twin, shown to the second. Share of neurons that the second
 * says are driven above the 95th and below the 5th percentile of its predictions for the data's images, beside noise images within the
 * same limits (after Bashivan, Kar & DiCarlo 2019, Science 364:eaav9436).
 */
export async function scoreControl(studio: Studio, asked: Synthesise) {
  const { data, models, random, context } = studio;
  const neurons = asked.neurons ?? drawn(data.neurons, random.fork('neurons').permutation(data.neurons));
  const signs = [1, -1];
  const found = await makeImages(studio, {
    objective: weighted,
    models: models.slice(0, 1),
    weights: neurons.flatMap((neuron) =>
      signs.map((sign) => Float32Array.from({ length: data.neurons }, (_, i) => (i === neuron ? sign : 0))),
    ),
    ...{ starts: asked.starts, steps: asked.steps },
  });
  const best = found.map(({ images, worth }) => pickImages(images, [worth.indexOf(Math.max(...worth))]));
  const made = joinImages(best);
  const [own, other] = await predictWith(studio, made);
  const [, shown] = await predictWith(studio, data.images);
  const [, noise] = await predictWith(studio, randomImages(studio, beside));
  const stimuli = data.images.count;
  const rows = neurons.map((neuron, k) => {
    const natural = shown.subarray(neuron * stimuli, (neuron + 1) * stimuli);
    const [p5, p95] = [quantile(natural, 0.05), quantile(natural, 0.95)];
    const at = neuron * made.count + 2 * k;
    const random = Array.from(noise.subarray(neuron * beside, (neuron + 1) * beside));
    return {
      neuron,
      ...{ p5, p95 },
      exciting: { byMaker: own[at], byJudge: other[at] },
      suppressing: { byMaker: own[at + 1], byJudge: other[at + 1] },
      noiseAbove: random.filter((value) => value > p95).length / beside,
      noiseBelow: random.filter((value) => value < p5).length / beside,
    };
  });
  const kept = keepImages(made, context.workspace.objects);
  const above = rows.filter(({ exciting, p95 }) => exciting.byJudge > p95).length / rows.length;
  const below = rows.filter(({ suppressing, p5 }) => suppressing.byJudge < p5).length / rows.length;
  return {
    kept,
    value: {
      control: {
        above: { ...shareOf(above, rows.length), noiseImages: meanOf(rows.map(({ noiseAbove }) => noiseAbove)) },
        below: { ...shareOf(below, rows.length), noiseImages: meanOf(rows.map(({ noiseBelow }) => noiseBelow)) },
        is: 'share of neurons that the second twin puts above the 95th and below the 5th percentile of its predictions for the images of the data, by images that the first twin made; noise images: share of images, mean over neurons',
      },
      independence: await independenceOf(studio),
      images: rows.map((row, k) => ({ ...row, png: { exciting: kept.png[2 * k], suppressing: kept.png[2 * k + 1] } })),
    },
    n: { count: rows.length, of: 'neurons' },
  };
}

const drawn = (neurons: number, order: Int32Array) =>
  [...order.subarray(0, Math.min(tried, neurons))].sort((a, b) => a - b);

const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A share of n neurons with its 95 % interval. */
const shareOf = (share: number, n: number) => ({
  share,
  ...wilson(Math.round(share * n), n, 0.95),
  level: 0.95,
  neurons: n,
});

/** What the two twins have in common: a judge of the same kind, fitted on the same images, repeats what the maker believes. */
async function independenceOf({ twins: [maker, judge], data, context }: Studio) {
  const identity = await identityOf(data.release, context.workspace);
  const [first, second] = await Promise.all(
    [maker, judge].map((twin) => seenInRecording(seenBy(twin), identity, context.workspace)),
  );
  const seen = new Set(first);
  const shared = second.filter((stimulus) => seen.has(stimulus)).length;
  const sameKind = maker.kind === judge.kind;
  return {
    sameKind,
    sharedStimuli: shared,
    says:
      !sameKind && shared === 0
        ? 'the judge is of another kind and was fitted on other stimuli'
        : `not independent: ${[sameKind && 'both twins are of one kind', shared > 0 && `both were fitted on ${shared} of the same stimuli`].filter(Boolean).join(', ')}`,
  };
}

/** Median of what is a number; null without any. */
export function medianOrNull(values: number[]): number | null {
  const known = values.filter(Number.isFinite);
  return known.length > 0 ? median(known) : null;
}

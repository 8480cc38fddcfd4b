import { BregmaError } from '@bregma/core/errors';
import { pearson } from '@bregma/core/statistics/correlation';
import { type Rivals, rankStimuli } from '../design/discriminate.ts';
import { type ImageStack, pickImages } from '../encoding/features.ts';
import { joinImages, keepImages } from './keep-images.ts';
import { recover, recovered, tells } from './recovery.ts';
import type { Synthesise } from './request.ts';
import { apart } from './search.ts';
import { makeImages, predictWith, randomImages, type Studio, scattering } from './studio.ts';

/** Two images that correlate by more are one idea: the second is not taken. */
const alike = 0.9;

/** Images on which two twins differ most, for all neurons or some (Golan, Raju & Kriegeskorte 2020, PNAS 117:29330). */
export async function tellApart(studio: Studio, asked: Synthesise) {
  const { data, variance, models, random, context } = studio;
  const known = new Set(scattering(studio));
  const chosen = (asked.neurons ?? [...known]).filter((neuron) => known.has(neuron));
  if (chosen.length === 0)
    throw new BregmaError('conflict', 'Of no neuron that was asked for the scatter of a trial is known.', {
      next: 'Fit the twins on data in which responses vary, best with repeats.',
    });
  const masked = variance.map((one, neuron) => (chosen.includes(neuron) ? one : Number.NaN));
  const rank = async (images: ImageStack) => {
    const [first, second] = await predictWith(studio, images);
    const rivals: Rivals = { neurons: data.neurons, stimuli: images.count, first, second, variance: masked };
    return { rivals, ranked: rankStimuli(rivals, [...Array(images.count).keys()]) };
  };
  const judge = async (images: ImageStack, purpose: string) => {
    const [first, second] = await predictWith(studio, images);
    const rivals = { first, second, images: images.count, variance, chosen };
    return recover(rivals, asked.trials, random.fork(purpose));
  };
  // First whether images that nobody made would do.
  const noise = randomImages(studio, Math.max(asked.images, 8));
  const noiseRanked = await rank(noise);
  const withNoise = await judge(pickImages(noise, [...Array(asked.images).keys()]), 'recovery noise');
  const groups = await makeImages(studio, {
    objective: apart(variance),
    models,
    weights: Array.from({ length: asked.images }, () =>
      Float32Array.from({ length: data.neurons }, (_, neuron) => (chosen.includes(neuron) ? 1 / chosen.length : 0)),
    ),
    ...{ starts: asked.starts, steps: asked.steps },
  });
  const all = joinImages(groups.map(({ images }) => images));
  const { ranked, rivals } = await rank(all);
  const taken = different(
    all,
    ranked.map(({ stimulus }) => stimulus),
  ).slice(0, asked.images);
  const images = pickImages(all, taken);
  const withMade = await judge(images, 'recovery made');
  const kept = keepImages(images, context.workspace.objects);
  const gainOf = new Map(ranked.map((one) => [one.stimulus, one]));
  return {
    kept,
    value: {
      images: taken.map((at, i) => ({
        png: kept.png[i],
        gainNats: gainOf.get(at)?.gain,
        separation: gainOf.get(at)?.separation,
        predicted: chosen.slice(0, 5).map((neuron) => ({
          neuron,
          first: rivals.first[neuron * all.count + at],
          second: rivals.second[neuron * all.count + at],
        })),
      })),
      gainNats: {
        made: ranked[0].gain,
        noiseImages: noiseRanked.ranked[0].gain,
        of: `one trial of one neuron, mean over ${chosen.length}`,
      },
      recovery: {
        noiseImages: withNoise,
        made: withMade,
        rows: 'drawn from first, from second',
        columns: 'taken for first, for second',
        needs: recovered,
        assumes: 'Gaussian noise, independent between neurons and trials, and that one of the two twins is right',
      },
      verdict: tells(withMade)
        ? `${taken.length} images in ${asked.trials} trials tell the twins apart${tells(withNoise) ? '; as many noise images do too' : ''}`
        : 'not distinguishable within this budget: more trials, more images or more neurons are needed',
    },
    n: { count: chosen.length, of: 'neurons' },
  };
}

/** Those images, in their order, that are not like one before them. */
function different(images: ImageStack, order: number[]): number[] {
  const pixels = (at: number) => pickImages(images, [at]).data;
  const taken: number[] = [];
  for (const at of order) if (taken.every((one) => !(pearson(pixels(one), pixels(at)) > alike))) taken.push(at);
  return taken;
}

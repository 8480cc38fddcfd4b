import type { Random } from '@bregma/core/statistics/random';

/** What two rivals predict for the same images, and how single trials scatter. */
export interface Predictions {
  /** [neuron × image] */
  first: ArrayLike<number>;
  second: ArrayLike<number>;
  images: number;
  /** Variance of one trial, one a neuron. */
  variance: ArrayLike<number>;
  /** Neurons that take part. */
  chosen: number[];
}

/** How often the rival that responses were drawn from is the one that they speak for. */
export interface Recovery {
  /** [drawn from first, from second][taken for first, for second], shares. */
  confusion: [[number, number], [number, number]];
  simulations: number;
  trials: number;
  /** Largest standard error of a share. */
  error: number;
}

/** Experiments that are drawn from each rival. */
const simulations = 400;

/**
 * Model recovery (Wilson & Collins 2019, eLife 8:e49547): draws the planned experiment from each rival, with Gaussian noise that is
 * independent between neurons and trials, and takes the rival under which what was drawn is likelier.
 */
export function recover(
  { first, second, images, variance, chosen }: Predictions,
  trials: number,
  random: Random,
): Recovery {
  const taken = [
    [0, 0],
    [0, 0],
  ];
  for (const [truth, from] of [first, second].entries())
    for (let k = 0; k < simulations; k++) {
      let ratio = 0;
      for (const neuron of chosen) {
        const spread = Math.sqrt(variance[neuron] / trials);
        for (let image = 0; image < images; image++) {
          const at = neuron * images + image;
          const y = from[at] + spread * random.normal();
          ratio += ((y - second[at]) ** 2 - (y - first[at]) ** 2) / (2 * spread ** 2);
        }
      }
      // A ratio of exactly 1 speaks for neither.
      if (ratio === 0) {
        taken[truth][0] += 0.5;
        taken[truth][1] += 0.5;
      } else taken[truth][ratio > 0 ? 0 : 1]++;
    }
  const shares = taken.map((row) => row.map((count) => count / simulations));
  const error = Math.max(...shares.flat().map((share) => Math.sqrt((share * (1 - share)) / simulations)));
  return {
    confusion: [
      [shares[0][0], shares[0][1]],
      [shares[1][0], shares[1][1]],
    ],
    simulations,
    trials,
    error,
  };
}

/** Both rivals must be found this often for images to tell them apart. */
export const recovered = 0.9;

/** Whether the planned trials tell the rivals apart. */
export const tells = ({ confusion: [[first], [, second]] }: Recovery): boolean => Math.min(first, second) >= recovered;

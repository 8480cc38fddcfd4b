import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { groupCopies } from '@bregma/core/identity/copies';
import { mean, pearson } from '@bregma/core/statistics/correlation';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { firstState, keptWeights, type State, stepAdam } from './adam.ts';
import { type Architecture, firstStatistics, firstWeights, type Weights } from './architecture.ts';
import { openPredictor, openTrainer, type Trained } from './networks.ts';
import type { CnnOptions } from './options.ts';
import { lightOf, showImage } from './prepare.ts';

/** Images and responses of a training: the rows that are named and nothing else. */
export interface Lesson {
  /** [stimulus × 3 × side × side], 0–255. */
  planes: Float32Array;
  /** [neuron × stimulus], standardised on the training rows; NaN: not measured. */
  targets: Float64Array;
  stimuli: number;
  /** Training rows of the recording that the twin is of; some of them decide when to stop. */
  rows: Int32Array;
  /** Rows of other recordings: they are learned from alone. */
  more: Int32Array;
  /** Neurons of the recording that the twin is of: the first ones. */
  own: number;
  /** One a stimulus: what looks the same is learned from, or decides when to stop, and not both. */
  looks: readonly (string | number)[];
}

/** How far a training is, and the best that it found. */
export interface Standing {
  epoch: number;
  state: State;
  best: { loss: number; r: number; epoch: number; weights: Weights; statistics: Weights };
}

/** Where a training is kept between epochs, so that one that was killed goes on. */
export interface Diary {
  read(): Standing | undefined;
  write(standing: Standing): Promise<void>;
}

/** What a training came to. */
export interface Learned extends Trained {
  epochs: number;
  validation: { loss: number; r: number; rows: Int32Array };
  /** Squared error of each neuron on the validation rows, standardised. */
  missed: Float64Array;
}

/** What is said after an epoch. */
export interface EpochNews {
  epoch: number;
  of: number;
  loss: number;
  validationR: number;
}

const batchSize = 32;
/** Share of the training rows that decides when to stop; it takes no part in any step. */
const validationShare = 0.1;
const fewestValidation = 3;

/** Divides training rows into those that are learned from and those that decide when to stop. */
export function divideRows(
  { rows, looks }: Pick<Lesson, 'rows' | 'looks'>,
  random: Random,
): { learn: Int32Array; validate: Int32Array } {
  const { members: groups } = groupCopies(Array.from(rows, (row) => String(looks[row])));
  const count = Math.max(fewestValidation, Math.round(validationShare * rows.length));
  const validate: number[] = [];
  for (const group of random.permutation(groups.length)) {
    if (validate.length >= count) break;
    validate.push(...groups[group].map((i) => rows[i]));
  }
  const held = new Set(validate);
  return { learn: rows.filter((row) => !held.has(row)), validate: Int32Array.from(validate).sort() };
}

/**
 * Trains one network. What is drawn in an epoch depends on seed and epoch alone, so that a training that goes on from its diary ends with
 * the bytes of one that was never stopped. tell: after each epoch.
 */
export async function trainCnn(
  architecture: Architecture,
  lesson: Lesson,
  options: CnnOptions,
  seed: string,
  { signal, diary, tell }: { signal: AbortSignal; diary?: Diary; tell(news: EpochNews): void },
): Promise<Learned> {
  const random = makeRandom(seed);
  const { side } = architecture;
  const divided = divideRows(lesson, random.fork('validation'));
  const { validate } = divided;
  const learn = Int32Array.from([...divided.learn, ...lesson.more]);
  const light = lightOf(lesson.planes, side, learn);
  const first = {
    weights: firstWeights(architecture, random.fork('weights')),
    statistics: firstStatistics(architecture),
  };
  const count = Math.min(batchSize, learn.length);
  const shown = standardised(lesson, architecture, light, validate);
  const trainer = await openTrainer(architecture, first.weights, count);
  const predictor = await openPredictor(architecture, first);
  try {
    const standing: Standing = diary?.read() ?? {
      epoch: 0,
      state: firstState(first.weights, first.statistics),
      best: { loss: Number.POSITIVE_INFINITY, r: Number.NaN, epoch: 0, ...first },
    };
    while (standing.epoch < options.epochs && standing.epoch - standing.best.epoch < options.patience) {
      const epoch = standing.epoch + 1;
      const drawn = random.fork(`epoch ${epoch}`);
      const order = drawn.permutation(learn.length);
      const rounds = Math.ceil(learn.length / count);
      let loss = 0;
      for (let round = 0; round < rounds; round++) {
        throwIfCancelled(signal);
        const rows = Int32Array.from({ length: count }, (_, i) => learn[order[(round * count + i) % learn.length]]);
        const done = (epoch - 1 + round / rounds) / options.epochs;
        const found = await trainer.step(
          standing.state.weights,
          batchOf(lesson, architecture, light, rows, options, drawn),
        );
        stepAdam(standing.state, found, {
          rate: (options.rate * (1 + Math.cos(Math.PI * done))) / 2,
          decay: options.decay,
        });
        loss += found.loss / rounds;
      }
      const { average, statistics } = standing.state;
      const judged = judge(await predictor.predict(average, statistics, shown), lesson, validate, architecture.neurons);
      if (!Number.isFinite(loss))
        throw new BregmaError('failed', `The training diverged in epoch ${epoch}: its loss is no number any more.`, {
          next: 'Lower rate.',
        });
      // Where no validation image was measured, the newest is the best.
      if (!(judged.loss >= standing.best.loss))
        standing.best = { loss: judged.loss, r: judged.r, epoch, ...keptWeights(standing.state) };
      standing.epoch = epoch;
      tell({ epoch, of: options.epochs, loss, validationR: judged.r });
      await diary?.write(standing);
    }
    const { weights, statistics, loss, r } = standing.best;
    const { missed } = judge(
      await predictor.predict(weights, statistics, shown),
      lesson,
      validate,
      architecture.neurons,
    );
    return {
      ...{ architecture, light, weights, statistics, missed },
      epochs: standing.best.epoch,
      validation: { loss, r, rows: validate },
    };
  } finally {
    await trainer.close();
    await predictor.close();
  }
}

/** Images as the network takes them, unchanged. */
export function standardised(
  { planes }: Pick<Lesson, 'planes'>,
  { side }: Architecture,
  light: Trained['light'],
  rows: ArrayLike<number>,
): Float32Array {
  const size = 3 * side ** 2;
  const out = new Float32Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) showImage(planes, rows[i], side, light, { x: 0, y: 0, gain: 1 }, out, i * size);
  return out;
}

function batchOf(
  { planes, targets, stimuli }: Lesson,
  { side, neurons }: Architecture,
  light: Trained['light'],
  rows: Int32Array,
  { shift, contrast }: CnnOptions,
  random: Random,
) {
  const size = 3 * side ** 2;
  const images = new Float32Array(rows.length * size);
  const wanted = new Float32Array(rows.length * neurons);
  const counted = new Float32Array(rows.length * neurons);
  for (const [i, row] of rows.entries()) {
    const [x, y] = [random.integer(2 * shift + 1) - shift, random.integer(2 * shift + 1) - shift];
    const gain = 1 + contrast * (2 * random.uniform() - 1);
    showImage(planes, row, side, light, { x, y, gain }, images, i * size);
    for (let neuron = 0; neuron < neurons; neuron++) {
      const target = targets[neuron * stimuli + row];
      if (!Number.isFinite(target)) continue;
      wanted[i * neurons + neuron] = target;
      counted[i * neurons + neuron] = 1;
    }
  }
  return { images, targets: wanted, counted };
}

/** Loss and mean correlation over the twin's own neurons on validation rows. predicted: [row × neuron]. */
function judge(predicted: Float32Array, { targets, stimuli, own }: Lesson, rows: Int32Array, neurons: number) {
  const missed = new Float64Array(own).fill(Number.NaN);
  const correlations: number[] = [];
  for (let neuron = 0; neuron < own; neuron++) {
    const measured = [...rows.keys()].filter((i) => Number.isFinite(targets[neuron * stimuli + rows[i]]));
    if (measured.length === 0) continue;
    const truth = measured.map((i) => targets[neuron * stimuli + rows[i]]);
    const guess = measured.map((i) => predicted[i * neurons + neuron]);
    missed[neuron] = mean(truth.map((value, i) => (value - guess[i]) ** 2));
    const r = pearson(truth, guess);
    if (Number.isFinite(r)) correlations.push(r);
  }
  const known = missed.filter(Number.isFinite);
  return {
    missed,
    loss: known.length > 0 ? mean(known) : Number.NaN,
    r: correlations.length > 0 ? mean(correlations) : Number.NaN,
  };
}

import type { Weights } from './architecture.ts';

/** Where a training stands: all that the next step depends on. */
export interface State {
  weights: Weights;
  /** First and second moments of the slopes. */
  moments: Weights;
  squares: Weights;
  /** Exponential moving average of the weights: what is kept. */
  average: Weights;
  /** Running statistics of the normalisations. */
  statistics: Weights;
  steps: number;
}

/** Kingma & Ba 2015 (arXiv 1412.6980). */
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
/** Share of the average that a step leaves; less in the first steps, which would otherwise stay in it. */
const keep = 0.98;
/** Share of the running statistics that a batch replaces. */
const momentum = 0.1;
/** Weights that are pulled towards zero; places, gains and shifts are not. */
const decays = (name: string) =>
  name.endsWith('.filter') || name.endsWith('.depth') || name.endsWith('.mix') || name === 'readout';

const zerosLike = (weights: Weights): Weights =>
  new Map([...weights].map(([name, { data, shape }]) => [name, { data: new Float32Array(data.length), shape }]));

const copyOf = (weights: Weights): Weights =>
  new Map([...weights].map(([name, { data, shape }]) => [name, { data: data.slice(), shape }]));

/** A state before the first step. */
export const firstState = (weights: Weights, statistics: Weights): State => ({
  ...{ weights, statistics: copyOf(statistics) },
  ...{ moments: zerosLike(weights), squares: zerosLike(weights), average: copyOf(weights) },
  steps: 0,
});

/** A copy that later steps do not change. */
export const keptWeights = ({ average, statistics }: State) => ({
  weights: copyOf(average),
  statistics: copyOf(statistics),
});

/** One step of Adam with decoupled decay (Loshchilov & Hutter 2019, arXiv 1711.05101), in place. */
export function stepAdam(
  state: State,
  found: { gradients: Map<string, Float32Array>; statistics: Map<string, Float32Array> },
  { rate, decay }: { rate: number; decay: number },
): void {
  state.steps++;
  const [first, second] = [1 - beta1 ** state.steps, 1 - beta2 ** state.steps];
  const kept = Math.min(keep, state.steps / (state.steps + 9));
  for (const [name, { data }] of state.weights) {
    const slope = found.gradients.get(name);
    const moment = state.moments.get(name)?.data;
    const square = state.squares.get(name)?.data;
    const average = state.average.get(name)?.data;
    if (!slope || !moment || !square || !average) throw new RangeError(`Nothing is known of ${name}.`);
    const pull = decays(name) ? rate * decay : 0;
    for (let i = 0; i < data.length; i++) {
      moment[i] = beta1 * moment[i] + (1 - beta1) * slope[i];
      square[i] = beta2 * square[i] + (1 - beta2) * slope[i] ** 2;
      data[i] -= (rate * (moment[i] / first)) / (Math.sqrt(square[i] / second) + epsilon) + pull * data[i];
      average[i] = kept * average[i] + (1 - kept) * data[i];
    }
  }
  const share = Math.max(momentum, 1 / state.steps);
  for (const [name, { data }] of state.statistics) {
    const batch = found.statistics.get(name);
    if (!batch) throw new RangeError(`Nothing is known of ${name}.`);
    for (let i = 0; i < data.length; i++) data[i] += share * (batch[i] - data[i]);
  }
}

import { bootstrap, type Interval } from '@bregma/core/statistics/bootstrap';
import { pearson, spearman } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';

/** Predicted and measured responses of the neurons that both know. NaN in `measured`: that pair was not measured. */
export interface MatchedResponses {
  names: string[];
  /** [responding × stimulated] */
  predicted: Float64Array;
  measured: Float64Array;
}

/** Picks the neurons that both the twin and the measurement have, by name. */
export function matchNeurons(
  twin: { names: string[]; responses: Float64Array },
  recording: { names: string[]; responses: Float64Array },
): MatchedResponses {
  const index = new Map(twin.names.map((name, i) => [name, i]));
  const kept = recording.names
    .map((name, i) => ({ name, here: i, there: index.get(name) }))
    .filter((neuron) => neuron.there !== undefined);
  const take = (matrix: Float64Array, size: number, key: 'here' | 'there') =>
    Float64Array.from(
      kept.flatMap((responding) =>
        kept.map((stimulated) => matrix[(responding[key] ?? 0) * size + (stimulated[key] ?? 0)]),
      ),
    );
  return {
    names: kept.map(({ name }) => name),
    predicted: take(twin.responses, twin.names.length, 'there'),
    measured: take(recording.responses, recording.names.length, 'here'),
  };
}

/** Stimulated neurons with at least one measured response of another neuron. */
function stimulatedNeurons({ names, measured }: MatchedResponses): number[] {
  return names
    .map((_, column) => column)
    .filter((column) =>
      names.some((__, row) => row !== column && !Number.isNaN(measured[row * names.length + column])),
    );
}

function pairs(
  { names, predicted, measured }: MatchedResponses,
  columns: number[],
): { predicted: number[]; measured: number[] } {
  const out = { predicted: [] as number[], measured: [] as number[] };
  for (const column of columns) {
    for (let row = 0; row < names.length; row++) {
      if (row === column || Number.isNaN(measured[row * names.length + column])) continue;
      out.predicted.push(predicted[row * names.length + column]);
      out.measured.push(measured[row * names.length + column]);
    }
  }
  return out;
}

export interface CausalValidity {
  pearson: number;
  spearman: number;
  /** By resampling stimulated neurons, whose responses hang together. */
  ci: Interval;
  pairs: number;
  stimulated: number;
  perStimulated: { unit: string; pearson: number | null; spearman: number | null; pairs: number }[];
}

/** Correlation over all measured pairs off the diagonal. */
export function causalCorrelation(matched: MatchedResponses): number {
  const { predicted, measured } = pairs(matched, stimulatedNeurons(matched));
  return pearson(predicted, measured);
}

/** Correlation over all measured pairs off the diagonal, and for each stimulated neuron by itself. */
export function causalValidity(matched: MatchedResponses, seed: number): CausalValidity {
  const columns = stimulatedNeurons(matched);
  const whole = pairs(matched, columns);
  const statistic = (chosen: Float64Array) => {
    const sample = pairs(matched, Array.from(chosen));
    return pearson(sample.predicted, sample.measured);
  };
  return {
    pearson: pearson(whole.predicted, whole.measured),
    spearman: spearman(whole.predicted, whole.measured),
    ci: bootstrap(columns, statistic, makeRandom(`causal validity ${seed}`), { resamples: 500 }),
    pairs: whole.measured.length,
    stimulated: columns.length,
    perStimulated: columns.map((column) => {
      const one = pairs(matched, [column]);
      const r = pearson(one.predicted, one.measured);
      const rho = spearman(one.predicted, one.measured);
      return {
        unit: matched.names[column],
        pearson: Number.isFinite(r) ? r : null,
        spearman: Number.isFinite(rho) ? rho : null,
        pairs: one.measured.length,
      };
    }),
  };
}

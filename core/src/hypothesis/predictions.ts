import type { Prediction } from '../contracts/hypothesis.ts';
import { findMetric, type Metric, metricNames } from '../contracts/metric.ts';
import { questionInWords } from '../contracts/question.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { refuseStrange, tableMetric, tableMetricNames } from '../questions/analyse.ts';

/** The metric of this name. Throws `unknown-name` with the nearest. */
export function metricOf(name: string): Metric {
  const found = findMetric(name);
  if (found) return found;
  throw unknownName('metric', name, nearest(name, metricNames), `There are: ${metricNames.join(', ')}.`);
}

/** Unit of a prediction's metric. Throws `unknown-name` with the nearest of all metrics. */
export function unitOf({ metric, measured }: { metric: string; measured?: unknown }): string {
  const all = [...metricNames, ...tableMetricNames];
  if (!all.includes(metric)) throw unknownName('metric', metric, nearest(metric, all), `There are: ${all.join(', ')}.`);
  return measured ? tableMetric(metric).metric.unit : metricOf(metric).unit;
}

/** Throws `bad-input` unless a prediction about a table can be tested. */
function acceptMeasured({ id, metric, size, direction, between, measured }: Prediction): void {
  const {
    metric: { range, nothing, onlyNothing },
    test,
  } = tableMetric(metric);
  if (between.length > 0)
    throw new BregmaError('bad-input', `Prediction ${id}: ${metric} is about a table, not about twins.`, {
      next: 'Leave between out.',
    });
  const roles = test.roles.map(({ name }) => name);
  const strange = Object.keys(measured?.columns ?? {}).find((role) => !roles.includes(role));
  const lacking = test.roles.find(({ name, optional }) => !optional && !measured?.columns[name]);
  if (strange !== undefined || lacking)
    throw new BregmaError(
      'bad-input',
      `Prediction ${id}: ${metric} ${lacking ? `needs a column as ${lacking.name}` : `has no role ${strange}`}.`,
      { next: `columns: {${test.roles.map(({ name, optional }) => `${name}${optional ? '?' : ''}: …`).join(', ')}}` },
    );
  if (measured) refuseStrange({ ...measured, metric });
  if (onlyNothing && (size !== nothing || direction === 'equivalent'))
    throw new BregmaError(
      'bad-input',
      `Prediction ${id}: ${metric} has a test of ${nothing} alone, which means no effect, above it or below.`,
      { next: `Name size ${nothing} and direction greater or less.` },
    );
  if (size !== nothing && !(size > range[0] && size < range[1]))
    throw new BregmaError(
      'bad-input',
      `Prediction ${id}: ${measured ? questionInWords({ ...measured, metric }) : metric} lies between ${range[0]} and ${range[1]}: not ${size}.`,
      { next: 'Name a size within.' },
    );
  if (size !== nothing) refuseUnfailing({ id, size, direction }, metric, range);
}

/** Share of its metric's range that a claim must leave for measurements that speak against it. */
const room = 0.05;

/** Throws `bad-input` for a claim that next to no value of its metric could refute. */
function refuseUnfailing(
  { id, size, direction }: Pick<Prediction, 'id' | 'size' | 'direction'>,
  metric: string,
  [low, high]: readonly [number, number],
): void {
  const left = direction === 'greater' ? size - low : high - size;
  if (!Number.isFinite(high - low) || left >= room * (high - low)) return;
  throw new BregmaError(
    'bad-input',
    `Prediction ${id}: ${metric} lies between ${low} and ${high}; with a size of ${size} next to nothing could speak against it.`,
    { next: 'Leave a twentieth of that range in which it would be wrong.' },
  );
}

/** Throws `bad-input` unless the prediction's metric can test it. */
export function acceptPrediction(prediction: Prediction): void {
  if (prediction.measured || tableMetricNames.includes(prediction.metric)) {
    acceptMeasured(prediction);
    return;
  }
  const { name, twins, range } = metricOf(prediction.metric);
  if (prediction.between.length !== twins || new Set(prediction.between).size !== twins)
    throw new BregmaError(
      'bad-input',
      `Prediction ${prediction.id}: ${name} is about ${twins} different twin(s), not ${prediction.between.length}.`,
      {
        next:
          twins === 2
            ? 'Name two twins in between: the metric is r of the first minus r of the second.'
            : 'Name one twin in between.',
      },
    );
  if (!(prediction.size > range[0] && prediction.size < range[1]))
    throw new BregmaError(
      'bad-input',
      `Prediction ${prediction.id}: ${name} lies between ${range[0]} and ${range[1]}; a size of ${prediction.size} makes a prediction that cannot fail, or cannot hold.`,
      { next: `Name a size within ${range[0]} and ${range[1]}, both excluded.` },
    );
  refuseUnfailing(prediction, name, range);
}

/**
 * A kind of test measures one metric. A file of this folder exports one, named as the file:
 *
 * ```ts
 * // test-kinds/twin-accuracy.ts
 * import { measureContrast } from '../domain/measure-contrast.ts';
 * import type { TestKind } from './test-kind.ts';
 *
 * export const twinAccuracy: TestKind = {
 *   metric: 'r',
 *   measure: (evidence, prediction) => measureContrast(evidence, prediction, [1]),
 * };
 * ```
 *
 * The metric itself, with unit and range, stands in `core/contracts/metric.ts`; nothing else is edited.
 */
import type { Prediction } from '@bregma/core/contracts/hypothesis';
import type { metricNames } from '@bregma/core/contracts/metric';
import type { TrialTable } from '../domain/trial-table.ts';

/** What a test is made from. All of it is on record; nothing of it was typed in. */
export interface Evidence {
  trials: TrialTable;
  /** Units of inference: the planned stimuli, each with its copies, in the plan's order. */
  units: number[][];
  /** One array a twin, in the order of the prediction's `between`: C order [neuron × unit], columns as `units`. */
  predicted: Float64Array[];
  /** For resampling. */
  seed: number;
  /** Called between steps: lets other work through, and throws when the call was cancelled. */
  breathe(): Promise<void>;
}

/** What the evidence says of one prediction. */
export interface Measurement {
  /** The metric; null when the evidence does not hold it. */
  estimate: number | null;
  low: number | null;
  high: number | null;
  interval: string;
  /** e-values: evidence that the prediction is right, and that it is wrong. Null: no evidence either way can be had. */
  eFor: number | null;
  eAgainst: number | null;
  inference: string;
  n: { count: number; of: string };
  /** Small numbers that belong beside the verdict. */
  details: Record<string, number | null | number[]>;
  /** One row a neuron; columns named. */
  perNeuron: { columns: string[]; values: Float64Array };
}

/** Measures one metric. One file in this folder each. */
export interface TestKind {
  /** Name of the metric (`core/contracts/metric.ts`). */
  metric: (typeof metricNames)[number];
  measure(evidence: Evidence, prediction: Prediction): Promise<Measurement>;
}

/**
 * A kind of test measures one metric. A file of this folder exports one, named as the file:
 *
 * ```ts
 * // mcp-servers/lab/src/test-kinds/twin-accuracy.ts
 * import { measureContrast } from '../domain/measure-contrast.ts';
 * import type { TestKind } from './test-kind.ts';
 *
 * export const twinAccuracy: TestKind = {
 *   metric: {
 *     name: 'r',
 *     title: 'How well one twin predicts',
 *     unit: 'r',
 *     twins: 1,
 *     range: [-1, 1],
 *     of: ([twin = '…']) => `mean over neurons of r(${twin})`,
 *   },
 *   measure: (evidence, prediction) => measureContrast(evidence, prediction, [1]),
 * };
 * ```
 *
 * `npm run gen` registers it, and copies what it says of its metric to `core`, where views and the editor read it.
 */
import type { Prediction } from '@bregma/core/contracts/hypothesis';
import type { Metric } from '@bregma/core/contracts/metric';
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
  /** What it measures. Written out in the file: it is read without the file's imports. */
  metric: Metric;
  measure(evidence: Evidence, prediction: Prediction): Promise<Measurement>;
}

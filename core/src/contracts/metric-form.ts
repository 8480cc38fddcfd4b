/** A statistic that a prediction can be about. The lab server measures it; everybody reads it in the same words. */
export interface Metric {
  name: string;
  /** What it answers, for a person who chooses one. */
  title: string;
  unit: string;
  /** How many twins a prediction's `between` names. */
  twins: 1 | 2;
  /** Range of its values. */
  range: [low: number, high: number];
  /** What is measured, in words. */
  of(between: string[]): string;
}

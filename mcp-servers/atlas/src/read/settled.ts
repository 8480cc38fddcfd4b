import type { Candidate } from './candidate.ts';

/** A column that is still without a type. */
export interface Work {
  /** Its name in the raw table. */
  raw: string;
  name: string;
  /** Values of the first rows. */
  sample: string[];
  candidates: Candidate[];
  missing: string[];
  told: boolean;
}

/** A column and the type that it has. */
export interface Settled extends Work {
  chosen: Candidate;
  /** Missing values. */
  misses: number;
  /** Rows of the conditions that the candidate watches. */
  watched: Record<string, number>;
}

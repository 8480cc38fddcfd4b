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

/** A column that had its type when its table was loaded, and how often each missing word stands in it. */
export interface SettledBefore {
  column: Settled;
  tokens: Record<string, number>;
}

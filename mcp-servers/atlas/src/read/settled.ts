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
  /** The type of dates, times or truth values that most of its values have, and how many of them have another. */
  nearly?: { candidate: Candidate; wrong: number; all: number };
  /** The type that most of its first values have, and not all: it is none of the candidates. */
  almost?: Candidate;
}

/** A column and the type that it has. */
export interface Settled extends Work {
  chosen: Candidate;
  /** Missing values. */
  misses: number;
  /** Rows of the conditions that the candidate watches. */
  watched: Record<string, number>;
  /** Of a text that has numbers in it, where it was looked for: its values, those that are no numbers, and the first of these. */
  mixture?: Mixture;
  /** The lowest and the highest of its numbers, where they are known and all are finite. */
  ends?: Ends;
}

/** The lowest and the highest of some numbers. */
export interface Ends {
  low: number;
  high: number;
}

/** Values of a column, those that are no numbers, and the first three of these with their rows, from 1. */
export interface Mixture {
  all: number;
  odd: number;
  first: { row: number; value: string }[];
}

/** A column that had its type when its table was loaded, and how often each missing word stands in it. */
export interface SettledBefore {
  column: Settled;
  tokens: Record<string, number>;
}

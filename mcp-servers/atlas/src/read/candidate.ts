import type { ColumnType } from './table-options.ts';
import type { ColumnPlan, Reading } from './text/kernel/block.ts';
import { stripped } from './text/words.ts';

/** What values are read as without SQL. */
export type Plain = ColumnPlan & { reading: Exclude<Reading, 'digits' | 'raw'> };

/** A type that a column may have. All SQL is over the raw column, which is text without nulls. */
export interface Candidate {
  name: ColumnType;
  /** A condition: the value, written back, is what was read. Absent for text. */
  fits?(raw: string): string;
  /** A condition: the value is missing. */
  missing(raw: string, words: string[]): string;
  /** The typed value, NULL where it is missing. */
  value(raw: string): string;
  /** The same for a column in which nothing is missing, where it is shorter. */
  whole?(raw: string): string;
  /** Conditions whose rows are counted in the same look at all rows. */
  watch?: Record<string, (raw: string) => string>;
  /**
   * Where values in the plainest notation are read without SQL: as what, and the words that are missing. What `fits` and `value` say
   * of such values is what kernels/csv.ts finds.
   */
  plain?: Plain;
  /** The unit of its values. */
  unit?: string;
  /** A person asked for it: what does not fit is an error. */
  asked?: boolean;
  /** What is worth saying when it is chosen. */
  note?: { what: string; option: string; doubtful?: boolean };
}

/** SQL: whether a raw value is missing. */
export type Lost = (raw: string) => string;

/** How values are read without SQL; not where a word could only be met with blanks around it. */
export const plainly = (plain: Plain): Plain | undefined =>
  plain.words.every((word) => word === stripped(word)) ? plain : undefined;

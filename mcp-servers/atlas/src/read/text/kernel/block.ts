/** What a column is read as. `digits`: text among which numbers are; `raw`: text of which nothing is missing. */
export type Reading =
  | 'integer'
  | 'number'
  | 'text'
  | 'digits'
  | 'raw'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'boolean';

/** How the parts of a date stand, with this sign between them: one or two digits, the year with four. */
export interface DateParts {
  order: 'dmy' | 'mdy' | 'ymd';
  sign: string;
}
/** How truth is written. */
export type TruthWord = 'true' | 'True' | 'TRUE';

/** A value among numbers that is none. row: in its block, from 0; text: its first characters. */
export interface OddValue {
  row: number;
  text: string;
}

/** What a column is read as. parts: of a date that is not in ISO's form; truth: of a boolean. */
export interface ColumnPlan {
  reading: Reading;
  words: string[];
  parts?: DateParts;
  truth?: TruthWord;
}

/** How a text is cut, and what its columns are read as. Structured-cloneable. */
export interface BlockPlan {
  /** Character codes; quote: -1 where there is none. */
  separator: number;
  quote: number;
  decimal: number;
  /** Lines end in CR LF. */
  returns: boolean;
  /** One a value of a row. words: those that mean missing, without blanks around them. */
  columns: ColumnPlan[];
}

/** What a column of a block holds. */
export interface ColumnOfBlock {
  /** Values that are there. */
  present: number;
  /** Of `integer` values that are other numbers, of texts those that only SQL can tell. Such a block has no pages that are right. */
  numeric: number;
  /** Values that are not what the column is read as; among `digits` those that are no numbers, which are as right as the others. */
  odd: number;
  /** The first ones among `digits`. */
  firstOdd?: OddValue[];
  /** Numbers of more than 17 digits, and from 2⁵³ to 10²⁰; of `digits` those of 16 digits or more, and those beyond 2⁵³. */
  long: number;
  large: number;
  /** Numbers such as 1.10, whose last zero no number is written back with; of `digits` those that begin with a zero. */
  zeros: number;
  /** The fewest and the most decimals of numbers without exponent; the fewest are more than the most where there is none. */
  shortest: number;
  longest: number;
  /** The least and the greatest number, eight bytes each as Parquet has them. */
  least?: Uint8Array;
  greatest?: Uint8Array;
  /** Bytes of its pages, headers among them; dictionary: 0 where there is none. */
  dictionary: number;
  data: number;
}

/** Whether what was found in a column stands in its pages as what it is. */
export const isRight = ({ numeric, odd }: Pick<ColumnOfBlock, 'numeric' | 'odd'>, reading: Reading): boolean =>
  numeric === 0 && (odd === 0 || reading === 'digits');

/** What came of a block. */
export interface Block {
  rows: number;
  blankLines: number;
  /** Rows follow on a blank line. */
  goesOn: boolean;
  /** Another width, line end or place of a quote than all rows have: nothing else is told. */
  irregular: boolean;
  columns: ColumnOfBlock[];
  /** How often each word was met, column after column. */
  counts: Uint32Array<ArrayBuffer>;
  /** The pages of all columns, one behind the other; the first ones lie in the buffer that was read. */
  pages: Uint8Array<ArrayBuffer>[];
}

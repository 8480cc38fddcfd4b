import type { Caption } from './caption.ts';
import type { Quantity } from './packed.ts';

/** Columns of an earlier result, each read as a view needs it. */
export interface Columns {
  /** Rows that were read. */
  length: number;
  /** One sentence when there are more rows than were read. */
  note?: string;
  /** Throws `bad-input` where a value is no number. NaN is "not measured". */
  numbers(name: string): Float64Array;
  /** Whole numbers and decimals with all of their digits; '' is "not measured". */
  words(name: string): string[];
  /** As the store has them. */
  values(name: string): unknown[];
  isNumeric(name: string): boolean;
}

/** One member of a plot cell with `view:`. */
export interface Member {
  is: 'column' | 'number' | 'word';
  needed?: true;
  oneOf?: string[];
  says: string;
}

/** A plot's form as it is chosen: name of a setting → value. */
export type Spec = Record<string, string | number>;

/** A view and what a plot cell says to draw it. */
export interface ViewForm {
  says: string;
  members: Record<string, Member>;
  /** The cell that is shown when one cannot be read. */
  example: string;
  /** Makes the model from columns; without it the view draws data sets alone. */
  draw?(columns: Columns, spec: Spec, caption: Caption): unknown;
}

const units: Record<string, string> = {
  deg: '°',
  hz: 'Hz',
  ms: 'ms',
  s: 's',
  us: 'µs',
  um: 'µm',
  mm: 'mm',
  nm: 'nm',
  mv: 'mV',
  pa: 'pA',
  pct: '%',
};

/** `orientation_deg` is an orientation in °. */
export function quantityOf(column: string): Quantity {
  const [, label, suffix] = /^(.+)_([a-z]+)$/i.exec(column) ?? [];
  const unit = suffix && units[suffix.toLowerCase()];
  return unit ? { label: label.replaceAll('_', ' '), unit } : { label: column.replaceAll('_', ' ') };
}

const collator = new Intl.Collator('en', { numeric: true });

/** Different values in the order in which people count. */
export const distinct = (words: string[]): string[] => [...new Set(words)].sort(collator.compare);

/** Sentences as one note, or nothing. */
export const noteOf = (...sentences: (string | false | undefined)[]): string | undefined =>
  sentences.filter(Boolean).join(' ') || undefined;

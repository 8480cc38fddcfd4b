/**
 * The words that mean "missing" in tables of the field: of BIDS (n/a), R (NA), NumPy (nan), Python (None), SQL (null), Excel
 * (#N/A), and those that pandas reads as missing: https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html
 */
export const missingWords = [
  '',
  'n/a',
  'N/A',
  'NA',
  'NaN',
  'nan',
  'NAN',
  '-nan',
  '-NaN',
  'None',
  'null',
  'NULL',
  'NaT',
  '<NA>',
  '#N/A',
  '#NA',
  '#N/A N/A',
  '1.#IND',
  '-1.#IND',
  '1.#QNAN',
  '-1.#QNAN',
  'nan(ind)',
  '-nan(ind)',
  '-1.#IND00',
  '1.#QNAN0',
];

/** What is missing in a column of numbers, dates or truth values alone, with the errors of Excel: in text it is what it is. */
export const missingSigns = ['.', '-', '–', '—', '#DIV/0!', '#NUM!', '#VALUE!', '#REF!', '#NAME?', '#NULL!'];

/** What a cell shows whose formula failed. */
export const cellErrors = [
  '#N/A',
  '#DIV/0!',
  '#VALUE!',
  '#REF!',
  '#NAME?',
  '#NUM!',
  '#NULL!',
  '#SPILL!',
  '#CALC!',
  '#GETTING_DATA',
];

const missing = new Set([...missingWords, ...missingSigns]);
const number = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const commaNumber = /^[+-]?(?:0|[1-9]\d*)(?:,\d*)?(?:[eE][+-]?\d+)?$/;
const infinite = /^[+-]?inf(?:inity)?$/i;

/** A value without the blanks around it, of every kind: also those that have no width. */
export const stripped = (value: string) => value.replace(/^[\s\u200b]+|[\s\u200b]+$/g, '');

/** Whether a value is a word or sign of a missing one. */
export const isMissing = (value: string) => missing.has(value.trim());

/** Whether a value is a number in an ordinary decimal notation: no leading zeros, no separators of thousands, no hexadecimal. */
export function isNumber(value: string, decimal: ',' | '.' = '.'): boolean {
  const text = stripped(value);
  return (decimal === ',' ? commaNumber : number).test(text) || infinite.test(text);
}

/** What kinds of characters a value is made of: "u12" and "v7" have one form, "unit" another. */
export const formOf = (value: string) =>
  value
    .trim()
    .replace(/\p{Lu}+/gu, 'A')
    .replace(/\p{Ll}+/gu, 'a')
    .replace(/\d+/g, '9');

const prefix = '(?:[kKMGcdmuµμnpf]|da)?';
const base =
  '(?:m|s|sec|V|A|Hz|g|M|mol|L|l|Ω|ohms?|S|F|W|J|N|Pa|K|C|T|B|b|bit|rad|cd|lx|lux|eV|min|h|hr|hrs|d|day|days|wk|yr|yrs|year|years|deg|°|°C|degC|%|px|pixels?|voxels?|vx|frames?|bins?|spikes?|sp|spk|synapses?|cells?|counts?|trials?|dB|bp|rpm|a\\.?u\\.?|A\\.?U\\.?|arb\\.?|z|1)';
// A digit alone is no power: m1 and m2 are names.
const power = '(?:\\^-?\\d|-\\d|[²³⁻¹]+)?';
const unit = new RegExp(`^${prefix}${base}${power}(?:\\s*[/·*.\\s]\\s*${prefix}${base}${power})*$`);

/** The unit that a value is, with or without brackets: `(um)`, `ms`, `spikes/s`. */
export function unitOf(value: string): string | undefined {
  const text = value.trim();
  const inside = /^[[(](.+)[\])]$/.exec(text)?.[1];
  if (inside !== undefined) return /[\p{L}%°]/u.test(inside) ? inside.trim() : undefined;
  return unit.test(text) || text === 'none' || text === '-' ? text : undefined;
}

import { uniqueNames } from '../unique-names.ts';
import { commonWidth } from './dialect.ts';
import type { TextRecord } from './records.ts';
import { formOf, isMissing, isNumber, stripped, unitOf } from './words.ts';

/** Which records of a table are what. Places count from the first record of those given. */
export interface Layout {
  /** Records before the header that are left out: titles. */
  titles: number;
  /** Rows of the header, 0 for none. */
  headers: number;
  /** Whether the last row of the header holds units. */
  units: boolean;
  /** Values of a row. */
  width: number;
  /** The header has one value less than the rows, whose first is the name of the row (R's write.table). */
  rowNames: boolean;
  /** Every row ends in a separator, after which nothing comes. */
  trailing: boolean;
  /** What was decided about the header and why, where it is doubtful. */
  doubt?: string;
}

/** Most rows of a header that are found without being told. */
const mostHeaders = 6;
/** Records at the beginning that a decision looks at. */
const looked = 2000;
const rowWords =
  /^(?:id|ids?_?\w*|name|unit|neuron|cell|roi|region|area|time|t|index|idx|frame|trial|stim\w*|subject|mouse|animal|session|channel|sample|gene|node|row|label)$/i;

/**
 * Titles, header rows and units of a table. header: what a person says, as a number of rows. decimal: the decimal sign.
 * A row is part of the header where the columns that hold numbers below hold none in it.
 */
export function layoutOf(records: TextRecord[], given: number | undefined, decimal: ',' | '.'): Layout {
  const top = records.slice(0, looked);
  const { width } = commonWidth(top);
  const titles = given === 0 ? 0 : countTitles(top, width);
  const body = top.slice(titles);
  const rowNames = given !== 0 && hasRowNames(body, width);
  const trailing = !rowNames && hasTrailing(body, width);
  const base = { titles, width: trailing ? width - 1 : width, rowNames, trailing };
  if (given !== undefined)
    return { ...base, headers: given, units: given > 1 && holdsUnits(body[given - 1], body, given, decimal) };
  if (rowNames) return { ...base, headers: 1, units: false };
  if (isDeepLabCut(body)) return { ...base, headers: body[1]?.fields[0] === 'individuals' ? 4 : 3, units: false };
  return { ...base, ...countHeaders(body, base.width, decimal) };
}

/** Lines before the header that have one value where the rows have several. */
function countTitles(records: TextRecord[], width: number): number {
  if (width < 2) return 0;
  let titles = 0;
  while (titles < Math.min(10, records.length - 2)) {
    const { fields } = records[titles];
    const next = records[titles + 1].fields;
    const filled = fields.filter((field) => field.trim() !== '').length;
    const short = fields.length < width && !(fields.length === width - 1 && fields.length > 1);
    const alone = filled === 1 && fields[0].trim() !== '' && next.filter((field) => field.trim() !== '').length > 1;
    const quotedNames = width === 2 && fields.length === 1 && looksLikeRowNames(records, titles);
    if (!(short || (fields.length === width && alone)) || quotedNames || filled > 1) break;
    titles++;
  }
  return titles;
}

function looksLikeRowNames(records: TextRecord[], at: number): boolean {
  const below = records.slice(at + 1);
  return (
    below.every(({ fields }) => fields.length === 2) && below.every(({ fields }, i) => fields[0] === String(i + 1))
  );
}

function hasRowNames(records: TextRecord[], width: number): boolean {
  const [first, ...below] = records;
  if (!first || below.length === 0 || first.fields.length !== width - 1) return false;
  if (width === 2 && !looksLikeRowNames(records, 0)) return false;
  return below.every(({ fields }) => fields.length === width) && below.some(({ fields }) => fields[width - 1] !== '');
}

function hasTrailing(records: TextRecord[], width: number): boolean {
  const [first, ...below] = records;
  if (!first || width < 2 || below.length === 0) return false;
  const empty = ({ fields }: TextRecord) => fields.length < width || fields[width - 1].trim() === '';
  return records.every(empty) && below.every(({ fields }) => fields.length === width);
}

const isDeepLabCut = (records: TextRecord[]) =>
  records[0]?.fields[0] === 'scorer' && ['bodyparts', 'individuals'].includes(records[1]?.fields[0]);

function countHeaders(
  body: TextRecord[],
  width: number,
  decimal: ',' | '.',
): Pick<Layout, 'headers' | 'units' | 'doubt'> {
  const columns = Array.from({ length: width }, (_, j) => votes(body, j, decimal)).filter((vote) => vote !== undefined);
  if (body.length === 1 && columns.length === width)
    return { headers: 0, units: false, doubt: 'its only line holds numbers and was taken for a row' };
  if (body.length < 2 || columns.length === 0) return { headers: 1, units: false, doubt: onlyText(body) };
  const most = Math.max(...columns.map(({ headers }) => headers));
  const rows = Math.min(most, Math.min(...columns.map(({ firstNumber }) => firstNumber)), mostHeaders);
  if (rows === 0) return numericFirstRow(body, decimal);
  if (rows === 1) return { headers: 1, units: false };
  if (rows === 2 && holdsUnits(body[1], body, 2, decimal))
    return { headers: 2, units: true, doubt: 'the second row holds units' };
  const levels = body.slice(0, rows);
  if (levels.slice(0, -1).every(repeats) && columns.length > 1) {
    return {
      headers: rows,
      units: rows > 2 && holdsUnits(levels[rows - 1], body, rows, decimal),
      doubt: `${rows} rows stand above the first numbers and are joined into one name`,
    };
  }
  return {
    headers: 1,
    units: false,
    doubt: `row 2 holds no numbers where the rows below do; with header: 2 it is part of the header`,
  };
}

/** Of a column that holds numbers: how many rows stand above them, and where the first number is; else undefined. */
function votes(body: TextRecord[], column: number, decimal: ',' | '.') {
  let [firstNumber, lastText] = [-1, -1];
  for (const [i, { fields }] of body.entries()) {
    const value = fields[column];
    if (value === undefined || isMissing(value)) continue;
    if (!isNumber(value, decimal)) {
      if (firstNumber >= 0) return undefined;
      lastText = i;
    } else if (firstNumber < 0) firstNumber = i;
  }
  return firstNumber < 0 ? undefined : { firstNumber, headers: lastText + 1 };
}

/** Whether a name of the row stands over several columns. */
const repeats = ({ fields }: TextRecord) => {
  const names = fields.map(stripped);
  return new Set(names).size < names.length || names.slice(1).includes('');
};

/** A row of units: at least half of its cells are some, and more than one, or one in brackets or alone; the names above differ. */
function holdsUnits(row: TextRecord | undefined, body: TextRecord[], headers: number, decimal: ',' | '.'): boolean {
  const names = body[headers - 2];
  if (!row || !names || repeats(names)) return false;
  const cells = row.fields.filter((field) => field.trim() !== '');
  const below = body.slice(headers, headers + 100);
  // A unit stands above numbers: over texts it is one of them.
  const overText = (column: number) =>
    below.some(({ fields }) => !isMissing(fields[column] ?? '') && !isNumber(fields[column], decimal));
  const units = row.fields.filter(
    (field, j) =>
      field.trim() !== '' && unitOf(field) !== undefined && (/^\s*(none|-)\s*$/.test(field) || !overText(j)),
  );
  const sure = units.length > 1 || (row.fields.length > 1 && cells.length === 1) || /^\s*[[(]/.test(units[0] ?? '');
  const named = names.fields.every((field) => unitOf(field) === undefined || field.trim().length < 3);
  return sure && units.length > 0 && units.length >= cells.length / 2 && named;
}

function onlyText(body: TextRecord[]): string | undefined {
  const [first, ...below] = body;
  const inside = first?.fields.some(
    (field, j) => field.trim() !== '' && below.some(({ fields }) => fields[j]?.trim() === field.trim()),
  );
  return inside ? 'the first row has a value that stands in its column again' : undefined;
}

/** Whether a first row that may be numbers like the rows below is a header: `unit,0,45,90` and `,0,1,2` are. */
function numericFirstRow(body: TextRecord[], decimal: ',' | '.'): Pick<Layout, 'headers' | 'units' | 'doubt'> {
  const [first, ...below] = body;
  const cells = first.fields.map((field) => field.trim());
  const numbers = cells.filter((cell) => isNumber(cell, decimal)).map((cell) => Number(cell.replace(',', '.')));
  const words = cells.flatMap((cell, j) => (cell === '' || isNumber(cell, decimal) ? [] : [{ cell, j }]));
  const header = { headers: 1, units: false, doubt: 'the first row holds numbers and was taken for names' };
  const none = { headers: 0, units: false, doubt: 'the first row looks like the others: there is no header' };
  const distinct = new Set(cells).size === cells.length;
  // An index without a name, as pandas writes it.
  if (cells[0] === '' && distinct && cells.length > 1 && below.every(({ fields }) => fields[0].trim() !== ''))
    return header;
  if (words.length === 0) {
    const counted = numbers.length > 2 && numbers.every((value, i) => value === numbers[0] + i) && numbers[0] <= 1;
    return counted && fractions(below, decimal) ? header : none;
  }
  const apart = words.some(({ cell, j }) =>
    isApart(
      cell,
      below.slice(0, 100).map(({ fields }) => (fields[j] ?? '').trim()),
    ),
  );
  const word = words.some(({ cell }) => rowWords.test(cell));
  const rising = numbers.length > 1 && numbers.every((value, i) => i === 0 || value > numbers[i - 1]);
  const whole = numbers.every(Number.isInteger) && fractions(below, decimal);
  return distinct && (apart || word || (rising && whole)) ? header : none;
}

/** Whether a word is of another form than the values below it, or none of the few words that these repeat. */
function isApart(word: string, below: string[]): boolean {
  if (!below.some((value) => formOf(value) === formOf(word))) return true;
  const few = new Set(below);
  return few.size <= below.length / 3 && !few.has(word);
}

const fractions = (records: TextRecord[], decimal: ',' | '.') =>
  records
    .slice(0, 100)
    .some(({ fields }) => fields.some((field) => isNumber(field, decimal) && field.includes(decimal)));

/**
 * Names of columns from the rows of a header, joined with _: empty ones are called by their place, repeated ones get a number.
 * SQL does not tell capitals. repeated: the names that another column had.
 */
export function namesOf(rows: string[][], width: number): { names: string[]; empty: number; repeated: string[] } {
  const filled = rows.map((row, i) => (i < rows.length - 1 ? fillRight(row, width) : row));
  const joined = Array.from({ length: width }, (_, j) =>
    filled
      .map((row) => stripped(row[j] ?? ''))
      .filter((part) => part !== '')
      .join('_'),
  );
  const wanted = joined.map((name, j) => name || `column${j}`);
  const names = uniqueNames(wanted);
  const repeated = wanted.filter((name, j) => name !== names[j]);
  const empty = joined.filter((name) => name === '').length;
  return { names, empty, repeated };
}

/** A name over several columns stands in the first of them. */
function fillRight(row: string[], width: number): string[] {
  let last = '';
  return Array.from({ length: width }, (_, j) => {
    if ((row[j] ?? '').trim() !== '') last = row[j];
    return last;
  });
}

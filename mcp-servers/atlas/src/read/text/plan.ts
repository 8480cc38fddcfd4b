import path from 'node:path';
import type { Decision } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import type { TableOptions } from '../table-options.ts';
import { chooseSeparator, commentsAtTop, separatorName } from './dialect.ts';
import { type Layout, layoutOf, namesOf } from './header.ts';
import { cutAll, type Dialect, type Flaw, type TextRecord } from './records.ts';
import { isMissing, isNumber, unitOf } from './words.ts';

/** How a text file is a table: everything that is decided before its rows are read. */
export interface TextPlan {
  dialect: Dialect;
  decimal: ',' | '.';
  names: string[];
  /** Units that a row of the header gives, by column name. */
  units: Record<string, string>;
  /** Values of a row in the file. */
  width: number;
  /** The line on which the first row begins, and the line before which the last one ends. */
  firstRowLine: number;
  /** Records before the first row each take one line. */
  evenTop: boolean;
  /** Every row ends in a separator, after which nothing comes. */
  trailing: boolean;
  decisions: Decision[];
}

/** sample: the beginning of the text; firstLine: its line in the file; whole: whether it is everything. */
interface Sample {
  text: string;
  firstLine: number;
  whole: boolean;
  file: string;
}

/** Decides how a text is a table, from its beginning and from what a person says. Throws `bad-input`, naming the line. */
export function planText(sample: Sample, options: TableOptions): TextPlan {
  const decisions: Decision[] = [];
  const top = leaveOutTop(sample, options, decisions);
  const dialect = dialectOf(top, options, decisions);
  const { records, flaw } = cutAll(top.text, dialect, top.firstLine);
  if (flaw && (sample.whole || flaw.what === 'after-quote')) throw flawed(flaw, dialect, sample.file);
  const begin = Math.max(
    0,
    records.findIndex(({ fields }) => fields.length > 0),
  );
  const there = records
    .slice(begin, sample.whole || records.length < 2 ? undefined : -1)
    .filter(({ fields }) => !isBlankRow(fields, dialect));
  if (there.length === 0)
    throw new BregmaError('bad-input', `${path.basename(sample.file)} is empty.`, {
      next: 'Begin the file with the names of its columns.',
    });
  const decimal = options.decimal ?? (options.thousands === '.' ? ',' : decimalOf(there, dialect));
  if (decimal === ',')
    decisions.push({
      what: 'The decimal sign is a comma.',
      option: 'decimal',
      // "1,2" alone in a row may be two numbers.
      doubtful: options.decimal ? undefined : isAmbiguous(there) || dialect.separator === '' || undefined,
    });
  const header = headerOf(there, top.commentHeader, decimal, options, decisions);
  // Lines are counted by their line feeds where DuckDB reads the file itself.
  const evenTop = header.evenTop && !/\r(?!\n)/.test(sample.text);
  return { dialect, decimal, decisions, ...header, evenTop };
}

/** Whether a record holds nothing: a blank line. In a file of one column a blank line is a missing value. */
export const isBlankRow = (fields: string[], { separator }: Dialect) =>
  separator !== '' && (fields.length === 0 || (fields.length === 1 && fields[0].trim() === ''));

interface Top extends Sample {
  /** A line of comment that may be the header. */
  commentHeader?: string;
  separator?: string;
}

function leaveOutTop(sample: Sample, options: TableOptions, decisions: Decision[]): Top {
  const excel = /^sep=(.)(?:\r\n|\n|\r)/i.exec(sample.text);
  const without = (lines: number, text: string): Sample => ({ ...sample, text, firstLine: sample.firstLine + lines });
  if (excel) return { ...without(1, sample.text.slice(excel[0].length)), separator: excel[1] };
  if (options.comment !== undefined) return sample;
  const { mark, lines } = commentsAtTop(sample.text);
  if (lines.length === 0) return sample;
  decisions.push({
    what: `${count(lines.length, 'comment line')} at the top ${lines.length === 1 ? 'is' : 'are'} left out: "${shorten(lines[0])}".`,
    option: 'comment',
  });
  const text = sample.text.replace(new RegExp(`^(?:[^\\r\\n]*(?:\\r\\n|\\n|\\r)){${lines.length}}`), '');
  return { ...without(lines.length, text), commentHeader: lines[lines.length - 1].slice(mark.length).trim() };
}

function dialectOf(top: Top, options: TableOptions, decisions: Decision[]): Dialect {
  const quoting = { quote: options.quote ?? '"', escape: options.escape };
  const comment = options.comment ?? '';
  const given = options.separator === '\\t' ? '\t' : (options.separator ?? top.separator);
  if (given !== undefined) return { separator: given, ...quoting, comment };
  const uncommented = comment === '' ? top.text : top.text.replaceAll(new RegExp(`^${escaped(comment)}.*$`, 'gm'), '');
  const { separator, doubt } = chooseSeparator(uncommented, top.file, quoting, !top.whole);
  decisions.push({
    what: `Separator: ${separatorName(separator)}${doubt ? `; ${doubt}` : ''}.`,
    option: 'separator',
    doubtful: doubt ? true : undefined,
  });
  return { separator, ...quoting, comment };
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** A comma is the decimal sign where it separates no values, some column holds numbers with one, and no value has a point in it. */
function decimalOf(records: TextRecord[], { separator }: Dialect): ',' | '.' {
  if (separator === ',') return '.';
  const body = records.slice(0, 500);
  // 1.234 may be a thousand, where another column has decimal commas.
  const pointed = (field: string) =>
    field.includes('.') && isNumber(field) && !/^\s*[+-]?[1-9]\d{0,2}\.\d{3}\s*$/.test(field);
  if (body.some(({ fields }) => fields.some(pointed))) return '.';
  const width = Math.max(...body.map(({ fields }) => fields.length));
  for (let j = 0; j < width; j++) {
    const values = body
      .slice(1)
      .map(({ fields }) => fields[j] ?? '')
      .filter((value) => !isMissing(value));
    if (values.some((value) => value.includes(',')) && values.every((value) => isNumber(value, ','))) return ',';
  }
  return '.';
}

/** Whether every comma could separate thousands: 1,234. */
const isAmbiguous = (records: TextRecord[]) =>
  records
    .slice(1, 500)
    .every(({ fields }) =>
      fields.every(
        (field) => !field.includes(',') || !isNumber(field, ',') || /^[+-]?[1-9]\d{0,2},\d{3}$/.test(field.trim()),
      ),
    );

type Header = Pick<TextPlan, 'names' | 'units' | 'width' | 'firstRowLine' | 'evenTop' | 'trailing'>;

function headerOf(
  records: TextRecord[],
  commentHeader: string | undefined,
  decimal: ',' | '.',
  options: TableOptions,
  decisions: Decision[],
): Header {
  const { rows, layout, first } = rowsOfHeader(records, decimal, options);
  if (options.quote === undefined && records.slice(0, 500).some(({ fields }) => isCutInQuotes(fields)))
    decisions.push({
      what: 'Values between single quotation marks are cut at the separator; if these quote, they are one value.',
      option: `quote: "'"`,
      doubtful: true,
    });
  const commented = commentHeader === undefined ? undefined : fromComment(commentHeader, layout, records, options);
  const named = commented ? [commented] : (layout.units ? rows.slice(0, -1) : rows).map(({ fields }) => fields);
  const shifted = layout.rowNames && !commented ? named.map((row) => ['', ...row]) : named;
  const width = options.ragged === 'fill' ? Math.max(...records.map(({ fields }) => fields.length)) : layout.width;
  const { names, empty, repeated } = namesOf(shifted, width);
  const units = layout.units ? unitsOf(rows[rows.length - 1].fields, names) : {};
  say(decisions, {
    layout,
    rows: commented ? [] : rows,
    commented,
    empty,
    repeated,
    titles: records.slice(0, first),
    units,
    names,
    told: options.header !== undefined,
  });
  const at = commented ? layout.titles : first + (layout.units || rows.length > 0 ? rows.length : 0);
  const begin = records[at] ?? undefined;
  const last = records[at - 1];
  return {
    names,
    units,
    width: layout.trailing ? width + 1 : width,
    firstRowLine: begin?.line ?? (last ? last.line + 1 : 1),
    evenTop:
      records.slice(0, at + 1).every((record, i) => i === 0 || record.line >= records[i - 1].line) &&
      !rows.some(({ fields }) => fields.some((field) => /[\r\n]/.test(field))),
    trailing: layout.trailing,
  };
}

/** Whether a value begins with a single quotation mark and a later one ends with it: 'x,y' was cut. */
function isCutInQuotes(fields: string[]): boolean {
  const begin = fields.findIndex((field) => /^\s*'[^']*$/.test(field));
  return begin >= 0 && fields.slice(begin + 1).some((field) => /^[^']*'\s*$/.test(field));
}

/** The rows of the header, and how many records stand before them. */
function rowsOfHeader(records: TextRecord[], decimal: ',' | '.', options: TableOptions) {
  const { header } = options;
  if (Array.isArray(header)) {
    const rows = records.filter(({ line }) => header.includes(line));
    const last = records.findLastIndex(({ line }) => line <= Math.max(...header));
    const layout = { ...layoutOf(records.slice(last + 1), 0, decimal), headers: rows.length };
    return { rows, layout, first: last + 1 - rows.length };
  }
  const given = header === false || header === 'none' ? 0 : header === true ? 1 : header;
  const found = layoutOf(records, given, decimal);
  const layout =
    found.trailing && options.trailing === 'keep' ? { ...found, trailing: false, width: found.width + 1 } : found;
  return { rows: records.slice(layout.titles, layout.titles + layout.headers), layout, first: layout.titles };
}

/** The names in the last comment line, as NumPy's savetxt writes them, where the rows below have no header of their own. */
function fromComment(
  comment: string,
  layout: Layout,
  records: TextRecord[],
  options: TableOptions,
): string[] | undefined {
  if (options.header !== undefined || layout.width < 2) return undefined;
  const separators = [',', '\t', ';', '|', 'blanks'];
  const cells = separators
    .map((separator) => cutAll(comment, { separator, quote: '"', comment: '' }).records[0]?.fields ?? [])
    .find((fields) => fields.length === layout.width);
  if (!cells || cells.some((cell) => isNumber(cell))) return undefined;
  // A row of numbers is no header where names stand above it.
  const numbers = layout.headers === 1 && records[layout.titles]?.fields.every((field) => isNumber(field));
  const onlyText = records.every(({ fields }) => fields.every((field) => !isNumber(field)));
  return layout.headers === 0 || numbers || onlyText ? cells : undefined;
}

const unitsOf = (row: string[], names: string[]) =>
  Object.fromEntries(
    names.flatMap((name, j) => {
      const unit = unitOf(row[j] ?? '');
      return unit === undefined || unit === '-' || unit === 'none' ? [] : [[name, unit]];
    }),
  );

interface Said {
  layout: Layout;
  rows: TextRecord[];
  commented: string[] | undefined;
  empty: number;
  repeated: string[];
  titles: TextRecord[];
  units: Record<string, string>;
  names: string[];
  told: boolean;
}

function say(
  decisions: Decision[],
  { layout, rows, commented, empty, repeated, titles, units, names, told }: Said,
): void {
  if (titles.length > 0 && titles[0].fields.length > 0)
    decisions.push({
      what: `${count(titles.length, 'line')} above the header ${titles.length === 1 ? 'is' : 'are'} left out: "${shorten(titles[0].fields.join(' ').trim())}".`,
      option: 'header',
      doubtful: told ? undefined : true,
    });
  const place =
    rows.length === 0
      ? ''
      : rows.length === 1
        ? `line ${rows[0].line}`
        : `lines ${rows[0].line}–${rows[rows.length - 1].line}`;
  const what = commented
    ? 'The names of the columns are those of the last comment line'
    : rows.length === 0
      ? 'There is no header: the columns are called by their place'
      : `Header: ${place}`;
  const doubt = commented ? undefined : layout.doubt;
  decisions.push({
    what: `${what}${doubt && !told ? `; ${doubt}` : ''}.`,
    option: 'header',
    doubtful: (doubt && !told && !layout.units) || undefined,
  });
  if (Object.keys(units).length > 0)
    decisions.push({
      what: `Units of line ${rows[rows.length - 1].line}: ${Object.entries(units)
        .slice(0, 10)
        .map(([name, unit]) => `${name} in ${unit}`)
        .join(', ')}.`,
      option: 'header',
    });
  if (layout.rowNames)
    decisions.push({
      what: `The header has one name less than the rows have values: the first column is called ${names[0]}.`,
      option: 'header',
    });
  else if (empty > 0 && rows.length > 0)
    decisions.push({
      what: `${count(empty, 'column')} without a name ${empty === 1 ? 'is' : 'are'} called by ${empty === 1 ? 'its' : 'their'} place, as column0.`,
      option: 'header',
    });
  if (repeated.length > 0)
    decisions.push({
      what: `Names that repeat got a number: ${[...new Set(repeated)].slice(0, 10).join(', ')}.`,
      option: 'header',
    });
  if (layout.trailing)
    decisions.push({
      what: 'Every line ends in a separator: the empty column after it is left out.',
      option: 'trailing: "keep"',
    });
}

/** Throws what is wrong with a file's quotes, in words. */
export function flawed(
  { line, column, what, escaped }: Flaw,
  { separator, quote }: Dialect,
  file: string,
): BregmaError {
  const place = `${path.basename(file)}, line ${line}, character ${column}`;
  return new BregmaError(
    'bad-input',
    what === 'unclosed'
      ? `${place}: the quotation mark that opens here is never closed.`
      : `${place}: after the closing quotation mark comes neither the separator (${separatorName(separator)}) nor the end of the line.`,
    {
      next: `${escaped ? 'Where a backslash stands before marks that belong to a value: options {"escape": "\\\\"}. ' : ''}Double a ${quote} that belongs to a value, or read the marks as characters with options {"quote": ""}; the separator is options.separator.`,
    },
  );
}

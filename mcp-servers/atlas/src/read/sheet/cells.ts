import { BregmaError } from '@bregma/core/errors';
import { longestValue, type NumberKind, plainText, readXml, type SheetPart, type Workbook } from './workbook.ts';
import { attribute } from './xml.ts';

/** What a cell of a sheet is, by its own type and number format. */
export type CellKind = 'number' | 'text' | 'boolean' | 'date' | 'timestamp' | 'time' | 'duration' | 'error';

/** One cell with a value. column: from 0. text: digits as in the file, ISO for dates and times, 30:00:00 for durations. */
export interface Cell {
  column: number;
  kind: CellKind;
  text: string;
  /** A number with a fraction that is shown without it. */
  hidesFraction?: true;
}

/** A row with at least one cell. row: as Excel counts, from 1. */
export interface SheetRow {
  row: number;
  hidden: boolean;
  cells: Cell[];
}

/** Rectangles of merged cells, rows and columns as in cells, both ends included. */
export interface Merge {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** What is said of a sheet besides its cells. */
export interface SheetNotes {
  merges: Merge[];
  /** Formulas whose value the file does not hold. */
  uncached: number;
  /** Formulas with a value, and those whose value is 0. */
  formulas: number;
  zeros: number;
  hiddenColumns: number[];
}

/** Excel's last row and column, XFD1048576: ECMA-376 part 1, 18.3.1.73 and 18.3.1.4. */
const lastRow = 1_048_576;
export const lastColumn = 16_384;

/** Gives every row of a sheet that holds a value, in order. leaveZeros: formulas whose value is 0 have none. Throws when the XML is damaged. */
export async function eachRow(
  book: Workbook,
  sheet: SheetPart,
  take: (row: SheetRow) => void,
  leaveZeros = false,
): Promise<SheetNotes> {
  const notes: Omit<SheetNotes, 'hiddenColumns'> = { merges: [], uncached: 0, formulas: 0, zeros: 0 };
  let row: SheetRow = { row: 0, hidden: false, cells: [] };
  let [column, type, style, value] = [-1, '', 0, ''];
  let [reading, formula, inside, hasValue] = [false, false, false, false];
  const hidden = new Set<number>();
  const finish = () => {
    if (formula && !hasValue) notes.uncached++;
    if (!hasValue) return;
    if (formula) {
      notes.formulas++;
      // FALSE is 0 too, and somebody calculated it.
      const isZero = value.trim() === '0' && (type === '' || type === 'n');
      if (isZero) notes.zeros++;
      if (isZero && leaveZeros) return;
    }
    const cell = cellOf(column, type, style, value, book);
    if (cell.text !== '' || cell.kind !== 'text') row.cells.push(cell);
  };
  await readXml(book.zip, sheet.part, {
    open(name, tag, closed) {
      if (name === 'c') {
        const place = attribute(tag, 'r');
        column = place === undefined ? column + 1 : columnOf(place);
        if (column < 0 || column >= lastColumn) throw outside(`a cell at ${place ?? `column ${column + 1}`}`);
        if (isSecond(row, column)) throw twice(sheet, `${letters(column)}${row.row}`);
        [type, style, value] = [attribute(tag, 't') ?? '', Number(attribute(tag, 's') ?? 0), ''];
        [formula, hasValue] = [false, false];
      } else if (name === 'v' || name === 't') {
        inside = !closed && !reading;
        if (!closed) hasValue = true;
      } else if (name === 'f') formula = true;
      else if (name === 'rPh') reading = !closed;
      else if (name === 'row') {
        const at = Number(attribute(tag, 'r') ?? row.row + 1);
        if (!(at >= 1 && at <= lastRow)) throw outside(`a row ${at}`);
        if (at <= row.row) throw outOfOrder(sheet, at, row.row);
        row = {
          row: at,
          hidden: ['1', 'true'].includes(attribute(tag, 'hidden') ?? ''),
          cells: [],
        };
        column = -1;
      } else if (name === 'mergeCell') notes.merges.push(...mergeOf(attribute(tag, 'ref') ?? ''));
      else if (name === 'col' && ['1', 'true'].includes(attribute(tag, 'hidden') ?? ''))
        for (const column of columnsOf(tag)) hidden.add(column);
    },
    close(name) {
      if (name === 'v' || name === 't') inside = false;
      else if (name === 'c') finish();
      else if (name === 'rPh') reading = false;
      else if (name === 'row' && row.cells.length > 0) take(row);
    },
    text(piece) {
      if (!inside) return;
      value += piece;
      if (value.length > longestValue)
        throw new BregmaError('too-large', `${sheet.name}: a cell of row ${row.row} is longer than Excel allows.`, {
          next: 'Read another sheet or range with options.sheet and options.range.',
        });
    },
  });
  return { ...notes, hiddenColumns: [...hidden] };
}

const outside = (what: string) => new Error(`it has ${what}, and a sheet ends at XFD${lastRow}`);

/** The columns that a `col` is about, from 0. */
function columnsOf(tag: string): number[] {
  const [first, last] = ['min', 'max'].map((name) => Number(attribute(tag, name)));
  const length = Math.min(lastColumn, last) - first + 1;
  return first >= 1 && length >= 1 ? Array.from({ length }, (_, i) => first - 1 + i) : [];
}

const outOfOrder = ({ name }: SheetPart, at: number, before: number) =>
  new BregmaError('bad-input', `Sheet ${name}: row ${at} stands behind row ${before} in the file.`, {
    next: 'Open it in Excel or LibreOffice and save it: rows are then in their order.',
  });

/** Whether a row has a cell in this column already. Nearly always the cell goes behind the last. */
const isSecond = ({ cells }: SheetRow, column: number) =>
  cells.length > 0 && column <= cells[cells.length - 1].column && cells.some((cell) => cell.column === column);

const twice = ({ name }: SheetPart, cell: string) =>
  new BregmaError('bad-input', `Sheet ${name}: cell ${cell} stands in the file twice.`, {
    next: 'Open it in Excel or LibreOffice, look which value it shows, and save it.',
  });

function cellOf(column: number, type: string, style: number, value: string, book: Workbook): Cell {
  if (type === 's') return { column, kind: 'text', text: sharedText(value, book) };
  if (type === 'inlineStr' || type === 'str') return { column, kind: 'text', text: plainText(value) };
  if (type === 'b') return { column, kind: 'boolean', text: value === '1' || value === 'true' ? 'true' : 'false' };
  if (type === 'e') return { column, kind: 'error', text: value };
  if (type === 'd') return isoMoment(column, value);
  return numberCell(column, value.trim(), book.kinds[style] ?? 'number', book.since1904);
}

/** The text that a cell names by its place among the shared ones. */
function sharedText(place: string, { strings }: Workbook): string {
  const text = strings[Number(place)];
  if (text !== undefined || place.trim() === '') return text ?? '';
  throw new Error(`a cell names text ${place.slice(0, 20)} of ${strings.length} that it has`);
}

/** The moment of a date that stands in the file as text. */
function isoMoment(column: number, value: string): Cell {
  const text = value.replace('T', ' ').replace(/Z$/, '');
  return { column, kind: /^\d{4}-\d{2}-\d{2}$/.test(text) ? 'date' : 'timestamp', text };
}

const dayMs = 86_400_000;
/** 1954-10-03: no clock counts so many days. */
const firstLikelyDay = 20_000;

/**
 * A number as what its format says. Excel keeps days as binary fractions: moments are rounded to the nearest millisecond. What
 * no calendar holds stays the number it is.
 */
function numberCell(column: number, digits: string, format: NumberKind, since1904: boolean): Cell {
  const number: Cell = { column, kind: 'number', text: digits };
  if (format === 'whole' && /[.E-]/i.test(digits) && !Number.isInteger(Number(digits)))
    return { ...number, hidesFraction: true };
  if (format === 'number' || format === 'whole' || digits === '') return number;
  const ms = Math.round(Number(digits) * dayMs);
  if (!Number.isFinite(ms) || Math.abs(ms) > 2_958_466 * dayMs) return number;
  // A clock over the number of a day of this century shows the time of that day.
  const isMoment = format === 'time' && ms >= firstLikelyDay * dayMs;
  if (format === 'duration' || (format === 'time' && !isMoment && (ms < 0 || ms >= dayMs)))
    return { column, kind: 'duration', text: durationOf(ms) };
  if (format === 'time' && !isMoment) return { column, kind: 'time', text: timeOf(ms) };
  const moment = momentOf(ms, since1904);
  if (moment === undefined) return number;
  return ms % dayMs === 0
    ? { column, kind: 'date', text: moment.slice(0, 10) }
    : { column, kind: 'timestamp', text: moment };
}

/**
 * A count of milliseconds since Excel's day 0 as an ISO moment. Days before March 1900 are one off, since Excel counts a 29 February
 * 1900 that never was: that day itself is no moment.
 */
function momentOf(ms: number, since1904: boolean): string | undefined {
  if (since1904) return iso(Date.UTC(1904, 0, 1) + ms);
  if (ms < 0 || (ms >= 60 * dayMs && ms < 61 * dayMs)) return undefined;
  return iso(Date.UTC(1899, 11, ms < 60 * dayMs ? 31 : 30) + ms);
}

const iso = (at: number) =>
  new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '');
const timeOf = (ms: number) => iso(ms).slice(11);

/** Hours, minutes and seconds of any length: 30:00:00. */
function durationOf(ms: number): string {
  const whole = Math.abs(ms);
  const hours = Math.floor(whole / 3_600_000);
  return `${ms < 0 ? '-' : ''}${String(hours).padStart(2, '0')}${timeOf(whole % 3_600_000).slice(2)}`;
}

/** "C12" is column 2. */
export function columnOf(place: string): number {
  let column = 0;
  for (let i = 0; i < place.length; i++) {
    const code = place.charCodeAt(i) & 0xdf;
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

/** 2 is "C". */
export function letters(column: number): string {
  let text = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text;
}

function mergeOf(reference: string): Merge[] {
  const parts = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/i.exec(reference);
  if (!parts) return [];
  return [{ left: columnOf(parts[1]), top: Number(parts[2]), right: columnOf(parts[3]), bottom: Number(parts[4]) }];
}

import { isMissing } from '../text/words.ts';
import type { SheetRow } from './cells.ts';

/** A rectangle of a sheet that is one table: its rows, both ends included, and those of its columns that hold anything. */
export interface Region {
  top: number;
  bottom: number;
  columns: number[];
  /** Rows inside without a value. */
  blankRows: number;
}

/** A region without the columns that nobody is to see, and what became of those between its first and its last. */
export interface SeenRegion extends Region {
  /** Blank columns that are left out. */
  blankColumns: number;
  /** Columns that hold something, are hidden and are left out. */
  hiddenColumns: number[];
}

/** The region as it is read. unseen: hidden columns that are left out; keepsBlank: a column without a cell is one of missing values. */
export function seenRegion(region: Region, unseen: Set<number>, keepsBlank: boolean): SeenRegion {
  const { columns } = region;
  const [first, last] = [columns[0], columns[columns.length - 1]];
  const between = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((column) => !unseen.has(column));
  const shown = columns.filter((column) => !unseen.has(column));
  return {
    ...region,
    columns: keepsBlank ? between : shown,
    blankColumns: keepsBlank ? 0 : between.length - shown.length,
    hiddenColumns: columns.filter((column) => unseen.has(column)),
  };
}

/** What stands on a sheet: its tables, and what is none, in the order of the rows. */
export interface Regions {
  tables: Region[];
  /** Titles and notes: where, and the first text. */
  asides: { row: number; text: string; after: boolean }[];
}

interface Extent {
  top: number;
  bottom: number;
  filled: number;
}

/** Rows that follow each other, or are one table in spite of a blank row. */
interface Band extends Region {
  extents: Map<number, Extent>;
  /** Columns that hold numbers. */
  numeric: Set<number>;
  cells: number;
  rows: number;
  firstText: string;
}

/**
 * Finds the tables of a sheet as its rows go by: a blank row ends one where what follows looks like another header, stands beside it,
 * or is a single text behind which no row of the table follows. A blank column ends one where both sides are full and of different length.
 */
export class RegionFinder {
  private readonly bands: Band[] = [];
  /** A single text behind a blank row: a row of the table where one follows it at once, else a note or a title. */
  private held: SheetRow | undefined;

  push(row: SheetRow): void {
    const last = this.bands.at(-1);
    const begins = !last || (row.row > last.bottom + 1 && startsAnother(last, row));
    const { held } = this;
    this.held = undefined;
    if (held) {
      const goesOn = last !== undefined && row.row === held.row + 1 && !startsAnother(last, row);
      this.add(held, !goesOn);
      this.push(row);
    } else if (last && begins && isTextOf(last, row)) this.held = row;
    else this.add(row, begins);
  }

  private add(row: SheetRow, begins: boolean): void {
    if (begins) this.bands.push(newBand(row));
    const band = this.bands[this.bands.length - 1];
    if (band.rows > 0) band.blankRows += row.row - band.bottom - 1;
    band.bottom = row.row;
    band.rows++;
    band.cells += row.cells.length;
    for (const { column, kind } of row.cells) {
      if (kind !== 'text' && kind !== 'error') band.numeric.add(column);
      const extent = band.extents.get(column);
      if (!extent) band.extents.set(column, { top: row.row, bottom: row.row, filled: 1 });
      else {
        extent.bottom = row.row;
        extent.filled++;
      }
    }
  }

  end(): Regions {
    if (this.held) this.add(this.held, true);
    this.held = undefined;
    const regions: Regions = { tables: [], asides: [] };
    const widest = Math.max(0, ...this.bands.map(({ extents }) => extents.size));
    for (const band of this.bands) {
      const alone = band.extents.size === 1 && band.numeric.size === 0 && widest > 1;
      if (alone && (band.cells === 1 || regions.tables.length > 0))
        regions.asides.push({ row: band.top, text: band.firstText, after: regions.tables.length > 0 });
      else regions.tables.push(...splitBand(band));
    }
    return regions;
  }
}

const newBand = (row: SheetRow): Band => ({
  top: row.row,
  bottom: row.row,
  columns: [],
  blankRows: 0,
  extents: new Map(),
  numeric: new Set(),
  cells: 0,
  rows: 0,
  firstText: row.cells[0].text,
});

function startsAnother(band: Band, { cells }: SheetRow): boolean {
  if (band.cells === 1) return true;
  const words = cells.filter(({ kind, text }) => kind === 'text' && !isMissing(text));
  if (cells.length === 1 && words.length === 1) return band.extents.size > 1;
  if (!cells.some(({ column }) => band.extents.has(column))) return true;
  return words.length === cells.length && words.some(({ column }) => band.numeric.has(column));
}

/** Whether a row is one text in a column of texts: a note, a title, or a row whose other cells are empty. */
const isTextOf = (band: Band, { cells }: SheetRow) =>
  cells.length === 1 &&
  cells[0].kind === 'text' &&
  band.extents.has(cells[0].column) &&
  !band.numeric.has(cells[0].column);

function splitBand(band: Band): Region[] {
  const columns = [...band.extents.keys()].sort((a, b) => a - b);
  const groups: number[][] = [];
  for (const [i, column] of columns.entries()) {
    if (i === 0 || column !== columns[i - 1] + 1) groups.push([]);
    groups[groups.length - 1].push(column);
  }
  const parts = groups.map((group) => partOf(group, band));
  const apart =
    parts.length > 1 && parts.every((part, i) => part.full && (i === 0 || part.bottom !== parts[i - 1].bottom));
  const disjoint = parts.every(
    (part, i) => i === 0 || part.top > parts[i - 1].bottom || part.bottom < parts[i - 1].top,
  );
  if (parts.length === 1 || !(apart || disjoint))
    return [{ top: band.top, bottom: band.bottom, columns, blankRows: band.blankRows }];
  return parts.map(({ top, bottom, columns: some }) => ({ top, bottom, columns: some, blankRows: 0 }));
}

/** Columns side by side; full: there are several and one of them has a value in every row. */
function partOf(columns: number[], band: Band) {
  // SAFETY: the columns are the keys of the extents.
  const extents = columns.map((column) => band.extents.get(column) as Extent);
  const top = Math.min(...extents.map((extent) => extent.top));
  const bottom = Math.max(...extents.map((extent) => extent.bottom));
  const full = columns.length > 1 && extents.some(({ filled }) => filled === bottom - top + 1);
  return { top, bottom, columns, full };
}

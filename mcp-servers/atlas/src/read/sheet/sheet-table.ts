import type { Decision } from '@bregma/core/contracts/dataset';
import type { TableOptions } from '../table-options.ts';
import { GroupedRows } from '../text/grouped-rows.ts';
import { type Layout, layoutOf, namesOf } from '../text/header.ts';
import { isMissing, isNumber, unitOf } from '../text/words.ts';
import { type Cell, type CellKind, letters, type Merge, type SheetRow } from './cells.ts';
import { MergedCells } from './merged-cells.ts';
import type { Region, SeenRegion } from './regions.ts';

/** What the cells of a column are; 'mixed' becomes text. */
export type ColumnKind = 'number' | 'text' | 'boolean' | 'date' | 'timestamp' | 'time' | 'duration' | 'mixed';

/** Rows from which the header is decided, of a wide sheet fewer: so many cells. */
const looked = 2000;
const cellsLooked = 400_000;

/** One table of a sheet, written as plain CSV while the rows go by. */
export class SheetTable {
  readonly written: GroupedRows;
  rows = 0;
  hiddenRows = 0;
  /** Hidden rows that were left out, as Excel counts. */
  readonly left: number[] = [];
  names: string[] = [];
  units: Record<string, string> = {};
  decisions: Decision[] = [];
  private readonly region: SeenRegion;
  private readonly options: TableOptions;
  private readonly place: Map<number, number>;
  private readonly kinds: Set<CellKind>[];
  private readonly fractions: number[];
  private first: SheetRow[] | undefined = [];
  private cells = 0;
  private merged = new MergedCells([]);
  /** The row above, as Excel counts, and how many of the rows that were left out stand above it. */
  private before = 0;
  private passed = 0;

  constructor(temporaryPath: () => string, region: SeenRegion, options: TableOptions) {
    this.written = new GroupedRows(region.columns.length, temporaryPath);
    this.region = region;
    this.options = options;
    this.place = new Map(region.columns.map((column, i) => [column, i]));
    this.kinds = region.columns.map(() => new Set());
    this.fractions = region.columns.map(() => 0);
  }

  /** Takes a row if it is of this table. */
  take(row: SheetRow, merges: Merge[]): void {
    if (row.row < this.region.top || row.row > this.region.bottom) return;
    const cells = row.cells.filter(({ column }) => this.place.has(column));
    if (cells.length === 0) return;
    if (row.hidden && this.options.hidden === 'leave') {
      this.left.push(row.row);
      return;
    }
    const own = { ...row, cells };
    if (!this.first) {
      this.write(own);
      return;
    }
    this.cells += cells.length;
    if (this.first.push(own) >= looked || this.cells >= cellsLooked) this.decide(merges);
  }

  end(merges: Merge[]): void {
    if (this.first) this.decide(merges);
    this.written.end();
    if (this.merged.filled > 0)
      this.decisions.push({
        what: `${this.merged.filled} cell${this.merged.filled === 1 ? '' : 's'} below the first of merged cells hold${this.merged.filled === 1 ? 's' : ''} what the merged cell says.`,
        option: 'merged: "first"',
        doubtful: true,
      });
    for (const [i, count] of this.fractions.entries())
      if (count > 0)
        this.decisions.push({
          what: `Column ${this.names[i]}: ${count} value${count === 1 ? ' is' : 's are'} shown as whole numbers and hold${count === 1 ? 's' : ''} fractions. pandas writes durations so, as days: times 86400 they are seconds.`,
          column: this.names[i],
          doubtful: true,
        });
    for (const [i, kind] of this.columnKinds().entries())
      if (kind === 'mixed')
        this.decisions.push({
          what: `Column ${this.names[i]} is text: it has cells of several kinds (${[...this.kinds[i]].join(', ')}).`,
          column: this.names[i],
          option: 'types',
          doubtful: true,
        });
  }

  /** What each column is, by its cells. */
  columnKinds(): ColumnKind[] {
    return this.kinds.map((kinds) => {
      kinds.delete('error');
      const [only, other] = kinds;
      if (only === undefined) return 'text';
      // SAFETY: `error` was taken out above, and the other kinds of a cell are kinds of a column.
      if (other === undefined) return only as ColumnKind;
      if (kinds.size === 2 && kinds.has('date') && kinds.has('timestamp')) return 'timestamp';
      return kinds.size === 2 && kinds.has('time') && kinds.has('duration') ? 'duration' : 'mixed';
    });
  }

  private write(row: SheetRow): void {
    if (this.options.blank === 'keep') this.writeBlank(row.row);
    const { hidden } = row;
    const cells = this.merged.fill(row);
    const fields: string[] = new Array(this.region.columns.length).fill('');
    for (const { column, kind, text, hidesFraction } of cells) {
      // SAFETY: the cells are those of the table's columns.
      const at = this.place.get(column) as number;
      fields[at] = text;
      if (kind !== 'text' || !isMissing(text)) this.kinds[at].add(kind);
      if (hidesFraction) this.fractions[at]++;
    }
    this.rows++;
    if (hidden) this.hiddenRows++;
    this.written.push(fields);
  }

  /** Rows without a cell between the last one and this. */
  private writeBlank(row: number): void {
    let left = 0;
    for (; this.left[this.passed] < row; this.passed++) if (this.left[this.passed] > this.before) left++;
    const blank = this.before === 0 ? 0 : row - this.before - 1 - left;
    for (let i = 0; i < blank; i++) this.written.push(new Array(this.region.columns.length).fill(''));
    this.rows += blank;
    this.before = row;
  }

  private decide(merges: Merge[]): void {
    const rows = this.first ?? [];
    this.first = undefined;
    const inTable = merges.filter(
      ({ left, right, top }) =>
        top >= this.region.top &&
        top <= this.region.bottom &&
        this.region.columns.some((column) => column >= left && column <= right),
    );
    const written = asWritten(rows);
    const records = rows.map(({ row, cells }) => ({ line: row, fields: this.fields(cells, written) }));
    const { first, layout } = this.layout(records, inTable);
    const header = rows.slice(first, first + layout.headers);
    const named = (layout.units ? header.slice(0, -1) : header).map((row) =>
      this.fields(filled(row, inTable), ({ text }) => text),
    );
    const { names, empty, repeated } = namesOf(named, this.region.columns.length);
    this.names = names;
    if (layout.units) {
      const row = this.fields(header[header.length - 1].cells, ({ text }) => unitOf(text) ?? '');
      this.units = Object.fromEntries(
        names.flatMap((name, j) => (row[j] === '' || row[j] === '-' ? [] : [[name, row[j]]])),
      );
    }
    this.say(header, rows.slice(0, first), layout, empty, repeated, inTable);
    if (this.options.merged !== 'first') this.merged = new MergedCells(inTable);
    this.before = header.at(-1)?.row ?? 0;
    for (const row of rows.slice(first + layout.headers)) this.write(row);
  }

  private layout(records: { line: number; fields: string[] }[], merges: Merge[]): { first: number; layout: Layout } {
    const { header } = this.options;
    if (Array.isArray(header)) {
      const last = records.findLastIndex(({ line }) => line <= Math.max(...header));
      const count = records.filter(({ line }) => header.includes(line)).length;
      return { first: last + 1 - count, layout: { ...layoutOf(records.slice(last + 1), 0, '.'), headers: count } };
    }
    const given = header === false || header === 'none' ? 0 : header === true ? 1 : header;
    const layout = layoutOf(records, given, '.');
    const spanned = given === undefined ? spannedRows(records[layout.titles]?.line ?? 0, merges, this.region) : 0;
    const headers = Math.min(Math.max(layout.headers, spanned), records.length - layout.titles);
    return {
      first: layout.titles,
      layout: { ...layout, headers, doubt: headers === layout.headers ? layout.doubt : undefined },
    };
  }

  private fields(cells: Cell[], text: (cell: Cell) => string): string[] {
    const fields: string[] = new Array(this.region.columns.length).fill('');
    for (const cell of cells) {
      const at = this.place.get(cell.column);
      if (at !== undefined) fields[at] = text(cell);
    }
    return fields;
  }

  private say(
    header: SheetRow[],
    titles: SheetRow[],
    layout: Layout,
    empty: number,
    repeated: string[],
    merges: Merge[],
  ): void {
    const told = this.options.header !== undefined;
    const { columns, top, bottom, blankRows, blankColumns } = this.region;
    const say = (what: string, option?: string, doubtful?: boolean) =>
      this.decisions.push({ what, option, doubtful: doubtful || undefined });
    say(`Cells ${letters(columns[0])}${top}:${letters(columns[columns.length - 1])}${bottom}.`, 'range');
    if (titles.length > 0)
      say(
        `Row ${titles.map(({ row }) => row).join(', ')} above the header ${titles.length === 1 ? 'is' : 'are'} left out: "${titles[0].cells[0].text.slice(0, 80)}".`,
        'header',
        !told,
      );
    const place =
      header.length === 0
        ? 'There is no header: the columns are called by their place'
        : `Header: row ${header.map(({ row }) => row).join(', ')}`;
    say(
      `${place}${layout.doubt && !told ? `; ${layout.doubt}` : ''}.`,
      'header',
      layout.doubt !== undefined && !told && !layout.units,
    );
    if (empty > 0 && header.length > 0)
      say(
        `${empty} column${empty === 1 ? '' : 's'} without a name ${empty === 1 ? 'is' : 'are'} called by place, as column0.`,
        'header',
      );
    if (repeated.length > 0)
      say(`Names that repeat got a number: ${[...new Set(repeated)].slice(0, 10).join(', ')}.`, 'header');
    if (blankRows > 0 && this.options.blank !== 'keep')
      say(
        `${blankRows} blank row${blankRows === 1 ? '' : 's'} inside the table ${blankRows === 1 ? 'is' : 'are'} no row.`,
        'blank: "keep"',
        true,
      );
    if (blankColumns > 0)
      say(
        `${blankColumns} blank column${blankColumns === 1 ? '' : 's'} inside the table ${blankColumns === 1 ? 'is' : 'are'} left out.`,
        'blank: "keep"',
        true,
      );
    const last = header.at(-1)?.row ?? 0;
    const fills = this.options.merged !== 'first';
    const below = merges.filter((merge) => merge.top > last && (!fills || merge.right > merge.left));
    if (below.length > 0)
      say(
        `${below.length} merged cell${below.length === 1 ? '' : 's'} among the rows: the value stands in the first ${fills ? 'column' : 'cell'}, the others are missing.`,
        'merged',
        true,
      );
  }
}

/**
 * A cell as the search for the header takes it: dates count as numbers, where a column has more than one; a text of digits does not.
 */
function asWritten(rows: SheetRow[]): (cell: Cell) => string {
  const dated = new Map<number, number>();
  for (const { cells } of rows)
    for (const { column, kind } of cells)
      if (kind === 'date' || kind === 'timestamp') dated.set(column, (dated.get(column) ?? 0) + 1);
  return ({ column, kind, text }) => {
    if (kind === 'number') return text;
    if (kind === 'text') return isNumber(text) ? `'${text}` : text;
    if (kind === 'error') return '';
    return dated.get(column) === 1 ? text : '1';
  };
}

/** Rows of the header that merged cells show: a cell over two rows, or over some columns, which then have names below. */
function spannedRows(first: number, merges: Merge[], { columns, bottom }: Region): number {
  let rows = 0;
  for (const { top, bottom: end, left, right } of merges) {
    if (top !== first) continue;
    const whole = left <= columns[0] && right >= columns[columns.length - 1];
    rows = Math.max(rows, end - top + 1 + (right > left && !whole && end < bottom ? 1 : 0));
  }
  return Math.min(rows, 6);
}

/** The cells of a row of the header, a merged one over all of its columns. */
function filled(row: SheetRow, merges: Merge[]): Cell[] {
  const spread = row.cells.flatMap((cell) => {
    const merge = merges.find(({ top, left }) => top === row.row && left === cell.column);
    return merge
      ? Array.from({ length: merge.right - merge.left + 1 }, (_, i) => ({ ...cell, column: merge.left + i }))
      : [cell];
  });
  return spread;
}

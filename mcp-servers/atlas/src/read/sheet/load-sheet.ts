import path from 'node:path';
import type { Decision } from '@bregma/core/contracts/dataset';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { FormatKit } from '../../formats/format.ts';
import type { TableOptions } from '../table-options.ts';
import { inGroups } from '../text/load-text.ts';
import type { RawTable } from '../text/raw-table.ts';
import { columnOf, eachRow, lastColumn, letters, type SheetNotes, type SheetRow } from './cells.ts';
import { RegionFinder, type SeenRegion, seenRegion } from './regions.ts';
import { SheetTable } from './sheet-table.ts';
import { openWorkbook, type SheetPart, unreadable, type Workbook } from './workbook.ts';

/**
 * The tables of a workbook, one after the other, each as the raw table `raw`: cells as they are in the sheet's XML. Throws `corrupt`
 * when the workbook cannot be read, `bad-input` when there is no such sheet or no table.
 */
export async function* loadSheets(
  file: string,
  options: TableOptions,
  raw: string,
  kit: FormatKit,
): AsyncGenerator<{ sheet: string; table: RawTable }> {
  const book = await openWorkbook(file);
  try {
    let found = 0;
    for (const sheet of chosenSheets(book, options.sheet, file)) {
      for await (const table of tablesOf(book, sheet, file, options, raw, kit)) {
        found++;
        yield { sheet: sheet.name, table };
      }
    }
    if (found === 0)
      throw new BregmaError('bad-input', `${path.basename(file)} has no sheet with rows.`, {
        next: 'Check the sheet, and options.range.',
      });
  } finally {
    book.zip.close();
  }
}

function chosenSheets(book: Workbook, wanted: string | number | undefined, file: string): SheetPart[] {
  if (wanted === undefined) return book.sheets;
  const names = book.sheets.map(({ name }) => name);
  const sheet = typeof wanted === 'number' ? book.sheets[wanted - 1] : book.sheets.find(({ name }) => name === wanted);
  if (sheet) return [sheet];
  const near = typeof wanted === 'string' ? nearest(wanted, names) : [];
  throw new BregmaError(
    'unknown-name',
    `${path.basename(file)} has no sheet ${JSON.stringify(wanted)}.${near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ''}`,
    {
      next: `Its sheets: ${names.slice(0, 40).join(', ')}.`,
      fields: { what: 'sheet', id: String(wanted), nearest: near, file: path.basename(file) },
    },
  );
}

async function* tablesOf(
  book: Workbook,
  sheet: SheetPart,
  file: string,
  options: TableOptions,
  raw: string,
  kit: FormatKit,
): AsyncGenerator<RawTable> {
  const range = options.range === undefined ? undefined : rangeOf(options.range);
  const finder = new RegionFinder();
  let [left, right, top, bottom] = [lastColumn, -1, Number.POSITIVE_INFINITY, 0];
  const columns = new Set<number>();
  const rows = (take: (row: SheetRow) => void, leaveZeros = false) =>
    eachRow(
      book,
      sheet,
      (row) => {
        if (kit.signal.aborted) throwIfCancelled(kit.signal);
        if (range && (row.row < range.top || row.row > range.bottom)) return;
        const cells = range
          ? row.cells.filter(({ column }) => column >= range.left && column <= range.right)
          : row.cells;
        if (cells.length > 0) take(range ? { ...row, cells } : row);
      },
      leaveZeros,
    ).catch((error: unknown) => {
      throw unreadable(file, error);
    });
  const notes = await rows((row) => {
    if (!range) return finder.push(row);
    top = Math.min(top, row.row);
    bottom = row.row;
    for (const { column } of row.cells) {
      columns.add(column);
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  });
  const { tables, asides } = range
    ? {
        tables: columns.size === 0 ? [] : [{ top, bottom, columns: [...columns].sort((a, b) => a - b), blankRows: 0 }],
        asides: [],
      }
    : finder.end();
  if (tables.length === 0) return;
  const unseen = new Set(options.hidden === 'leave' ? notes.hiddenColumns : []);
  const seen = tables.map((region) => seenRegion(region, unseen, options.blank === 'keep'));
  const written = seen.map((region) => new SheetTable(() => kit.objects.temporaryPath(), region, options));
  try {
    await rows(
      (row) => {
        for (const table of written) table.take(row, notes.merges);
      },
      isUnknown(book, notes) && options.formulas !== 'zero',
    );
    for (const table of written) table.end(notes.merges);
    const said = [...sayOf(sheet, notes, seen, asides), ...uncalculated(book, notes, options)];
    for (const table of written) {
      if (table.names.length === 0) continue;
      yield await inGroups(rawOf(table, said, raw), table.written, file, kit);
    }
  } finally {
    for (const { written: rows } of written) rows.remove();
  }
}

function rawOf(table: SheetTable, said: Decision[], raw: string): RawTable {
  const hidden: Decision[] =
    table.hiddenRows > 0
      ? [
          {
            what: `${table.hiddenRows} hidden row${table.hiddenRows === 1 ? ' is' : 's are'} read as the others are.`,
            option: 'hidden: "leave"',
            doubtful: true,
          },
        ]
      : table.left.length > 0
        ? [
            {
              what: `${table.left.length} hidden row${table.left.length === 1 ? ' is' : 's are'} left out.`,
              option: 'hidden',
            },
          ]
        : [];
  const { names, rows, units } = table;
  return {
    raw,
    names,
    rows,
    units,
    decimal: '.',
    decisions: [...said, ...table.decisions, ...hidden],
    kinds: table.columnKinds(),
  };
}

/** Whether the values of formulas are none: a program that calculates nothing wrote 0 for each. */
const isUnknown = ({ isUncalculated }: Workbook, { formulas, zeros }: SheetNotes) =>
  isUncalculated && formulas > 0 && formulas === zeros;

const uncalculated = (book: Workbook, notes: SheetNotes, { formulas }: TableOptions): Decision[] =>
  isUnknown(book, notes) && formulas !== 'zero'
    ? [
        {
          what: `${notes.zeros} formula${notes.zeros === 1 ? ' has' : 's have'} the value 0 in a file that was never calculated, and ${notes.zeros === 1 ? 'is' : 'are'} missing: open it in Excel or LibreOffice and save it.`,
          option: 'formulas: "zero"',
          doubtful: true,
        },
      ]
    : [];

/** What is said of a sheet as a whole. */
function sayOf(
  sheet: SheetPart,
  notes: SheetNotes,
  tables: SeenRegion[],
  asides: { row: number; text: string; after: boolean }[],
): Decision[] {
  const said: Decision[] = [];
  if (sheet.hidden) said.push({ what: `Sheet ${sheet.name} is hidden.`, option: 'sheet', doubtful: true });
  const shownTables = tables.filter(({ columns }) => columns.length > 0);
  if (shownTables.length > 1)
    said.push({
      what: `Sheet ${sheet.name} holds ${shownTables.length} tables: ${shownTables
        .slice(0, 8)
        .map(
          (region) =>
            `${letters(region.columns[0])}${region.top}:${letters(region.columns[region.columns.length - 1])}${region.bottom}`,
        )
        .join(', ')}.`,
      option: 'range',
      doubtful: true,
    });
  for (const { row, text, after } of asides.slice(0, 5))
    said.push({
      what: `Row ${row} of ${sheet.name} is ${after ? 'a note' : 'a title'} and left out: "${text.slice(0, 80)}".`,
      option: 'range',
      doubtful: true,
    });
  if (notes.uncached > 0)
    said.push({
      what: `${notes.uncached} formula${notes.uncached === 1 ? ' has' : 's have'} no value in the file and ${notes.uncached === 1 ? 'is' : 'are'} missing: open it in Excel or LibreOffice and save it.`,
      doubtful: true,
    });
  const shown = notes.hiddenColumns.filter((column) => tables.some(({ columns }) => columns.includes(column)));
  if (shown.length > 0)
    said.push({
      what: `Hidden columns are read as the others are: ${shown.slice(0, 10).map(letters).join(', ')}${shown.length > 10 ? ` and ${shown.length - 10} more` : ''}.`,
      option: 'hidden: "leave"',
      doubtful: true,
    });
  const left = tables.flatMap(({ hiddenColumns }) => hiddenColumns);
  if (left.length > 0)
    said.push({
      what: `Hidden columns are left out: ${left.slice(0, 10).map(letters).join(', ')}${left.length > 10 ? ` and ${left.length - 10} more` : ''}.`,
      option: 'hidden',
    });
  return said;
}

function rangeOf(range: string) {
  const parts = /^\s*\$?([A-Z]{0,3})\$?(\d*)\s*:\s*\$?([A-Z]{0,3})\$?(\d*)\s*$/i.exec(range);
  const [, fromColumn, fromRow, toColumn, toRow] = parts ?? [];
  const limits = {
    left: fromColumn ? columnOf(fromColumn) : 0,
    right: toColumn ? columnOf(toColumn) : lastColumn,
    top: fromRow ? Number(fromRow) : 1,
    bottom: toRow ? Number(toRow) : Number.POSITIVE_INFINITY,
  };
  if (parts && limits.left <= limits.right && limits.top <= limits.bottom) return limits;
  throw new BregmaError('bad-input', `options.range is '${range.slice(0, 40)}'.`, {
    next: 'For a sheet it is cells, as "B3:F40", "B:F" or "3:40".',
  });
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { doubts, readTextTable, storeTable } from '../read/load-table.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** Excel workbooks: every sheet is a table, its first row the header. */
export const xlsx: FileFormat = {
  name: 'xlsx',
  title: 'Excel workbook',
  extensions: ['.xlsx'],
  options: [],
  async read(file, _options, kit) {
    const tables: Table[] = [];
    const warnings: string[] = [];
    for (const { sheet, rows } of await readSheets(file)) {
      throwIfCancelled(kit.signal);
      if (rows.length === 0) continue;
      const text = kit.objects.temporaryPath();
      writeFileSync(text, rows.map((row) => row.map(csvCell).join(',')).join('\n'));
      try {
        const typed = await readTextTable(text, { header: 1, separator: ',' }, kit);
        tables.push(await storeTable(typed, unusedName(tableName(sheet), tables), kit));
        warnings.push(...doubts(typed.decisions));
      } finally {
        rmSync(text, { force: true });
      }
    }
    if (tables.length === 0) throw new BregmaError('bad-input', `${path.basename(file)} has no sheet with rows.`);
    return { shape: 'tables', tables, arrays: [], warnings };
  },
};

/** All sheets of a workbook. Throws `corrupt` when it cannot be read. */
export async function readSheets(file: string): Promise<{ sheet: string; rows: unknown[][] }[]> {
  const { default: readXlsx } = await import('read-excel-file/node');
  try {
    return (await readXlsx(readFileSync(file))).map(({ sheet, data }) => ({ sheet, rows: data }));
  } catch (error) {
    throw new BregmaError(
      'corrupt',
      `${path.basename(file)} is no readable Excel workbook: ${error instanceof Error ? error.message : error}.`,
      { next: 'Save it again as .xlsx.' },
    );
  }
}

/** Two sheets may come to one name, as "a b" and "a-b" do; SQL does not tell capitals. */
function unusedName(name: string, tables: Table[]): string {
  const used = new Set(tables.map((table) => table.name.toLowerCase()));
  let free = name;
  for (let i = 2; used.has(free.toLowerCase()); i++) free = `${name}_${i}`;
  return free;
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

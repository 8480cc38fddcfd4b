import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { doubts, readWorkbook, storeTable } from '../read/load-table.ts';
import { tableName } from '../read/table-name.ts';
import { parseTableOptions } from '../read/table-options.ts';
import type { FileFormat } from './format.ts';

/** Excel workbooks: every table of every sheet is a table. */
export const xlsx: FileFormat = {
  name: 'xlsx',
  title: 'Excel workbook',
  // An old workbook has the ending .xls, and so have many files that are none: what it is says its reader.
  extensions: ['.xlsx', '.xlsm', '.xls'],
  options: ['types', 'missing', 'header', 'dates', 'sheet', 'range', 'merged', 'hidden', 'blank', 'formulas'],
  async read(file, options, kit) {
    const parsed = parseTableOptions(options);
    if (parsed.range !== undefined && parsed.sheet === undefined) parsed.sheet = 1;
    const tables: Table[] = [];
    const warnings: string[] = [];
    for await (const { sheet, table } of readWorkbook(file, parsed, kit)) {
      tables.push(await storeTable(table, unusedName(tableName(sheet), tables), kit));
      warnings.push(...doubts(table.decisions));
    }
    if (tables.length === 0) throw new BregmaError('bad-input', 'The workbook has no sheet with rows.');
    return { shape: 'tables', tables, arrays: [], warnings: [...new Set(warnings)] };
  },
};

/** Two sheets may come to one name, as "a b" and "a-b" do; SQL does not tell capitals. */
function unusedName(name: string, tables: Table[]): string {
  const used = new Set(tables.map((table) => table.name.toLowerCase()));
  let free = name;
  for (let i = 2; used.has(free.toLowerCase()); i++) free = `${name}_${i}`;
  return free;
}

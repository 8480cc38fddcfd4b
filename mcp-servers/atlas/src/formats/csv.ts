import { doubts, readTextTable, storeTable } from '../read/load-table.ts';
import { tableName } from '../read/table-name.ts';
import { parseTableOptions, tableOptionNames } from '../read/table-options.ts';
import type { FileFormat } from './format.ts';

/** Values of rows in text, whatever separates them, also gzipped. */
export const csv: FileFormat = {
  name: 'csv',
  title: 'Comma- or tab-separated text',
  extensions: ['.csv', '.tsv', '.txt', '.csv.gz', '.tsv.gz', '.txt.gz'],
  options: [
    ...tableOptionNames.filter((name) => !['sheet', 'merged', 'hidden', 'formulas'].includes(name)),
    'delimiter',
  ],
  async read(file, options, kit) {
    const typed = await readTextTable(file, parseTableOptions(options), kit);
    const table = await storeTable(typed, tableName(file), kit);
    return { shape: 'tables', tables: [table], arrays: [], warnings: doubts(typed.decisions) };
  },
};

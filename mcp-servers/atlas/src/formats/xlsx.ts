import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { literal } from '../ingest/duck.ts';
import { tableName } from './csv.ts';
import type { FileFormat } from './format.ts';

/** Excel workbooks: every sheet is a table, its first row the header. */
export const xlsx: FileFormat = {
  name: 'xlsx',
  title: 'Excel workbook',
  extensions: ['.xlsx'],
  options: [],
  async read(file, _options, kit) {
    const tables = [];
    for (const { sheet, rows } of await readSheets(file)) {
      throwIfCancelled(kit.signal);
      if (rows.length === 0) continue;
      const text = kit.objects.temporaryPath();
      writeFileSync(text, rows.map((row) => row.map(csvCell).join(',')).join('\n'));
      try {
        await kit.duck.run(
          `CREATE OR REPLACE TABLE incoming AS SELECT * FROM read_csv(${literal(text)}, header = true, sample_size = -1, delim = ',')`,
        );
      } finally {
        rmSync(text, { force: true });
      }
      tables.push(await kit.duck.table('SELECT * FROM incoming', { name: tableName(sheet) }));
    }
    if (tables.length === 0) throw new BregmaError('bad-input', `${path.basename(file)} has no sheet with rows.`);
    return { shape: 'tables', tables, arrays: [], warnings: [] };
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

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

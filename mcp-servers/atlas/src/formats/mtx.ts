import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import { openMatrixMarket } from '../read/cells/matrix-market.ts';
import { readTextTable } from '../read/load-table.ts';
import { tableName } from '../read/table-name.ts';
import { parseTableOptions } from '../read/table-options.ts';
import type { FileFormat, FormatKit } from './format.ts';

interface Axes {
  row: string;
  column: string;
}

/** What the parts of Cell Ranger's folder are called, without .gz. */
const matrixFile = /^matrix\.mtx(\.gz)?$/;
const barcodeFile = /^barcodes\.tsv(\.gz)?$/;
const geneFile = /^(features|genes)\.tsv(\.gz)?$/;

/** A sparse matrix of Matrix Market, and the folder that Cell Ranger writes: the matrix, its barcodes and its features. */
export const mtx: FileFormat = {
  name: 'mtx',
  title: 'Matrix Market, and 10x folders',
  extensions: ['.mtx', '.mtx.gz'],
  options: [],
  isFolder: (names) => [matrixFile, barcodeFile, geneFile].every((part) => names.some((name) => part.test(name))),
  async read(file, _options, kit) {
    if (statSync(file).isDirectory()) return readFolder(file, kit);
    const { table, head } = await entriesOf(file, tableName(file), { row: 'row', column: 'column' }, kit);
    return {
      shape: 'tables',
      tables: [table],
      arrays: [],
      warnings: [`Rows (${head.rows}) and columns (${head.columns}) are counted from 0; what has no entry is 0.`],
    };
  },
};

async function readFolder(folder: string, kit: FormatKit) {
  const names = readdirSync(folder);
  const part = (wanted: RegExp, what: string) => {
    const found = names.filter((name) => wanted.test(name));
    if (found.length === 1) return path.join(folder, found[0]);
    throw new BregmaError('bad-input', `${path.basename(folder)} has ${found.length} files of ${what}.`, {
      next: 'Give a folder with one matrix.mtx, one barcodes.tsv and one features.tsv (or genes.tsv), each may end in .gz.',
    });
  };
  const cells = await listOf(part(barcodeFile, 'barcodes'), 'cells', 'cell', ['barcode'], kit);
  const genes = await listOf(part(geneFile, 'features'), 'genes', 'gene', ['id', 'name', 'feature_type'], kit);
  const matrix = part(matrixFile, 'matrices');
  // The file has genes by cells.
  const { table, head } = await entriesOf(matrix, 'X', { row: 'gene', column: 'cell' }, kit);
  if (head.rows !== genes.rows || head.columns !== cells.rows)
    throw new BregmaError(
      'corrupt',
      `${path.basename(matrix)} has ${head.rows} genes and ${head.columns} cells; its lists have ${genes.rows} and ${cells.rows}.`,
      { next: 'Copy the folder again: its three files are of different runs.' },
    );
  return {
    shape: 'tables' as const,
    tables: [cells, genes, table],
    arrays: [],
    warnings: [],
    card: { modality: 'single cells (10x Genomics)' },
    files: [folder],
  };
}

/** A list without header, numbered from 0, all of it text: a gene may be called NA, 1-Mar or 7SK. */
async function listOf(file: string, name: string, number: string, words: string[], kit: FormatKit): Promise<Table> {
  const typed = await readTextTable(
    file,
    parseTableOptions({ header: false, separator: '\t', types: 'text', missing: [], quote: '' }),
    kit,
  );
  const columns = (await kit.duck.columns(`(${typed.query})`)).map((column) => column.name);
  const named = columns.map((column, i) => `${identifier(column)}::VARCHAR AS ${identifier(words[i] ?? `column${i}`)}`);
  const query = `SELECT (row_number() OVER () - 1)::INTEGER AS ${identifier(number)}, ${named.join(', ')} FROM (${typed.query})`;
  return kit.duck.table(query, { name });
}

/** Stores the entries by column of the matrix; axes: what its rows and columns are called. */
async function entriesOf(file: string, name: string, { row, column }: Axes, kit: FormatKit) {
  const { head, batches } = await openMatrixMarket(file, kit.signal);
  await kit.duck.load('incoming', { [row]: 'INTEGER', [column]: 'INTEGER', value: 'DOUBLE' }, batches());
  const value = head.field === 'real' ? 'value' : 'value::BIGINT AS value';
  // Cells and genes stand in the order that h5ad and Cell Ranger's HDF5 have.
  const [first, second] = row === 'gene' ? [column, row] : [row, column];
  const [low, high] = row === 'gene' ? [row, column] : [column, row];
  const order = [low, high].map(identifier).join(', ');
  const table = await kit.duck.table(
    `SELECT ${identifier(first)}, ${identifier(second)}, ${value} FROM incoming ORDER BY ${order}`,
    {
      name,
      description: `Entries of a sparse matrix of ${head.rows} rows (${row}) and ${head.columns} columns (${column}), both counted from 0. What has no entry is 0.`,
    },
  );
  await kit.duck.run('DROP TABLE incoming');
  return { table, head };
}

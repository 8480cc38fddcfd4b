import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { FormatKit } from '../../formats/format.ts';
import { loadTable } from '../load-table.ts';

/** A list as it lies in a file: every cell a string, trimmed; empty cells are ''. What is no CSV, TSV or XLSX has a name a line. */
async function cellsOf(file: string, kit: FormatKit): Promise<string[][]> {
  const lines = !/\.(csv|tsv|xlsx)(\.gz)?$/i.test(file);
  const plain = lines ? ({ separator: '', quote: '' } as const) : {};
  await loadTable('listed', file, { types: 'text', header: false, missing: [], ...plain }, kit);
  const rows = await kit.duck.rows('SELECT * FROM listed');
  const cells = rows.map((row) => Object.values(row).map((value) => String(value ?? '').trim()));
  return lines ? cells.filter(([name]) => name !== '') : cells;
}

/** Columns by name; a file without a header has `column1`, `column2`, … isHeader: whether the first row is one. */
function columnsOf(cells: string[][], isHeader: (row: string[]) => boolean): Map<string, string[]> {
  const header = cells.length > 0 && isHeader(cells[0]);
  const names = cells[0]?.map((name, i) => (header && name ? name.toLowerCase() : `column${i + 1}`)) ?? [];
  const rows = header ? cells.slice(1) : cells;
  return new Map(names.map((name, i) => [name, rows.map((row) => row[i] ?? '')]));
}

const nameWords = [
  'name',
  'file',
  'filename',
  'file_name',
  'image',
  'stimulus',
  'path',
  'neuron',
  'unit',
  'id',
  'cell',
];
const indexWords = ['index', 'column', 'position', 'order', 'stimulus_index', 'stimulus_id', 'i'];

/**
 * The names of neurons, one a row of the responses: a list, or a file with one a line or with a column `name`, `neuron`, `unit` or
 * `id`. Throws `bad-input` when a name is empty or there twice.
 */
export async function neuronNames(wish: unknown, kit: FormatKit): Promise<string[] | undefined> {
  if (wish === undefined) return undefined;
  const { names, from } = await listed(wish, kit);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (names.includes('') || twice !== undefined)
    throw new BregmaError(
      'bad-input',
      `${from} ${twice ? `names ${twice} twice` : 'leaves a neuron without a name'}.`,
      {
        next: 'Name every row of the responses once, in their order.',
      },
    );
  return names;
}

async function listed(wish: unknown, kit: FormatKit): Promise<{ names: string[]; from: string }> {
  if (Array.isArray(wish)) return { names: wish.map((name) => String(name).trim()), from: 'options.neurons' };
  if (typeof wish !== 'string' || wish === '')
    throw new BregmaError('bad-input', 'options.neurons is neither a list of names nor a file.', {
      next: 'Give ["unit 1", …], or a text or CSV file.',
    });
  const file = kit.resolve(wish);
  const columns = columnsOf(await cellsOf(file, kit), (row) =>
    row.some((cell) => nameWords.includes(cell.toLowerCase())),
  );
  const column =
    nameWords.find((word) => columns.has(word)) ?? (columns.size === 1 ? [...columns.keys()][0] : undefined);
  if (column === undefined)
    throw new BregmaError(
      'bad-input',
      `${path.basename(file)} has the columns ${[...columns.keys()].join(', ')}: none is called name.`,
      {
        next: 'Call the column of the names `name`.',
      },
    );
  return { names: columns.get(column) ?? [], from: path.basename(file) };
}

/**
 * The order of images from a file: names in a row, or a name and the column of the responses that it belongs to, counted from 0 or
 * 1. names: the images there are, by which the column of names is known. Throws `bad-input` when it cannot be read in one way.
 */
export async function mappedOrder(file: string, names: string[], kit: FormatKit): Promise<string[]> {
  const known = new Set(
    names.flatMap((name) => [name, path.posix.basename(name), path.posix.basename(name).replace(/\.[^.]+$/, '')]),
  );
  const columns = columnsOf(await cellsOf(file, kit), (row) => !row.some((cell) => known.has(cell)));
  const from = path.basename(file);
  const byName = [...columns].filter(([, cells]) => cells.some((cell) => known.has(cell)));
  const chosen = byName.length === 1 ? byName[0] : byName.find(([name]) => nameWords.includes(name));
  if (!chosen)
    throw new BregmaError(
      'bad-input',
      `${from}: ${byName.length === 0 ? 'no column holds' : `${byName.length} columns hold`} names of images.`,
      {
        next: 'Write a CSV of name,index: the file name of an image, and its column of the responses.',
      },
    );
  const indices = [...columns].filter(([name, cells]) => name !== chosen[0] && isPermutation(cells));
  const index = indices.find(([name]) => indexWords.includes(name)) ?? (indices.length === 1 ? indices[0] : undefined);
  const claimed = [...columns.keys()].find((name) => indexWords.includes(name) && name !== chosen[0]);
  if ((claimed !== undefined && index?.[0] !== claimed) || (index === undefined && columns.size > 1))
    throw new BregmaError(
      'bad-input',
      `${from}: no column counts ${chosen[1].length} images from 0 or from 1 without a gap.`,
      {
        next: 'Write every index once, in a column called index; or the names alone, in their order.',
      },
    );
  if (!index) return chosen[1];
  const start = Math.min(...index[1].map(Number));
  const out = new Array<string>(chosen[1].length);
  index[1].forEach((value, row) => {
    out[Number(value) - start] = chosen[1][row];
  });
  return out;
}

/** Whole numbers, each once, without a gap, from 0 or 1. */
function isPermutation(cells: string[]): boolean {
  if (!cells.every((cell) => /^\d+$/.test(cell))) return false;
  const sorted = cells.map(Number).sort((a, b) => a - b);
  return (sorted[0] === 0 || sorted[0] === 1) && sorted.every((value, i) => value === sorted[0] + i);
}

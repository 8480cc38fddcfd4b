import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { openWorkspace, type Workspace } from '@bregma/core/workspace';
import type { Duck } from '@bregma/readers/duck';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import fc from 'fast-check';
import type { FormatKit } from '../../mcp-servers/atlas/src/formats/format.ts';
import { formats } from '../../mcp-servers/atlas/src/formats/index.gen.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';
import { root } from '../fixtures/client.ts';
import { type Extent, type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';
import { type Kind, same } from './same-value.ts';

/** Tables that one process of Python writes. */
const atOnce = 200;

interface RandomColumn {
  name: string;
  kind: Kind;
  cells: (string | number | boolean | null)[];
}
interface RandomTable {
  format: 'csv' | 'xlsx' | 'parquet';
  file: string;
  separator: string;
  quoting: number;
  lineEnd: string;
  encoding: string;
  missing: string;
  index: boolean;
  columns: RandomColumn[];
}

/** Texts that other readers have taken for something else. */
const lookalikes =
  '01-02-03,2/3/4,0x1A,1E5,F,T,007,1_000,1.50,3,-0,+3,1e400,12:30,2024-02-30,2020-1-2,NaN.,nan?,Infinity,é,0.1.2,1 000,5",a;b,x|y,c\td,#x,TRUE,yes,=1+1'.split(
    ',',
  );
const letters = fc.constantFrom(...'abcXYZ019 .,;|"\'\t\n_-+/#%éüß€'.split(''));
const text = fc.oneof(
  fc.constantFrom(...lookalikes),
  fc.string({ unit: letters, minLength: 1, maxLength: 12 }),
  fc.constantFrom('AVAL', 'V1', 'mouse 3', 'left, right'),
);
const pad = (value: number, width = 2) => String(value).padStart(width, '0');
const day = fc.date({ min: new Date('1950-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
const cellOf: Record<Kind, fc.Arbitrary<string | number | boolean>> = {
  integer: fc.oneof(
    fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }).map(String),
    fc.integer({ min: -9, max: 99 }).map(String),
  ),
  number: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -100, max: 100, noNaN: true }),
  ),
  boolean: fc.boolean(),
  date: day.map((at) => at.toISOString().slice(0, 10)),
  timestamp: day.map((at) => at.toISOString().slice(0, 23)),
  time: fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59)).map((parts) => parts.map((part) => pad(part)).join(':')),
  duration: fc.integer({ min: 86_400_000, max: 40 * 86_400_000 }),
  text,
};
const ids = fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }).map(String);
const kindsOf: Record<RandomTable['format'], Kind[]> = {
  csv: ['integer', 'number', 'boolean', 'date', 'timestamp', 'time', 'text'],
  xlsx: ['integer', 'number', 'boolean', 'date', 'timestamp', 'time', 'duration', 'text'],
  parquet: ['integer', 'number', 'boolean', 'date', 'timestamp', 'time', 'text'],
};

const tableOf = (format: RandomTable['format']) =>
  fc
    .record({ rows: fc.integer({ min: 2, max: 12 }), columns: fc.integer({ min: 2, max: 5 }) })
    .chain(({ rows, columns }) =>
      fc.record({
        format: fc.constant(format),
        file: fc.constant(''),
        separator: fc.constantFrom(',', '\t', ';', '|'),
        quoting: fc.constantFrom(0, 1, 2),
        lineEnd: fc.constantFrom('\n', '\r\n'),
        encoding: fc.constantFrom('utf-8', 'utf-8', 'utf-8-sig', 'utf-16', 'cp1252'),
        missing: fc.constantFrom('', 'NA', 'NaN', 'n/a', 'None', 'null'),
        index: fc.boolean(),
        columns: fc.array(columnOf(format, rows), { minLength: columns, maxLength: columns }),
      }),
    );

function columnOf(format: RandomTable['format'], rows: number): fc.Arbitrary<RandomColumn> {
  return fc.constantFrom(...kindsOf[format], 'ids' as const).chain((kind) => {
    const cell = kind === 'ids' ? ids : cellOf[kind];
    return fc.record({
      name: fc.constantFrom('rate', 'depth um', 'Layer', 'x (mm)', 'side', 'größe'),
      // Excel has no whole numbers of 64 bits: there ids are texts.
      kind: fc.constant<Kind>(kind === 'ids' ? (format === 'xlsx' ? 'text' : 'integer') : kind),
      cells: fc.array(fc.option<string | number | boolean>(cell, { freq: 6 }), { minLength: rows, maxLength: rows }),
    });
  });
}

/** Tables that pandas, openpyxl and pyarrow write, and that come back from SQL value by value. */
export const randomTables: Fuzzer = {
  name: 'random-tables',
  async run(seed, extent) {
    const python = process.env.BREGMA_REFERENCE_PYTHON;
    const done: Fuzzed = { tried: 0, failures: [] };
    if (!python) {
      console.log('Skipped without BREGMA_REFERENCE_PYTHON: random tables of pandas, openpyxl and pyarrow.');
      return done;
    }
    const startedMs = performance.now();
    for (let batch = 0; goesOn(extent, done.tried, startedMs); batch++)
      await tryBatch(python, seed + batch, extent, done);
    return done;
  },
};

async function tryBatch(python: string, seed: number, extent: Extent, done: Fuzzed): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-random-'));
  const workspace = openWorkspace(folder);
  const duck = await openDuck(workspace.objects, new AbortController().signal, { also: [folder] });
  try {
    const any = fc.oneof(tableOf('csv'), tableOf('csv'), tableOf('xlsx'), tableOf('parquet'));
    const numRuns = 'count' in extent ? Math.min(atOnce, extent.count - done.tried) : atOnce;
    const tables = fc.sample(any, { numRuns, seed }).map((table, i) => finished(table, i, folder));
    const input = tables.map((table) => JSON.stringify(table)).join('\n');
    execFileSync(python, [path.join(root, 'test/reference/random_tables.py')], { input, maxBuffer: 1 << 28 });
    for (const table of tables) {
      const differences = await readAsDecided(table, workspace, duck).then(
        (got) => compare(table, got),
        (error) => [`${error.message}`],
      );
      done.tried++;
      if (differences.length > 0) done.failures.push(inWords(seed, table, differences));
    }
  } finally {
    duck.close();
    workspace.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const inWords = (seed: number, table: RandomTable, differences: string[]) =>
  `seed ${seed}, ${differences.slice(0, 3).join('; ')} in ${JSON.stringify({ ...table, file: path.basename(table.file) }).slice(0, 1500)}`;

/** Names apart, and only letters that the encoding has. */
function finished(table: RandomTable, i: number, folder: string): RandomTable {
  // openpyxl writes a text that begins with = as a formula.
  const letter = (value: string) => (table.format === 'xlsx' ? value.replace(/^=/, '') : inEncoding(value));
  const inEncoding = (value: string) =>
    table.format === 'csv' && table.encoding === 'cp1252' ? value.replaceAll(/[^\x20-\x7eéüßö\n\t€]/g, '') : value;
  const columns = table.columns.map(({ name, kind, cells }, j) => ({
    name: letter(`${name} ${'abcde'[j]}`),
    kind,
    cells: cells.map((cell) => (typeof cell === 'string' && kind === 'text' ? letter(cell) || 'x' : cell)),
  }));
  return { ...table, columns, file: path.join(folder, `t${i}.${table.format}`) };
}

/**
 * What was refused or taken for more tables is read again with the option that was named: bytes of Windows-1252 that are UTF-8 too, and
 * a sheet whose last row, behind an empty one, is a single text, as notes are.
 */
async function readAsDecided(table: RandomTable, workspace: Workspace, duck: Duck) {
  const first = readBack(table, {}, workspace, duck);
  return first.catch((error: Error) => {
    if (table.encoding === 'cp1252' && /mixes encodings.*options\.encoding/s.test(`${error.message} ${nextOf(error)}`))
      return readBack(table, { encoding: 'windows-1252' }, workspace, duck);
    throw error;
  });
}

const nextOf = (error: Error) => (error instanceof BregmaError ? error.next : '');

async function readBack(table: RandomTable, options: Record<string, unknown>, workspace: Workspace, duck: Duck) {
  const signal = new AbortController().signal;
  const kit: FormatKit = { objects: workspace.objects, duck, signal, progress: () => {}, resolve: (file) => file };
  const format = formats.find(({ name }) => name === table.format);
  const parts = await format?.read(table.file, options, kit);
  if (parts?.tables.length !== 1) throw new Error(`${parts?.tables.length} tables were found`);
  const [stored] = parts.tables;
  const texts = stored.columns.map(({ name }) => `${identifier(name)}::VARCHAR AS ${identifier(name)}`);
  const source = readFileSql('parquet', workspace.objects.pathOf(stored.object));
  return { stored, rows: await duck.rows(`SELECT ${texts.join(', ')} FROM ${source}`), said: parts.warnings };
}

function compare(table: RandomTable, { stored, rows, said }: Awaited<ReturnType<typeof readBack>>): string[] {
  // Rows without a value are no rows of a sheet.
  const kept = table.columns[0].cells
    .map((_, i) => i)
    .filter((i) => table.format !== 'xlsx' || table.columns.some(({ cells }) => cells[i] !== null));
  if (rows.length !== kept.length) return [`${rows.length} rows of ${kept.length} (${said.join(' ')})`];
  return table.columns.flatMap(({ name, kind, cells }) => {
    const type = stored.columns.find((column) => column.name === name)?.type;
    if (type === undefined) return [`no column ${name} among ${stored.columns.map((column) => column.name)}`];
    return kept.flatMap((at, i) => {
      const got = rows[i][name] as string | null;
      return same(cells[at], kind, got, type, table.format === 'xlsx' ? 16 : undefined)
        ? []
        : [`${name} (${type}): ${JSON.stringify(got)} for ${JSON.stringify(cells[at])}`];
    });
  });
}

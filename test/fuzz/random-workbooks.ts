import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorkspace, type Workspace } from '@bregma/core/workspace';
import type { Duck } from '@bregma/readers/duck';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../mcp-servers/atlas/src/formats/format.ts';
import { xlsx } from '../../mcp-servers/atlas/src/formats/xlsx.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';
import { root } from '../fixtures/client.ts';
import { type Extent, type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';
import { type Kind, same } from './same-value.ts';

/** Workbooks that one process of Python writes. */
const atOnce = 100;

/** A sheet as openpyxl reads it. */
interface Sheet {
  file: string;
  sheet: string;
  merged: 'fill' | 'first';
  columns: { name: string; kind: Kind; cells: (string | number | boolean | null)[] }[];
}

/** Workbooks of XlsxWriter, with formats, days from 1900 and 1904, formulas, errors, merged and hidden cells, cell by cell as openpyxl reads them. */
export const randomWorkbooks: Fuzzer = {
  name: 'random-workbooks',
  async run(seed, extent) {
    const python = process.env.BREGMA_REFERENCE_PYTHON;
    const done: Fuzzed = { tried: 0, failures: [] };
    if (!python) {
      console.log('Skipped without BREGMA_REFERENCE_PYTHON: random workbooks of XlsxWriter.');
      return done;
    }
    const startedMs = performance.now();
    for (let batch = 0; goesOn(extent, done.tried, startedMs); batch++)
      await tryBatch(python, seed + batch, extent, done);
    return done;
  },
};

async function tryBatch(python: string, seed: number, extent: Extent, done: Fuzzed): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-workbooks-'));
  const workspace = openWorkspace(folder);
  const duck = await openDuck(workspace.objects, new AbortController().signal);
  const count = 'count' in extent ? Math.min(atOnce, extent.count - done.tried) : atOnce;
  try {
    const script = path.join(root, 'test/reference/random_workbooks.py');
    const told = execFileSync(python, [script, folder, String(seed), String(count)], { maxBuffer: 1 << 28 });
    // SAFETY: the script writes such objects, one a line.
    const sheets = told
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Sheet);
    for (const sheet of sheets) {
      const differences = await readBack(sheet, workspace, duck).catch((error: Error) => [error.message]);
      if (differences.length > 0)
        done.failures.push(
          `seed ${seed}, ${differences.slice(0, 3).join('; ')} in ${JSON.stringify({ ...sheet, file: path.basename(sheet.file) }).slice(0, 1200)}`,
        );
    }
    done.tried += count;
  } finally {
    duck.close();
    workspace.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readBack({ file, sheet, merged, columns }: Sheet, workspace: Workspace, duck: Duck): Promise<string[]> {
  const signal = new AbortController().signal;
  const kit: FormatKit = { objects: workspace.objects, duck, signal, progress: () => {}, resolve: (name) => name };
  const { tables } = await xlsx.read(file, { sheet, merged }, kit);
  if (tables.length !== 1) return [`${tables.length} tables were found`];
  const [stored] = tables;
  const texts = stored.columns.map(({ name }) => `${identifier(name)}::VARCHAR AS ${identifier(name)}`);
  const rows = await duck.rows(
    `SELECT ${texts.join(', ')} FROM ${readFileSql('parquet', workspace.objects.pathOf(stored.object))}`,
  );
  if (rows.length !== columns[0].cells.length) return [`${rows.length} rows of ${columns[0].cells.length}`];
  return columns.flatMap(({ name, kind, cells }) => {
    const type = stored.columns.find((column) => column.name === name)?.type;
    // A column without any value has no cells below its name.
    if (type === undefined) return [`no column ${name}`];
    return cells.flatMap((cell, i) => {
      const got = rows[i][name] as string | null;
      return same(cell, kind, got, type)
        ? []
        : [`${name} (${type}): ${JSON.stringify(got)} for ${JSON.stringify(cell)}`];
    });
  });
}

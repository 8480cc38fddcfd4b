import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, expect, test } from 'vitest';
import type { FormatKit } from '../../../mcp-servers/atlas/src/formats/format.ts';
import { readTextTable } from '../../../mcp-servers/atlas/src/read/load-table.ts';
import { openDuck } from '../../../mcp-servers/atlas/src/read/open-duck.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-wide-'));
const workspace = openWorkspace(folder);
const duck = await openDuck(workspace.objects, new AbortController().signal);
afterAll(() => {
  duck.close();
  workspace.close();
  rmSync(folder, { recursive: true });
});
const kit: FormatKit = {
  objects: workspace.objects,
  duck,
  signal: new AbortController().signal,
  progress: () => {},
  resolve: (name) => name,
};
/** 1,200 columns of numbers behind an id; the third of every seven is missing in the last row. */
const rows = Array.from({ length: 30 }, (_, i) => [
  `cell${i}`,
  ...Array.from({ length: 1200 }, (_, j) => (i === 29 && j % 7 === 2 ? 'NA' : (i * 1200 + j) / 8)),
]);
const names = ['cell', ...Array.from({ length: 1200 }, (_, j) => `g${j}`)];
const written = (table: unknown[][]) => [names, ...table].map((row) => `${row.join(',')}\n`).join('');

test('a table of more than a thousand columns gets its types while it is cut', async () => {
  const file = path.join(folder, 'wide.csv');
  writeFileSync(file, written(rows));
  const { query, stored, columns } = await readTextTable(file, {}, kit, { fromBytes: 0 });
  expect(stored).toBeDefined();
  const [found] = await duck.rows(
    `SELECT count(*)::INT AS n, min(cell) AS first, sum(g0)::DOUBLE AS a, sum(g1198)::DOUBLE AS b, count(g2)::INT AS c FROM (${query})`,
  );
  const sum = (j: number) => rows.reduce((total, row) => total + Number(row[j + 1]), 0);
  expect(found).toEqual({ n: 30, first: 'cell0', a: sum(0), b: sum(1198), c: 29 });
  expect(columns.g2.missing).toEqual({ count: 1, tokens: { NA: 1 } });
});

test('a value that needs SQL is found in a table of more than a thousand columns', async () => {
  const file = path.join(folder, 'late.csv');
  writeFileSync(file, written([...rows.slice(0, 20), rows[20].with(601, '0x1A')]));
  const { query, stored } = await readTextTable(file, {}, kit, { fromBytes: 0 });
  expect(stored).toBeDefined();
  const [found] = await duck.rows(`SELECT g600, g601 FROM (${query}) WHERE cell = 'cell20'`);
  expect(found).toEqual({ g600: '0x1A', g601: (20 * 1200 + 601) / 8 });
});

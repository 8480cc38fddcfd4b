import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openWorkspace } from '@bregma/core/workspace';
import * as duck from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { buildTable } from '../../../mcp-servers/atlas/src/query/build-table.ts';
import { temporaryWorkspace } from '../../fixtures/client.ts';

test('a table of more columns than are read together keeps its rows, and its columns in their order', async () => {
  const temporary = temporaryWorkspace();
  const workspace = openWorkspace(temporary.folder);
  const instance = await duck.DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const names = Array.from({ length: 4100 }, (_, j) => `c "${j}`);
    const file = path.join(temporary.folder, 'wide.parquet');
    const values = names.map((name, j) => `(i + ${j})::SMALLINT AS "${name.replace('"', '""')}"`);
    // More rows than DuckDB takes at once.
    await connection.run(`COPY (SELECT ${values.join(', ')} FROM range(2100) r(i)) TO '${file}' (FORMAT parquet)`);
    const { object } = workspace.objects.put(readFileSync(file), 'application/vnd.apache.parquet');
    await buildTable(duck, connection, { name: 'wide', object }, workspace.objects);
    const described = (await connection.runAndReadAll('DESCRIBE wide')).getRows();
    expect(described.map(([name]) => name)).toEqual(names);
    const sums = [0, 1999, 2000, 4099].map((j) => `sum("c ""${j}" - rowid - ${j})::INTEGER`);
    const [row] = (await connection.runAndReadAll(`SELECT count(*)::INTEGER, ${sums.join(', ')} FROM wide`)).getRows();
    expect(row).toEqual([2100, 0, 0, 0, 0]);
  } finally {
    connection.closeSync();
    instance.closeSync();
    workspace.close();
    rmSync(temporary.folder, { recursive: true, force: true });
  }
}, 60_000);

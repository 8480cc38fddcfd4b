import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf, sha256 } from '@bregma/core/canonical';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { buildTable } from './build-table.ts';
import type { QueryRelease } from './protocol.ts';

type DuckDB = typeof import('@duckdb/node-api');

/**
 * A release as a DuckDB file, made once from its objects and kept under the digest of their names. The file is only a
 * copy: one that is not byte for byte what was written is made again. Throws `missing` or `corrupt` when an object is.
 */
export async function releaseDatabase(
  duck: DuckDB,
  cache: string,
  release: QueryRelease,
  objects: ObjectStore,
): Promise<string> {
  const key = digestOf(
    release.tables.map(({ name, object, axes, unit }) => (axes ? [name, object, axes, unit ?? ''] : [name, object])),
  ).slice(0, 32);
  const file = path.join(cache, `${key}.duckdb`);
  if (isAsWritten(file)) return file;
  mkdirSync(cache, { recursive: true });
  const building = `${file}.${process.pid}.building`;
  rmSync(building, { force: true });
  try {
    await build(duck, building, release, objects);
    renameSync(building, file);
  } finally {
    rmSync(building, { force: true });
  }
  writeFileSync(sealOf(file), `${sha256(readFileSync(file))} ${stamp(file)}\n`);
  return file;
}

async function build(duck: DuckDB, file: string, { tables }: QueryRelease, objects: ObjectStore): Promise<void> {
  const instance = await duck.DuckDBInstance.create(file, { threads: '1' });
  const connection = await instance.connect();
  try {
    for (const table of tables) await buildTable(duck, connection, table, objects);
    await connection.run('CHECKPOINT');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const sealOf = (file: string) => `${file}.sha256`;

/** Size and the times that the file system keeps: while these stay, the bytes need not be read again. */
function stamp(file: string): string {
  const { size, mtimeMs, ctimeMs, ino } = statSync(file);
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

function isAsWritten(file: string): boolean {
  if (!existsSync(file) || !existsSync(sealOf(file))) return false;
  const [digest, ...seen] = readFileSync(sealOf(file), 'utf8').trim().split(' ');
  if (seen.join(' ') === stamp(file)) return true;
  if (sha256(readFileSync(file)) !== digest) return false;
  writeFileSync(sealOf(file), `${digest} ${stamp(file)}\n`);
  return true;
}

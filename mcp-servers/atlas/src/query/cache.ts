import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { digestOf } from '@bregma/core/canonical';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { buildTable } from './build-table.ts';
import type { KnownCopies, QueryRelease, SealedCopy } from './protocol.ts';

type DuckDB = typeof import('@duckdb/node-api');

/** Name of the DuckDB file of a release, by what its tables hold. */
export function copyName({ tables }: Pick<QueryRelease, 'tables'>): string {
  const parts = tables.map(({ name, object, axes, unit, nan }) =>
    axes ? [name, object, axes, unit ?? '', ...(nan === undefined ? [] : [nan])] : [name, object],
  );
  return `${digestOf(parts).slice(0, 32)}.duckdb`;
}

/**
 * A release as a DuckDB file of the folder `cache`, made from its objects. The file is only a copy: it is used as long as it
 * has the bytes that a record names, and made again otherwise. Throws `missing` or `corrupt` when an object is.
 */
export async function releaseDatabase(
  duck: DuckDB,
  cache: string,
  release: QueryRelease,
  { objects, known }: { objects: ObjectStore; known: KnownCopies },
): Promise<{ file: string; copy: SealedCopy }> {
  const name = copyName(release);
  const file = path.join(cache, name);
  const believed = await ifAsRecorded(file, name, known);
  if (believed) return { file, copy: believed };
  mkdirSync(cache, { recursive: true });
  const building = `${file}.${process.pid}.building`;
  rmSync(building, { force: true });
  try {
    await build(duck, building, release, objects);
    const sha256 = await digestOfFile(building);
    renameSync(building, file);
    return { file, copy: { name, sha256, stamp: stampOf(file) } };
  } finally {
    rmSync(building, { force: true });
  }
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

/** Size and the times that the file system keeps: while these stay, the bytes need not be read again. Empty for what is no file. */
function stampOf(file: string): string {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found?.isFile() ? `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}` : '';
}

async function ifAsRecorded(file: string, name: string, { seals, seen }: KnownCopies): Promise<SealedCopy | undefined> {
  const stamp = stampOf(file);
  if (!stamp) return undefined;
  const before = seen.find((copy) => copy.name === name && copy.stamp === stamp);
  if (before) return before;
  const sealed = seals[name] ?? [];
  if (sealed.length === 0) return undefined;
  const sha256 = await digestOfFile(file);
  return sealed.includes(sha256) ? { name, sha256, stamp } : undefined;
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

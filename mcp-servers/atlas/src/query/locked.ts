import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { importNative } from '@bregma/core/native';
import { ObjectStore } from '@bregma/core/objects/objects';
import type { RowFunction } from '@bregma/readers/sql-gate';
import { identifier, literal } from '@bregma/readers/sql-text';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { releaseDatabase } from './cache.ts';
import { makeFunctions } from './make-functions.ts';
import { memoryLimitMiB, type OpenRequest, type QueryRelease, type SealedCopy } from './protocol.ts';

type DuckDB = typeof import('@duckdb/node-api');

/** A database that shows the added releases and nothing of the machine. */
export interface LockedDatabase {
  duck: DuckDB;
  instance: DuckDBInstance;
  /** A database for results: it sees no SQL of a user and can write inside the process's own folder alone. */
  results: DuckDBConnection;
  folder: string;
  releases: QueryRelease[];
  /** Releases whose objects are missing or damaged: the others can still be read. */
  unavailable: Map<string, BregmaError>;
  /** Files of the cache that are read. */
  copies: SealedCopy[];
  /** Functions of ours that make rows, by name. */
  functions: ReadonlyMap<string, RowFunction>;
}

const common = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  memory_limit: `${memoryLimitMiB}MiB`,
  // With two threads the same GROUP BY comes in another order, and a sum of doubles with other last digits: replay
  // compares bytes.
  threads: '1',
};

/**
 * Opens the releases for a user's SQL. A catalog a release, `id@release`, read only; a read-only main database with a schema
 * of views for each alias; then no external access, then no more settings. Nothing that SQL does can outlive its statement.
 */
export async function openLocked({
  objects,
  cache,
  folder,
  releases,
  known,
}: OpenRequest['open']): Promise<LockedDatabase> {
  const duck = await importNative<DuckDB>('@duckdb/node-api', import.meta.url);
  const unavailable = new Map<string, BregmaError>();
  const files = new Map<QueryRelease, string>();
  const copies: SealedCopy[] = [];
  const sources = { objects: new ObjectStore(objects), known };
  for (const release of releases) {
    try {
      const { file, copy } = await releaseDatabase(duck, cache, release, sources);
      files.set(release, file);
      copies.push(copy);
    } catch (error) {
      unavailable.set(release.reference, asError(error));
    }
  }
  // No data set's id starts with an underscore, so no alias is also the name of this database.
  const main = path.join(folder, '_bregma.duckdb');
  const attach = async (connection: DuckDBConnection) => {
    for (const [{ reference }, file] of files)
      await connection.run(`ATTACH ${literal(file)} AS ${identifier(reference)} (READ_ONLY)`);
  };
  const writing = await duck.DuckDBInstance.create(main, common);
  const author = await writing.connect();
  await attach(author);
  for (const { aliases, reference, tables } of files.keys()) {
    for (const alias of aliases) {
      await author.run(`CREATE SCHEMA ${identifier(alias)}`);
      for (const { name } of tables)
        await author.run(
          `CREATE VIEW ${identifier(alias)}.${identifier(name)} AS SELECT * FROM ${identifier(reference)}.main.${identifier(name)}`,
        );
    }
  }
  const functions = await makeFunctions(
    author,
    [...files.keys()].map(({ reference }) => reference),
  );
  author.closeSync();
  writing.closeSync();
  const instance = await duck.DuckDBInstance.create(main, { ...common, access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  await attach(connection);
  // A view that was stored knows its columns only when it has been bound once; SHOW ALL TABLES would list none.
  for (const { aliases, tables } of files.keys())
    for (const alias of aliases)
      for (const { name } of tables) await connection.run(`FROM ${identifier(alias)}.${identifier(name)} LIMIT 0`);
  await lock(connection);
  const store = await (await duck.DuckDBInstance.create(':memory:', common)).connect();
  await store.run(`SET allowed_directories = [${literal(folder)}]`);
  await lock(store);
  return { duck, instance, results: store, folder, releases, unavailable, copies, functions };
}

async function lock(connection: DuckDBConnection): Promise<void> {
  await connection.run("SET temp_directory = ''");
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

function asError(error: unknown): BregmaError {
  if (error instanceof BregmaError) return error;
  return new BregmaError('failed', error instanceof Error ? error.message : String(error));
}

// The process in which a user's SQL runs. It holds no secret and can be killed at any moment. The releases are attached read
// only; then external access is switched off and the configuration locked, so that SQL reaches no file, network, extension
// or setting. The full result is copied through a second, unlocked database that never sees the user's SQL.
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, StatementType } from '@duckdb/node-api';
import type { QueryColumn, QueryFailure, QueryRelease, QueryReply, QueryRequest } from './query/protocol.ts';

const memoryLimit = '1GB';
/** Characters of a preview, about. */
const previewLimit = 12_000;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

async function openLocked(releases: QueryRelease[]): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: memoryLimit,
    threads: '2',
  });
  const connection = await instance.connect();
  for (const [i, release] of releases.entries()) {
    const catalog = `release_${i}`;
    await connection.run(`ATTACH ${literal(release.file)} AS ${catalog} (READ_ONLY)`);
    const tables = (
      await connection.runAndReadAll(`SELECT table_name FROM duckdb_tables() WHERE database_name = '${catalog}'`)
    ).getRowsJson();
    for (const name of [release.reference, ...release.names]) {
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quote(name)}`);
      for (const [table] of tables)
        await connection.run(
          `CREATE OR REPLACE VIEW ${quote(name)}.${quote(String(table))} AS SELECT * FROM ${catalog}.main.${quote(String(table))}`,
        );
    }
  }
  await connection.run("SET temp_directory = ''");
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return connection;
}

async function answer(connection: DuckDBConnection, request: QueryRequest): Promise<QueryReply> {
  const fail = (code: QueryFailure['code'], message: string, next?: string): QueryFailure => ({
    id: request.id,
    ok: false,
    code,
    message,
    next,
  });
  const statements = await connection.extractStatements(request.sql);
  if (statements.count !== 1) {
    return fail(
      'bad-input',
      `One statement at a time; there are ${statements.count}.`,
      'Send them in separate calls; use WITH to build on a query.',
    );
  }
  // DuckDB turns some PRAGMAs into SELECTs; they ask about the process, not about data.
  if (/^(\s|--[^\n]*\n|\/\*.*?\*\/)*pragma\b/is.test(request.sql))
    return fail('not-allowed', 'PRAGMA is not allowed: data sets are read only.');
  const prepared = await statements.prepare(0);
  if (prepared.statementType !== StatementType.SELECT && prepared.statementType !== StatementType.EXPLAIN) {
    return fail(
      'not-allowed',
      `${StatementType[prepared.statementType]} is not allowed: data sets are read only.`,
      'Use SELECT, WITH, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN.',
    );
  }
  const schemas = await schemasIn(connection, request.sql);
  return keep(await prepared.stream(), request, schemas);
}

/** Schemas that a statement names. Statements that DuckDB cannot show as a tree (DESCRIBE, EXPLAIN) are searched as text. */
async function schemasIn(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const [[json]] = (await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql])).getRowsJson();
  const tree = JSON.parse(String(json)) as { error?: boolean };
  const found = new Set<string>();
  if (tree.error) {
    for (const { reference, names } of releases)
      if ([reference, ...names].some((name) => sql.toLowerCase().includes(name))) found.add(reference);
    return [...found];
  }
  collectSchemas(tree, found);
  return [...found].map((name) =>
    /^release_\d+$/.test(name) ? (releases[Number(name.slice(8))]?.reference ?? name) : name,
  );
}

function collectSchemas(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) collectSchemas(item, found);
  else if (node && typeof node === 'object') {
    const { type, schema_name, catalog_name } = node as Record<string, unknown>;
    if (type === 'BASE_TABLE')
      found.add(/^release_\d+$/.test(String(catalog_name)) ? String(catalog_name) : String(schema_name));
    for (const member of Object.values(node)) collectSchemas(member, found);
  }
}

/** Streams a result: the first rows as a preview, all rows (up to the cap) into a Parquet file. */
async function keep(result: DuckDBResult, request: QueryRequest, schemas: string[]): Promise<QueryReply> {
  const names = result.deduplicatedColumnNames();
  const columns: QueryColumn[] = names.map((name, i) => ({ name, type: String(result.columnType(i)) }));
  const store = await (await DuckDBInstance.create(':memory:', { memory_limit: memoryLimit, threads: '2' })).connect();
  await store.run(`CREATE TABLE result (${columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')})`);
  const appender = await store.createAppender('result');
  const preview: unknown[][] = [];
  let characters = 0;
  let rows = 0;
  let complete = true;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    if (rows + chunk.rowCount > request.maxRows) {
      complete = false;
      break;
    }
    if (preview.length < request.limit && characters < previewLimit) {
      for (const row of chunk.convertRows((value) => jsonValue(value))) {
        if (preview.length >= request.limit || characters >= previewLimit) break;
        preview.push(row);
        characters += JSON.stringify(row).length;
      }
    }
    appender.appendDataChunk(chunk);
    rows += chunk.rowCount;
  }
  appender.closeSync();
  await store.run(`COPY result TO ${literal(request.output)} (FORMAT parquet, COMPRESSION snappy)`);
  store.closeSync();
  return { id: request.id, ok: true, columns, preview, rows, complete, schemas };
}

/** A value as JSON: integers beyond 2⁵³ as text, NaN and infinities as null, long text cut. */
function jsonValue(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function explain(error: unknown): Omit<QueryFailure, 'id' | 'ok'> {
  const message = (error instanceof Error ? error.message : String(error)).split('\n\nLINE')[0].slice(0, 1500);
  if (
    /disabled by configuration|configuration has been locked|Permission Error|read-only|Cannot change configuration/i.test(
      message,
    )
  ) {
    return { code: 'not-allowed', message, next: 'SQL here reaches the added data sets and nothing else.' };
  }
  if (/Out of Memory|failed to (allocate|pin)/i.test(message))
    return {
      code: 'too-large',
      message: `The query needs more than ${memoryLimit} of memory.`,
      next: 'Filter or aggregate earlier, or take fewer columns.',
    };
  return {
    code: 'bad-input',
    message,
    next: 'describe_data lists tables and columns; names with @ or - are quoted: SELECT * FROM "id@release".edges.',
  };
}

const releases = JSON.parse(process.argv[2] ?? '[]') as QueryRelease[];
const locked = openLocked(releases);
locked.catch(() => {});
process.on('disconnect', () => process.exit(0));
process.on('message', async (request: QueryRequest) => {
  let reply: QueryReply;
  try {
    reply = await answer(await locked, request);
  } catch (error) {
    reply = { id: request.id, ok: false, ...explain(error) };
  }
  process.send?.(reply);
});

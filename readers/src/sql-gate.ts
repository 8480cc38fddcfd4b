import { BregmaError } from '@bregma/core/errors';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { identifier } from './sql-text.ts';

/** Functions that may stand after FROM: they make rows out of their arguments or list what there is. All others read files, run other SQL or change the process. */
const tableFunctions = new Set([
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
  'summary',
  'duckdb_functions',
]);

/** What differs from call to call: a recorded query is repeated, and its answer compared byte by byte. */
const changing = new Set(
  'now today ago pg_conf_load_time pg_postmaster_start_time transaction_timestamp get_current_time get_current_timestamp current_localtime current_localtimestamp uuid uuidv4 uuidv7 gen_random_uuid txid_current current_connection_id current_query_id current_transaction_id current_query nextval currval sleep_ms write_log setseed'.split(
    ' ',
  ),
);
/** The same, written without parentheses. */
const changingWords = new Set(
  'current_timestamp current_date current_time localtime localtimestamp current_localtime current_localtimestamp'.split(
    ' ',
  ),
);

const pivotForm = "Write SELECT * FROM (PIVOT t ON c IN ('a', 'b') USING sum(x)), with the values of c.";
const allowed = 'Use one SELECT, WITH, FROM, VALUES, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN.';

/** A function that makes rows and is ours: which of its parameters, in their order, name a table. */
export interface RowFunction {
  name: string;
  parameters: string[];
  tables: string[];
  /** A parameter that need not be given: the table that stands for it, as SQL names it, or the next step where none can. */
  standard?: { parameter: string; table: string } | { parameter: string; next: string };
}

/** A statement that may run. */
export interface Admitted {
  statement: DuckDBPreparedStatement;
  /**
   * First parts of the tables that the statement reads: catalogs as DuckDB's binder resolves its names through views, and what it
   * writes before a name itself (`"id@release"`, an alias).
   */
  catalogs: string[];
}

/**
 * Lets one reading statement through, and refuses everything else by name: what DuckDB's own parser does not take for a
 * single SELECT (or an EXPLAIN of one) is not run. own: row functions that the database has beside DuckDB's. Throws `bad-input`,
 * `not-allowed`, `missing`, or DuckDB's error.
 */
export async function admit(
  connection: DuckDBConnection,
  sql: string,
  own: ReadonlyMap<string, RowFunction> = new Map(),
): Promise<Admitted> {
  if (sql.includes('\0'))
    throw new BregmaError('bad-input', `The statement holds a NUL character at position ${sql.indexOf('\0')}.`, {
      next: 'Remove it: what stands behind it would not be run.',
    });
  const statements = await connection.extractStatements(sql);
  // DuckDB makes two statements of a PIVOT whose columns it must look up first.
  if (statements.count !== 1 && !withoutTexts(sql).includes(';') && /\bpivot/i.test(sql))
    throw new BregmaError('not-allowed', 'PIVOT without IN is not allowed: its columns must be named.', {
      next: pivotForm,
    });
  if (statements.count !== 1) {
    throw new BregmaError('bad-input', `One statement at a time; there are ${statements.count}.`, {
      next: 'Send them in separate calls; use WITH to build on a query.',
    });
  }
  const { explain, query } = splitExplain(withoutComments(sql));
  if (/analyze/i.test(explain))
    throw new BregmaError(
      'not-allowed',
      'EXPLAIN ANALYZE shows how long each step took: that is another time at every call.',
      {
        next: 'EXPLAIN shows the plan.',
      },
    );
  const tree = await treeOf(connection, query);
  if (!tree) {
    const word = /^\(?\s*(\w+)/.exec(query)?.[1]?.toUpperCase() ?? 'This';
    throw new BregmaError('not-allowed', `${word} is not allowed: data sets are read only.`, {
      next: word === 'PIVOT' ? pivotForm : allowed,
    });
  }
  const named: string[] = [];
  checkTree(tree, own, named);
  // What runs is the text that was checked, and not the text that came: no comment can make the two differ.
  const statement = await connection.prepare(`${explain}${query}`);
  // What a function of ours reads the binder does not list, nor what a WITH holds that nothing but such a function reads.
  const listed = [query, ...named.map((table) => `FROM ${table}`)].flatMap((one) => catalogsIn(connection, one));
  return { statement, catalogs: [...new Set([...listed, ...writtenIn(tree)])] };
}

/** EXPLAIN with its options, normalised, and the query below it. */
export function splitExplain(sql: string): { explain: string; query: string } {
  const found = /^explain(\s+analyze)?(?:\s*\(([a-z_,\s]*)\))?(?=[\s(])/i.exec(sql);
  if (!found) return { explain: '', query: sql };
  const [all, analyze = '', options] = found;
  return {
    explain: `EXPLAIN${analyze}${options === undefined ? '' : ` (${options})`} `,
    query: withoutComments(sql.slice(all.length)),
  };
}

/** The statement without the comments and white space before it. Linear in its length. */
export function withoutComments(sql: string): string {
  let at = 0;
  for (;;) {
    while (at < sql.length && /[\s\uFEFF]/.test(sql[at])) at++;
    let end: number;
    if (sql.startsWith('--', at)) end = sql.indexOf('\n', at) + 1;
    else if (sql.startsWith('/*', at)) end = sql.indexOf('*/', at + 2) + 2;
    else return sql.slice(at);
    if (end < at + 2) return '';
    at = end;
  }
}

/** The syntax tree of a single SELECT (DESCRIBE, SHOW and SUMMARIZE are SELECTs to DuckDB); undefined for anything else. */
async function treeOf(connection: DuckDBConnection, sql: string): Promise<unknown> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  // DuckDB writes 1e400 as Infinity, which JSON has no word for.
  const json = String(reader.getRowsJson()[0][0]).replace(/"(?:[^"\\]|\\.)*"|-?Infinity|-?NaN/g, (part) =>
    part.startsWith('"') ? part : `"${part}"`,
  );
  const tree: { error: boolean; statements?: unknown[] } = JSON.parse(json);
  return tree.error || tree.statements?.length !== 1 ? undefined : tree.statements[0];
}

interface Node {
  type?: unknown;
  column_names?: unknown[];
  children?: unknown[];
  function?: { function_name?: unknown; children?: unknown[] };
  function_name?: unknown;
  table_name?: unknown;
  schema_name?: unknown;
  catalog_name?: unknown;
}

function* nodesOf(tree: unknown): Generator<Node> {
  const waiting: unknown[] = [tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node === null || typeof node !== 'object') continue;
    // SAFETY: an object that is no list is a node of the tree; each member of one may be absent.
    if (!Array.isArray(node)) yield node as Node;
    for (const member of Object.values(node)) if (member !== null && typeof member === 'object') waiting.push(member);
  }
}

/** Checks every node. named: gets the tables with a schema that are named, as SQL, where a function of ours is used. */
function checkTree(tree: unknown, own: ReadonlyMap<string, RowFunction>, named: string[]): void {
  const tables: string[] = [];
  let uses = false;
  for (const node of nodesOf(tree)) {
    checkNode(node, own);
    const used = tablesOf(node, own);
    tables.push(...used);
    uses ||= node.type === 'TABLE_FUNCTION' && used.length > 0;
  }
  if (uses) named.push(...new Set(tables));
}

function checkNode(node: Node, own: ReadonlyMap<string, RowFunction>): void {
  refuseChanging(node);
  if (node.type === 'TABLE_FUNCTION') {
    const name = String(node.function?.function_name).toLowerCase();
    const known = own.get(name);
    if (known) checkRowFunction(known, node.function?.children ?? []);
    else if (!tableFunctions.has(name)) {
      throw new BregmaError('not-allowed', `The table function ${name} is not allowed.`, {
        next: `SQL here reads the added data sets and nothing else; of table functions there are ${[...own.keys(), ...[...tableFunctions].slice(0, 8)].join(', ')}. Add a file with add_data.`,
      });
    }
  }
  if (node.type === 'FUNCTION' && String(node.function_name).toLowerCase() === 'current_setting') {
    throw new BregmaError('not-allowed', 'current_setting asks about the process, not about data.', {
      next: 'Leave it out; settings cannot be changed either.',
    });
  }
  if (node.type === 'BASE_TABLE') checkTable(node);
}

/** One argument of a row function in the tree. */
interface Argument {
  class?: unknown;
  alias?: unknown;
  column_names?: unknown[];
  value?: { value?: unknown };
}

/** What names a table must be a name, and one that a statement could read after FROM too. */
function checkRowFunction(own: RowFunction, given: unknown[]): void {
  const { name, standard } = own;
  const named = tableArguments(own, given);
  if (standard && 'next' in standard && !named.some(({ parameter }) => parameter === standard.parameter))
    throw new BregmaError('missing', `No added table can stand for ${standard.parameter} of ${name}.`, {
      next: standard.next,
    });
  for (const { parameter, argument } of named) {
    const parts = tableParts(argument);
    if (!parts)
      throw new BregmaError('bad-input', `${parameter} of ${name} must be the name of a table.`, {
        next: `Write id.table, or make the table first: WITH t AS (SELECT …) FROM ${name}(…t…).`,
      });
    checkTable({ table_name: parts.at(-1), schema_name: parts.length > 1 ? parts.at(-2) : '' });
  }
}

/** The arguments of a row function that name tables, each with its parameter. */
function tableArguments({ parameters, tables }: RowFunction, given: unknown[]) {
  // SAFETY: arguments are nodes of the tree; each member of one may be absent.
  return (given as Argument[])
    .map((argument, i) => ({
      parameter: typeof argument.alias === 'string' && argument.alias ? argument.alias.toLowerCase() : parameters[i],
      argument,
    }))
    .filter(({ parameter }) => tables.includes(parameter));
}

/** The tables with a schema that a node names, as SQL. */
function tablesOf(node: Node, own: ReadonlyMap<string, RowFunction>): string[] {
  const { type, catalog_name, schema_name, table_name, function: called } = node;
  if (type === 'BASE_TABLE' && schema_name)
    return [
      [catalog_name, schema_name, table_name]
        .filter(Boolean)
        .map((part) => identifier(String(part)))
        .join('.'),
    ];
  const known = type === 'TABLE_FUNCTION' ? own.get(String(called?.function_name).toLowerCase()) : undefined;
  if (!known) return [];
  const named = tableArguments(known, called?.children ?? []);
  const { standard } = known;
  const stands =
    standard && 'table' in standard && !named.some(({ parameter }) => parameter === standard.parameter)
      ? [standard.table]
      : [];
  const given = named
    .flatMap(({ argument }) => [tableParts(argument) ?? []])
    .filter((parts) => parts.length > 1)
    .map((parts) => parts.map(identifier).join('.'));
  return [...given, ...stands];
}

/** The parts of a name that an argument is: `id.table`, or the same as a text. Undefined for anything else. */
function tableParts({ class: sort, column_names, value }: Argument): string[] | undefined {
  if (sort === 'COLUMN_REF') return column_names?.map(String);
  if (sort !== 'CONSTANT' || typeof value?.value !== 'string') return undefined;
  const parts = [...value.value.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
  );
  return parts.length > 0 ? parts : undefined;
}

function refuseChanging({ type, function_name, children, column_names }: Node): void {
  const name = String(type === 'FUNCTION' ? function_name : '').toLowerCase();
  const word = type === 'COLUMN_REF' && column_names?.length === 1 ? String(column_names[0]).toLowerCase() : '';
  if (
    !changing.has(name) &&
    !changingWords.has(name) &&
    !changingWords.has(word) &&
    !(name === 'age' && children?.length === 1)
  )
    return;
  throw new BregmaError(
    'not-allowed',
    `${name || word} gives another value at every call: a query here is recorded, and repeated to check it.`,
    {
      next: word
        ? `Write the date or time itself; a column of that name is read as t.${word}.`
        : 'Write the value itself.',
    },
  );
}

/** Where DuckDB looks for tables of its own. */
const ownSchemas = new Set(['', 'main', 'system', 'temp', 'pg_catalog', 'information_schema']);

/**
 * Tables of DuckDB's own are about the process, whatever schema they are asked for in: their numbers of tables and types are others
 * in each. Other names with a schema are of releases; `information_schema` has names alone.
 */
function checkTable(node: Node): void {
  const name = String(node.table_name).toLowerCase();
  const schema = String(node.schema_name ?? '').toLowerCase();
  if (schema === 'pg_catalog' || (ownSchemas.has(schema) && /^(duckdb|pragma|pg|sqlite)_/.test(name)))
    throw new BregmaError('not-allowed', `${name.slice(0, 80)} is about the process, not about data.`, {
      next: 'SHOW ALL TABLES, information_schema.tables and information_schema.columns list what can be read.',
    });
  if (schema === '' && /[/\\]|\.\w+$/.test(name))
    throw new BregmaError(
      'not-allowed',
      `'${name.slice(0, 200)}' names a file: SQL here reads added data sets alone.`,
      {
        next: 'Add it with add_data, then query it by its id.',
      },
    );
}

/** The statement without its texts, quoted names and comments. */
const withoutTexts = (sql: string) =>
  sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, '').replace(/;\s*$/, '');

/**
 * What stands before the names of tables in the statement. The binder names none at all of a statement that has JOIN … USING, a
 * NATURAL JOIN or an UNPIVOT (DuckDB 1.5), and what was read must never be missing from a record.
 */
function writtenIn(tree: unknown): string[] {
  return [...nodesOf(tree)]
    .filter(({ type }) => type === 'BASE_TABLE')
    .flatMap(({ catalog_name, schema_name }) => [catalog_name, schema_name])
    .filter((name): name is string => typeof name === 'string' && name !== '');
}

/** First parts of the qualified names that the binder resolves: `"id@release".main.edges` → `id@release`. */
function catalogsIn(connection: DuckDBConnection, sql: string): string[] {
  const firsts = connection.getTableNames(sql, true).map((name) => {
    const quoted = /^"((?:[^"]|"")*)"/.exec(name);
    return quoted ? quoted[1].replaceAll('""', '"') : name.split('.')[0];
  });
  return [...new Set(firsts)];
}

import type { DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import type { Duck } from '@bregma/readers/duck';
import { columnOf } from '@bregma/readers/release';
import { identifier, literal } from '@bregma/readers/sql-text';

/** A table and its column of keys. */
export interface Side {
  release: DatasetRelease;
  table: Table;
  key: string;
}

/** What a join found, first of all. */
export interface JoinCounts {
  /** Rows of the left table that match one row of the right one, several, or none; and that have no key. */
  matched: number;
  ambiguous: number;
  unmatched: number;
  withoutKey: number;
  /** Rows of the right table that no left row matches. */
  unmatchedRight: number;
  /** Rows of the result: a left row that matches several stands there once for each, with weights that add to 1. */
  pairs: number;
}

/** Rows of a result at most. */
const mostPairs = 20_000_000;

/**
 * Joins two tables by the characters of their keys, through a mapping where there is one (SSSOM: subject, object, predicate,
 * confidence), and stores what matched and what did not. Nothing is matched that is not said: no case, no blanks, no broader term
 * that was not asked for. backwards: rows on the left that the mapping would match from its objects, where it matches none from its
 * subjects. Throws `bad-input`, `too-large`.
 */
export async function joinTables(
  left: Side,
  right: Side,
  mapping: { release: DatasetRelease; table: Table; predicates: string[] } | undefined,
  duck: Duck,
): Promise<{ counts: JoinCounts; tables: Table[]; unused: Record<string, number>; backwards: number }> {
  await load('l', left, duck);
  await load('r', right, duck);
  const unused = mapping ? await loadMapping(mapping, duck) : {};
  // A mapping that says the same twice says it once.
  const pairs = mapping
    ? 'SELECT l.n AS ln, r.n AS rn, m.confidence FROM l JOIN m ON m.subject = l.k JOIN r ON r.k = m.object'
    : 'SELECT l.n AS ln, r.n AS rn, 1.0::DOUBLE AS confidence FROM l JOIN r ON r.k = l.k';
  const [{ size }] = await duck.rows(`SELECT count(*)::DOUBLE AS size FROM (${pairs})`);
  if (Number(size) > mostPairs)
    throw new BregmaError('too-large', `The join has ${size} rows; ${mostPairs} are kept.`, {
      next: 'Its keys repeat on both sides: join by one that is unique on one side.',
    });
  await duck.run(
    `CREATE TABLE pairs AS SELECT ln, rn, max(confidence) AS confidence FROM (${pairs}) GROUP BY ln, rn;
     CREATE TABLE shares AS SELECT ln, rn, CASE WHEN count(*) OVER w = 1 THEN 'matched' ELSE 'ambiguous' END AS match, CASE WHEN sum(confidence) OVER w > 0 THEN confidence / sum(confidence) OVER w ELSE 1.0 / count(*) OVER w END AS weight FROM pairs WINDOW w AS (PARTITION BY ln)`,
  );
  const [found] = await duck.rows(`SELECT
    (SELECT count(DISTINCT ln) FROM shares WHERE match = 'matched')::DOUBLE AS matched,
    (SELECT count(DISTINCT ln) FROM shares WHERE match = 'ambiguous')::DOUBLE AS ambiguous,
    (SELECT count(*) FROM l WHERE k IS NOT NULL AND n NOT IN (SELECT ln FROM shares))::DOUBLE AS unmatched,
    (SELECT count(*) FROM l WHERE k IS NULL)::DOUBLE AS without_key,
    (SELECT count(*) FROM r WHERE n NOT IN (SELECT rn FROM shares))::DOUBLE AS unmatched_right,
    (SELECT count(*) FROM shares)::DOUBLE AS pairs`);
  const counts = {
    matched: Number(found.matched),
    ambiguous: Number(found.ambiguous),
    unmatched: Number(found.unmatched),
    withoutKey: Number(found.without_key),
    unmatchedRight: Number(found.unmatched_right),
    pairs: Number(found.pairs),
  };
  const backwards = mapping && counts.pairs === 0 ? await matchedBackwards(duck) : 0;
  return { counts, tables: await store(left, right, duck), unused, backwards };
}

/** The rows of a side, numbered, with the key as characters `k`. */
async function load(name: 'l' | 'r', { release, table, key }: Side, duck: Duck): Promise<void> {
  const view = `${name}_rows`;
  await duck.view(view, { ...release, tables: [{ ...table, name: view }] });
  await duck.run(
    `CREATE TABLE ${name} AS SELECT file_row_number::BIGINT AS n, nullif(${identifier(key)}::VARCHAR, '') AS k FROM ${view}`,
  );
}

/** Loads what a mapping says with the predicates that are wanted. Returns how often it says others. */
async function loadMapping(
  { release, table, predicates }: { release: DatasetRelease; table: Table; predicates: string[] },
  duck: Duck,
): Promise<Record<string, number>> {
  await duck.view('said', { ...release, tables: [{ ...table, name: 'said' }] });
  const of = (...names: string[]) => names.find((name) => columnOf(table, name) !== undefined);
  const [subject, object] = [of('subject_id', 'subject'), of('object_id', 'object')];
  const [predicate, confidence] = [of('predicate_id', 'predicate'), of('confidence')];
  if (subject === undefined || object === undefined)
    throw new BregmaError(
      'bad-input',
      `${table.name} is no mapping: it lacks the columns subject_id and object_id (SSSOM).`,
      {
        next: 'Add a table with subject_id, predicate_id, object_id and, where there is one, confidence.',
      },
    );
  const modifier = of('predicate_modifier');
  const bare = predicate
    ? `regexp_replace(trim(${identifier(predicate)}::VARCHAR), '^.*[:/#]', '')`
    : literal('exactMatch');
  // "Not" says that it is not so; another modifier, whatever it may come to mean, is no plain statement either (SSSOM).
  const said = modifier
    ? `CASE WHEN nullif(trim(${identifier(modifier)}::VARCHAR), '') IS NULL THEN ${bare} ELSE concat_ws(' ', ${identifier(modifier)}, ${bare}) END`
    : bare;
  const wanted = `${said} IN (${predicates.map(literal).join(', ')})`;
  await duck.run(
    `CREATE TABLE m AS SELECT ${identifier(subject)}::VARCHAR AS subject, ${identifier(object)}::VARCHAR AS object, max(${confidence ? `coalesce(try_cast(${identifier(confidence)} AS DOUBLE), 1)` : '1.0::DOUBLE'}) AS confidence FROM said WHERE ${wanted} GROUP BY 1, 2`,
  );
  const others = await duck.rows(
    `SELECT ${said} AS predicate, count(*)::INTEGER AS rows FROM said WHERE (${wanted}) IS NOT TRUE GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`,
  );
  return Object.fromEntries(others.map(({ predicate: one, rows }) => [String(one ?? 'none'), Number(rows)]));
}

/** How many rows of the left table would match if the mapping were read from its objects to its subjects. */
async function matchedBackwards(duck: Duck): Promise<number> {
  const [{ rows }] = await duck.rows(
    'SELECT count(*)::DOUBLE AS rows FROM l WHERE k IN (SELECT m.object FROM m JOIN r ON r.k = m.subject)',
  );
  return Number(rows);
}

async function store(left: Side, right: Side, duck: Duck): Promise<Table[]> {
  const used = new Set(['match', 'weight']);
  const named = ({ table }: Side, from: string) =>
    table.columns.map(({ name, unit, description }) => {
      let free = name;
      for (let i = 2; used.has(free.toLowerCase()); i++) free = i === 2 ? `${name}_right` : `${name}_right_${i}`;
      used.add(free.toLowerCase());
      return { sql: `${from}.${identifier(name)} AS ${identifier(free)}`, name: free, unit, description };
    });
  const [ours, theirs] = [named(left, 'l_rows'), named(right, 'r_rows')];
  const described = Object.fromEntries(
    [...ours, ...theirs].map(({ name, unit, description }) => [name, { unit, description }]),
  );
  const joined = await duck.table(
    `SELECT ${[...ours, ...theirs].map(({ sql }) => sql).join(', ')}, s.match, s.weight FROM shares s JOIN l_rows ON l_rows.file_row_number = s.ln JOIN r_rows ON r_rows.file_row_number = s.rn ORDER BY s.ln, s.rn`,
    {
      name: 'joined',
      description: 'A row for each pair; count left rows by sum(weight), never by count(*)',
      columns: {
        ...described,
        match: { description: 'matched: one to one from the left; ambiguous: the left row matches several' },
        weight: { description: 'share of the left row; the shares of one add to 1' },
      },
    },
  );
  const alone = async (side: 'l' | 'r', { table }: Side, name: string) =>
    duck.table(
      `SELECT ${table.columns.map((column) => identifier(column.name)).join(', ')} FROM ${side}_rows WHERE file_row_number NOT IN (SELECT ${side}n FROM shares) ORDER BY file_row_number`,
      { name, description: `Rows of ${table.name} that match nothing` },
    );
  return [joined, await alone('l', left, 'unmatched_left'), await alone('r', right, 'unmatched_right')];
}

import { rmSync } from 'node:fs';
import type { Column, Decision } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { joinParquet } from '@bregma/readers/join-parquet';
import { identifier, literal, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import type { Candidate } from './candidate.ts';
import { areRoundedIds, doubtsOfText, lostDigits, refuseSecondHeader, say } from './column-words.ts';
import { askStacked, type Check, countChecks } from './count-checks.ts';
import { lookForMixtures } from './mixtures.ts';
import type { Settled, SettledBefore, Work } from './settled.ts';
import { checkColumnNames, type TableOptions } from './table-options.ts';
import type { ColumnGroup, RawTable } from './text/raw-table.ts';
import { isMissing, missingSigns, missingWords } from './text/words.ts';
import { sayUnmeasured } from './unmeasured.ts';
import { guessedFrom, workOf } from './work.ts';
import { lookAtDecimals } from './written-decimals.ts';

/** A table with types: the query that gives it, and what is known of its columns. */
export interface TypedTable {
  query: string;
  rows: number;
  columns: Record<string, Pick<Column, 'missing' | 'unit'>>;
  decisions: Decision[];
  decimal: ',' | '.';
  /** The file that the query reads, where the table was stored already. */
  stored?: string;
  /** Numbers may be NaN, because a person keeps its word. */
  maybeNaN?: boolean;
}

/**
 * Gives each column of a raw table the type that every value survives: the types that the first rows allow are tried on all of
 * them, from the narrowest to text. Throws `bad-input` when a value does not fit a type that a person asked for.
 */
export async function typeColumns(
  table: RawTable,
  options: TableOptions,
  file: string,
  kit: FormatKit,
): Promise<TypedTable> {
  checkColumnNames(options, table.names, file);
  return table.groups ? typeGroups(table, table.groups, options, file, kit) : typeTogether(table, options, file, kit);
}

/** A table with very many columns: some of them are typed and stored at a time, then all are joined. */
async function typeGroups(
  table: RawTable,
  groups: ColumnGroup[],
  options: TableOptions,
  file: string,
  kit: FormatKit,
): Promise<TypedTable> {
  const pieces: string[] = [];
  const all: TypedTable = { query: '', rows: table.rows, columns: {}, decisions: [], decimal: table.decimal };
  try {
    for (const { from, width, make } of groups) {
      await make();
      const [names, kinds] = [table.names, table.kinds].map((list) => list?.slice(from, from + width));
      // SAFETY: the lists are sliced from names and kinds, in this order.
      const part = { ...table, names: names as string[], kinds: kinds as RawTable['kinds'], groups: undefined };
      const typed = await typeTogether(part, options, file, kit);
      // NaN comes from text only where a person keeps its word.
      pieces.push(await kit.duck.piece(typed.query, options.missing === undefined ? undefined : file));
      Object.assign(all.columns, typed.columns);
      all.decisions.push(...typed.decisions);
    }
    const stored = kit.objects.temporaryPath();
    await joinParquet(pieces, stored);
    return { ...all, stored, query: `SELECT * FROM ${readFileSql('parquet', stored)}` };
  } finally {
    for (const piece of pieces) rmSync(piece, { force: true });
    table.remove?.();
  }
}

async function typeTogether(table: RawTable, options: TableOptions, file: string, kit: FormatKit): Promise<TypedTable> {
  const before = table.settled ?? new Map<number, SettledBefore>();
  const places = [...table.names.keys()].filter((j) => !before.has(j));
  const samples = await samplesOf(places, table, kit);
  const work = places.map((j, i) => workOf(j, samples[i], table, options));
  const now = await settle(work, table, file, kit);
  const written = await lookAtDecimals(now, table, kit);
  await keepAsText([...written.names, ...now.filter((one) => areRoundedIds(one, table.rows))], table, kit);
  const tokensNow = await countTokens(now, table, kit);
  const all = table.names.map((_, j) => {
    const at = places.indexOf(j);
    // SAFETY: a place that was not settled now was before.
    return at < 0 ? (before.get(j) as SettledBefore) : { column: now[at], tokens: tokensNow[at] };
  });
  const settled = all.map(({ column }) => column);
  const decisions: Decision[] = [];
  await lookForMixtures(settled, table, kit);
  refuseSecondHeader(settled, table, file);
  const columns: TypedTable['columns'] = {};
  const selected: string[] = [];
  for (const { column, tokens } of all) {
    const { name, raw, chosen, misses } = column;
    const unit = table.units[name] ?? chosen.unit;
    columns[name] = { missing: { count: misses, tokens }, ...(unit === undefined ? {} : { unit }) };
    const value = misses === 0 && chosen.whole ? chosen.whole(raw) : chosen.value(raw);
    selected.push(`${value} AS ${identifier(name)}`);
    decisions.push(...say(column, tokens, misses === table.rows), ...(await lostDigits(column, table, kit)));
    if (!column.told) decisions.push(...(await doubtsOfText(column, table, kit)));
  }
  decisions.push(...written.said);
  const { rows, stored, decimal } = table;
  const query = stored
    ? `SELECT * FROM ${readFileSql('parquet', stored)}`
    : `SELECT ${selected.join(', ')} FROM ${table.raw}`;
  decisions.push(...(await sayUnmeasured(settled, query, kit)));
  return { query, rows, columns, decisions, decimal, stored, maybeNaN: options.missing !== undefined };
}

/** Makes columns text, in which fewer words are missing than among numbers. */
async function keepAsText(columns: Settled[], table: RawTable, kit: FormatKit): Promise<void> {
  if (columns.length === 0) return;
  for (const column of columns) column.chosen = column.candidates[column.candidates.length - 1];
  const found = await countChecks(
    columns.map(({ raw, chosen, missing }) => ({ raw, checks: checksOf(chosen, missing) })),
    table,
    kit,
  );
  for (const [i, column] of columns.entries()) column.misses = found[i].missing;
}

/** The first values of columns; of one whose first rows hold nothing, the first that there are. */
async function samplesOf(places: number[], { raw, rows }: RawTable, kit: FormatKit): Promise<string[][]> {
  if (places.length === 0) return [];
  const columns = places.map((j) => `c${j}`);
  const sample = await kit.duck.rows(`SELECT ${columns.join(', ')} FROM ${raw} LIMIT ${guessedFrom}`);
  const late = await lateValues(sample, { raw, rows, columns }, kit);
  return columns.map((column) => late.get(column) ?? sample.map((row) => String(row[column] ?? '')));
}

async function lateValues(
  sample: Record<string, unknown>[],
  { raw, rows, columns }: { raw: string; rows: number; columns: string[] },
  kit: FormatKit,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (rows <= sample.length) return found;
  for (const column of columns) {
    if (sample.some((row) => !isMissing(String(row[column] ?? '')))) continue;
    const later = await kit.duck.rows(
      `SELECT ${column} AS value FROM ${raw} WHERE NOT list_contains([${missingList}], trim(${column})) LIMIT ${guessedFrom}`,
    );
    if (later.length > 0)
      found.set(
        column,
        later.map(({ value }) => String(value)),
      );
  }
  return found;
}
const missingList = [...missingWords, ...missingSigns].map(literal).join(', ');

/** Tries the candidates of all columns, the first ones together, until one fits each. */
async function settle(work: Work[], table: RawTable, file: string, kit: FormatKit): Promise<Settled[]> {
  const settled = new Map<Work, Settled>();
  let open = work;
  for (let round = 0; open.length > 0; round++) {
    const next: Work[] = [];
    const found = await countChecks(
      open.map(({ raw, candidates, missing }) => ({ raw, checks: checksOf(candidates[round], missing) })),
      table,
      kit,
    );
    for (const [i, column] of open.entries()) {
      const chosen = column.candidates[round];
      const { missing, wrong = 0, ...watched } = found[i];
      if (wrong === 0) settled.set(column, { ...column, chosen, watched, misses: missing });
      else if (chosen.asked) throw await unfit(column, chosen, wrong, table, file, kit);
      else next.push(nearlyOf(column, chosen, wrong, table.rows - missing));
    }
    open = next;
  }
  // SAFETY: every column's last candidate is text, which always fits, or one that throws.
  return work.map((column) => settled.get(column) as Settled);
}

/** The column, with what it nearly is: of a column of numbers it is said elsewhere. */
function nearlyOf(column: Work, candidate: Candidate, wrong: number, all: number): Work {
  const isNumber = candidate.name === 'integer' || candidate.name === 'number';
  if (!isNumber && 2 * wrong < Math.min(all, 2 * (column.nearly?.wrong ?? all)))
    column.nearly = { candidate, wrong, all };
  return column;
}

/** What is counted of a column to see whether a candidate is its type. */
function checksOf({ fits, missing, watch }: Candidate, words: string[]): Record<string, Check> {
  const lost = (raw: string) => missing(raw, words);
  return {
    missing: lost,
    ...watch,
    ...(fits ? { wrong: (raw) => `NOT (${fits(raw)}) AND NOT (${lost(raw)})` } : {}),
  };
}

async function unfit(
  column: Work,
  { name, fits, missing }: Candidate,
  times: number,
  table: RawTable,
  file: string,
  kit: FormatKit,
) {
  const [first] = await kit.duck.rows(
    `SELECT row, value FROM (SELECT row_number() OVER () AS row, ${column.raw} AS value FROM ${table.raw}) WHERE NOT (${fits?.('value')}) AND NOT (${missing('value', column.missing)}) LIMIT 1`,
  );
  return new BregmaError(
    'bad-input',
    `${file}: column ${column.name} cannot be of type ${name}: ${times} of ${table.rows} values do not fit, first ${JSON.stringify(first.value)} in row ${first.row}.`,
    {
      next: `Leave its type out, or name the words that mean missing: options {"missing": {${JSON.stringify(column.name)}: [${JSON.stringify(first.value)}]}}.`,
    },
  );
}

/** Missing words that are named of one column. */
const mostTokens = 20;

/** How often each missing word stands in each column. */
async function countTokens(columns: Settled[], table: RawTable, kit: FormatKit): Promise<Record<string, number>[]> {
  const tokens = columns.map((): Record<string, number> => ({}));
  const missed = [...columns.keys()].filter((at) => columns[at].misses > 0);
  const rows = await askStacked(
    missed.map((at) => ({ raw: columns[at].raw, sql: columns[at].chosen.missing('value', columns[at].missing) })),
    (lost, stack) =>
      `SELECT place, trim(value) AS token, count(*)::DOUBLE AS times FROM (${stack}) WHERE ${lost} GROUP BY ALL ORDER BY times DESC, token`,
    table,
    kit,
  );
  for (const { place, token, times } of rows) {
    const own = tokens[missed[Number(place)]];
    if (Object.keys(own).length < mostTokens) own[String(token)] = Number(times);
  }
  return tokens;
}

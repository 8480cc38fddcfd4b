import type { Column, Decision } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import type { Candidate } from './candidate.ts';
import { candidatesOf } from './candidates.ts';
import { areRoundedIds, doubtsOfText, lostDigits, refuseSecondHeader, say } from './column-words.ts';
import type { Settled, Work } from './settled.ts';
import { cellErrors } from './sheet/load-sheet.ts';
import { checkColumnNames, ofColumn, type TableOptions } from './table-options.ts';
import type { RawTable } from './text/load-text.ts';
import { missingWords } from './text/words.ts';

/** A table with types: the query that gives it, and what is known of its columns. */
export interface TypedTable {
  query: string;
  rows: number;
  columns: Record<string, Pick<Column, 'missing' | 'unit'>>;
  decisions: Decision[];
}

/** Rows from which a type is guessed; every row is then checked. */
const guessedFrom = 3000;
/** Columns that one query looks at. */
const atOnce = 100;

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
  const sample = await kit.duck.rows(`SELECT * FROM ${table.raw} LIMIT ${guessedFrom}`);
  const decisions: Decision[] = [];
  const work = table.names.map((name, j): Work => {
    const raw = `c${j}`;
    const missing = [...(ofColumn(options.missing, name) ?? missingWords), ...(table.kinds ? cellErrors : [])];
    const type = ofColumn(options.types, name);
    const values = sample.map((row) => String(row[raw] ?? ''));
    const dates = ofColumn(options.dates, name);
    const keepsWords = ofColumn(options.missing, name) !== undefined;
    return {
      raw,
      name,
      sample: values,
      missing,
      told: type !== undefined,
      candidates: candidatesOf(values, {
        type,
        kind: table.kinds?.[j],
        dates,
        missing,
        keepsWords,
        decimal: table.decimal,
        thousands: options.thousands,
      }),
    };
  });
  const settled = await settle(work, table, file, kit);
  for (const column of settled)
    if (areRoundedIds(column, table.rows)) column.chosen = column.candidates[column.candidates.length - 1];
  await refuseSecondHeader(settled, table, file, kit);
  const columns: TypedTable['columns'] = {};
  const selected: string[] = [];
  for (const column of settled) {
    const { name, raw, chosen, misses } = column;
    const tokens = misses > 0 ? await countTokens(column, table.raw, kit) : {};
    const unit = table.units[name] ?? chosen.unit;
    columns[name] = { missing: { count: misses, tokens }, ...(unit === undefined ? {} : { unit }) };
    selected.push(`${chosen.value(raw)} AS ${identifier(name)}`);
    decisions.push(...say(column, tokens, misses === table.rows), ...(await lostDigits(column, table, kit)));
    if (!column.told) decisions.push(...(await doubtsOfText(column, table, kit)));
  }
  return { query: `SELECT ${selected.join(', ')} FROM ${table.raw}`, rows: table.rows, columns, decisions };
}

/** Tries the candidates of all columns, the first ones together, until one fits each. */
async function settle(work: Work[], table: RawTable, file: string, kit: FormatKit): Promise<Settled[]> {
  const settled = new Map<Work, Settled>();
  let open = work;
  for (let round = 0; open.length > 0; round++) {
    const next: Work[] = [];
    for (let from = 0; from < open.length; from += atOnce) {
      const some = open.slice(from, from + atOnce);
      const checks = some.flatMap((column, i) => {
        const candidate = column.candidates[round];
        const lost = candidate.missing(column.raw, column.missing);
        return [
          `count(*) FILTER (${lost})::DOUBLE AS m${i}`,
          ...Object.entries(candidate.watch ?? {}).map(
            ([what, condition]) => `count(*) FILTER (${condition(column.raw)})::DOUBLE AS ${what}${i}`,
          ),
          candidate.fits
            ? `count(*) FILTER (NOT (${candidate.fits(column.raw)}) AND NOT (${lost}))::DOUBLE AS w${i}`
            : `0 AS w${i}`,
        ];
      });
      const [found] = await kit.duck.rows(`SELECT ${checks.join(', ')} FROM ${table.raw}`);
      for (const [i, column] of some.entries()) {
        const chosen = column.candidates[round];
        const wrong = Number(found[`w${i}`]);
        const watched = Object.fromEntries(
          Object.keys(chosen.watch ?? {}).map((what) => [what, Number(found[`${what}${i}`])]),
        );
        if (wrong === 0) settled.set(column, { ...column, chosen, watched, misses: Number(found[`m${i}`]) });
        else if (chosen.asked) throw await unfit(column, chosen, wrong, table, file, kit);
        else next.push(column);
      }
    }
    open = next;
  }
  // SAFETY: every column's last candidate is text, which always fits, or one that throws.
  return work.map((column) => settled.get(column) as Settled);
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

async function countTokens(
  { raw, chosen, missing }: Settled,
  table: string,
  kit: FormatKit,
): Promise<Record<string, number>> {
  const rows = await kit.duck.rows(
    `SELECT trim(${raw}) AS token, count(*)::DOUBLE AS times FROM ${table} WHERE ${chosen.missing(raw, missing)} GROUP BY ALL ORDER BY times DESC, token LIMIT 20`,
  );
  return Object.fromEntries(rows.map(({ token, times }) => [String(token), Number(times)]));
}

import type { Decision } from '@bregma/core/contracts/dataset';
import type { FormatKit } from '../formats/format.ts';
import type { Settled } from './settled.ts';
import type { RawTable } from './text/raw-table.ts';

/** Names of columns whose numbers are names: 1.10 comes after 1.9 in them. */
const labelName =
  /(^|[^a-z])(ids?|ver|version|versions|release|session|section|chapter|figure|fig|panel|table|run|block|batch|lot|subject|animal|mouse|model|experiment|exp|label|name|code|cluster|group)([^a-z]|$)|(id|version)$/i;
/** A unit in the name of a column: "dose (mg)", "lat_ms". */
const unitInName = /[([].+[)\]]|_(?:ms|s|um|mm|cm|m|hz|khz|mv|v|na|pa|mg|g|kg|ml|l|nm|um3|deg|pct|percent)$/i;

/** The share of the places up to the last that a counted list fills at least, and measured values by chance seldom do. */
const dense = 0.15;

/** A value whose last decimal is a zero that no number is written back with: 1.10; 2.0 is how programs write 2. */
export const endsInZero = (raw: string, decimal: ',' | '.') =>
  `CASE WHEN suffix(${raw}, '0') THEN contains(${raw}, '${decimal}') AND NOT suffix(${raw}, '${decimal}0') ELSE false END`;

/** How the values of a column of numbers write their decimals. */
interface Written {
  /** Values with zeros at their end, and the first of them. */
  zeros: number;
  example: string;
  /** All have equally many decimals, or equally many digits that count: written back so, they are what was read. */
  even: boolean;
  /** Numbers that are written in more than one way, and two such ways. */
  merged: number;
  pair: string[];
  /** They look counted, as versions and sections are: 1.9, 1.10. */
  counted: boolean;
}

/**
 * Columns of numbers in which 1.10 and 1.1 stand beside each other are names where they are called or counted so: 1.1 … 1.9, 1.10.
 * They become text. Gives the others' decisions: what of their zeros is not kept. No column that a person gave a type is looked at.
 */
export async function lookAtDecimals(
  columns: Settled[],
  table: RawTable,
  kit: FormatKit,
): Promise<{ names: Settled[]; said: Decision[] }> {
  const found = columns.filter(({ told, chosen, watched }) => !told && chosen.name === 'number' && watched.zeros > 0);
  const names: Settled[] = [];
  const said: Decision[] = [];
  for (const column of found) {
    const written = await lookAt(column, table, kit);
    // A word for missing may end as a number does: 1.#QNAN0.
    if (written.even || written.zeros === 0) continue;
    if (areNames(column, written, table)) {
      names.push(column);
      said.push(sayNames(column, written));
    } else said.push(sayNumbers(column, written));
  }
  for (const column of columns)
    if (!column.told && column.chosen.name === 'number' && !names.includes(column))
      said.push(...(await sayOtherwise(column, table, kit)));
  return { names, said };
}

/** Of first values that are numbers: one that is not written back as it was read, +3, .5, 5. or 1.0 beside 1. zero: of the last kind. */
export function writtenOtherwise(sample: string[]): { example?: string; zero?: string } {
  const first = sample.find((value) => /^\s*(\+|-?[.,]\d|-?\d+[.,]\s*$)/.test(value));
  const pointless = sample.some((value) => /^\s*-?\d+\s*$/.test(value));
  const zero = pointless ? sample.find((value) => /^\s*-?\d+[.,]0\s*$/.test(value)) : undefined;
  return { example: first ?? zero, zero };
}

/** Numbers that are not written back as they were read are looked for where the first rows have one. */
async function sayOtherwise({ name, raw, sample }: Settled, table: RawTable, kit: FormatKit): Promise<Decision[]> {
  const { example, zero } = writtenOtherwise(sample);
  if (example === undefined) return [];
  const forms = [`'[+].*|-?[.,]\\d.*|-?\\d+[.,]'`, ...(zero === undefined ? [] : [`'-?\\d+[.,]0'`])];
  const [{ times }] = await kit.duck.rows(
    `SELECT count(*) FILTER (${forms.map((form) => `regexp_full_match(trim(${raw}), ${form})`).join(' OR ')})::DOUBLE AS times FROM ${table.raw}`,
  );
  return [
    {
      what: `Column ${name}: ${times} value${times === 1 ? ' is' : 's are'} written as ${example.trim()} is, and read as the number that this means.`,
      column: name,
      option: option(name, 'text'),
    },
  ];
}

const areNames = ({ name }: Settled, { merged, counted }: Written, table: RawTable) =>
  (merged > 0 && labelName.test(name)) || (counted && table.units[name] === undefined && !unitInName.test(name));

const option = (name: string, type: string) => `types: ${JSON.stringify({ [name]: type })}`;

const sayNames = ({ name }: Settled, { pair, example }: Written): Decision => ({
  what: `Column ${name}: ${pair.length > 1 ? `${pair[0]} and ${pair[1]} are written apart and would be one number` : `${example} is written as names such as versions are, and would be another as a number`}: it is kept as text.`,
  column: name,
  option: option(name, 'number'),
  doubtful: true,
});

const sayNumbers = ({ name }: Settled, { zeros, example, merged, pair }: Written): Decision => ({
  what: `Column ${name}: ${zeros} value${zeros === 1 ? ' ends' : 's end'} in zeros, such as ${example}, among values of other lengths: as numbers they end before ${merged > 0 ? `them, and ${merged === 1 ? 'one number is' : `${merged} numbers are`} written in more than one way (${pair.slice(0, 2).join(', ')})` : 'them'}.`,
  column: name,
  option: option(name, 'text'),
  doubtful: merged > 0 || undefined,
});

async function lookAt({ raw, chosen, missing }: Settled, table: RawTable, kit: FormatKit): Promise<Written> {
  // Blanks around numbers are left out; a decimal comma becomes a point.
  const there = `SELECT replace(trim(${raw}), ',', '.') AS w FROM ${table.raw} WHERE NOT (${chosen.missing(raw, missing)})`;
  const zero = endsInZero('w', '.');
  const [even] = await kit.duck.rows(
    `SELECT count(*) FILTER (${zero})::DOUBLE AS zeros, first(w) FILTER (${zero}) AS example, coalesce(min(decimals) = max(decimals) OR min(digits) = max(digits), true) AS even FROM (SELECT w, ${lengths} FROM (${there}))`,
  );
  const plain = { zeros: Number(even.zeros), example: String(even.example), even: even.even === true };
  if (plain.even) return { ...plain, merged: 0, pair: [], counted: false };
  const [twice] = await kit.duck.rows(
    `SELECT count(*)::DOUBLE AS merged, first(list_sort(ways) ORDER BY v) AS pair FROM (SELECT w::DOUBLE AS v, list(DISTINCT w) AS ways FROM (${there}) WHERE NOT suffix(w, '.0') GROUP BY v HAVING len(ways) > 1)`,
  );
  const [counted] = await kit.duck.rows(countedSql(there));
  const merged = Number(twice.merged);
  // SAFETY: the statement makes `pair` a list of texts wherever a value was written in two ways.
  const pair = merged > 0 ? (twice.pair as string[]).map(String) : [];
  const looks = Number(counted.odd) === 0 && Number(counted.filled) >= dense * Number(counted.places);
  return { ...plain, merged, pair, counted: looks && (merged > 0 || Number(counted.tens) > 0) };
}

/** Decimals of a value without exponent, and its digits from the first that counts. */
const lengths = `CASE WHEN regexp_matches(w, '[A-Za-z]') THEN NULL ELSE strlen(split_part(w, '.', 2)) END AS decimals, CASE WHEN regexp_matches(w, '[A-Za-z]') THEN NULL ELSE strlen(ltrim(regexp_replace(w, '[^0-9]', '', 'g'), '0')) END AS digits`;

/**
 * What tells counted names from measured values. odd: values with a sign, an exponent, a zero before another decimal (1.05), three
 * decimals or thousands. filled, places: the second parts that are there, and their largest, over all first parts. tens: first parts
 * that have a ninth and a tenth.
 */
const countedSql = (there: string) =>
  `SELECT sum(odd)::DOUBLE AS odd, sum(filled)::DOUBLE AS filled, sum(places)::DOUBLE AS places, count(*) FILTER (ninth AND tenth)::DOUBLE AS tens FROM (SELECT split_part(w, '.', 1) AS head, count(*) FILTER (NOT regexp_full_match(w, '\\d{1,3}(\\.(0|[1-9]\\d?))?')) AS odd, count(DISTINCT split_part(w, '.', 2)) FILTER (contains(w, '.')) AS filled, coalesce(max(TRY_CAST(split_part(w, '.', 2) AS INTEGER)), 0) AS places, bool_or(split_part(w, '.', 2) = '9') AS ninth, bool_or(split_part(w, '.', 2) = '10') AS tenth FROM (${there}) GROUP BY head)`;

import type { Decision } from '@bregma/core/contracts/dataset';
import { codes, mayBeMissing } from '@bregma/core/questions/unmeasured';
import { identifier } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import type { Ends, Settled } from './settled.ts';

/** Columns that are looked at in one statement. */
const mostTogether = 100;

/**
 * What is said of columns of numbers whose lowest or highest value may stand for "not measured": it is read as a number all the same.
 * query: gives the table with its types. A column that a person gave a type is not looked at.
 */
export async function sayUnmeasured(settled: Settled[], query: string, kit: FormatKit): Promise<Decision[]> {
  const numbers = settled.filter(
    ({ told, chosen }) => !told && (chosen.name === 'integer' || chosen.name === 'number'),
  );
  const said: Decision[] = [];
  for (let at = 0; at < numbers.length; at += mostTogether)
    said.push(...(await lookAt(numbers.slice(at, at + mostTogether), query, kit)));
  return said;
}

async function lookAt(columns: Settled[], query: string, kit: FormatKit): Promise<Decision[]> {
  const doubted = (await endsOf(columns, query, kit)).flatMap(({ column, ends: { low, high } }) =>
    [low, high].flatMap((value) => (codes.includes(value) ? [{ column, value }] : [])),
  );
  if (doubted.length === 0) return [];
  const others = doubted.map(({ column, value }, i) => {
    const own = finite(column.name);
    const beside = `FILTER (${own} <> ${value})`;
    return `min(${own}) ${beside} AS low${i}, max(${own}) ${beside} AS high${i}, approx_count_distinct(${own}) ${beside} AS distinct${i}, coalesce(bool_and(${own} = floor(${own})) ${beside}, true) AS whole${i}, count(*) FILTER (${own} = ${value})::DOUBLE AS rows${i}`;
  });
  const [beside] = await kit.duck.rows(`SELECT ${others.join(', ')} FROM (${query})`);
  return doubted.flatMap(({ column, value }, i) => {
    if (beside[`low${i}`] === null) return [];
    const [low, high, distinct] = ['low', 'high', 'distinct'].map((name) => Number(beside[`${name}${i}`]));
    if (!mayBeMissing(value, { low, high, distinct, whole: beside[`whole${i}`] === true })) return [];
    return [sentence(column, value, Number(beside[`rows${i}`]))];
  });
}

/** The ends of the columns that have any number; SQL looks for those that are not known. */
async function endsOf(columns: Settled[], query: string, kit: FormatKit): Promise<{ column: Settled; ends: Ends }[]> {
  const unknown = columns.filter(({ ends }) => ends === undefined);
  const asked = unknown.map(({ name }, i) => `min(${finite(name)}) AS low${i}, max(${finite(name)}) AS high${i}`);
  const [found] = asked.length === 0 ? [] : await kit.duck.rows(`SELECT ${asked.join(', ')} FROM (${query})`);
  return columns.flatMap((column) => {
    const at = unknown.indexOf(column);
    if (column.ends) return [{ column, ends: column.ends }];
    const [low, high] = [found[`low${at}`], found[`high${at}`]];
    return low === null ? [] : [{ column, ends: { low: Number(low), high: Number(high) } }];
  });
}

/** A column as a double, without what has no end: NaN would be its highest value. */
const finite = (name: string) => `CASE WHEN isfinite(${identifier(name)}::DOUBLE) THEN ${identifier(name)}::DOUBLE END`;

function sentence({ name, sample }: Settled, value: number, rows: number): Decision {
  const word = sample.find((text) => Number(text.replace(',', '.')) === value && text.trim() !== '')?.trim();
  return {
    what: `Column ${name}: ${value} (${rows}×) lies far from all other values and may mean missing; it is read as a number.`,
    column: name,
    option: `missing: ${JSON.stringify({ [name]: [word ?? String(value)] })}`,
    doubtful: true,
  };
}

import type { Decision } from '@bregma/core/contracts/dataset';
import { codes, mayBeMissing } from '@bregma/core/questions/unmeasured';
import { identifier } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import type { Settled } from './settled.ts';

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
  const ends = columns.map(({ name }, i) => `min(${finite(name)}) AS low${i}, max(${finite(name)}) AS high${i}`);
  const [found] = await kit.duck.rows(`SELECT ${ends.join(', ')} FROM (${query})`);
  const doubted = columns.flatMap((column, i) =>
    [found[`low${i}`], found[`high${i}`]].flatMap((end) =>
      end !== null && codes.includes(Number(end)) ? [{ column, value: Number(end) }] : [],
    ),
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

import { BregmaError } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { identifier, literal } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { goneDigits } from './column-words.ts';
import { trimmed } from './trimmed.ts';

/** Files as errors name them. */
export interface FileNames {
  neurons: string;
  edges: string;
}

/** Throws `bad-input` when a neuron stands twice in the table of this file, or without an id. */
export async function checkIds(table: string, column: string, file: string, kit: FormatKit): Promise<void> {
  const [twice] = await kit.duck.rows(
    `SELECT ${identifier(column)} AS id, count(*)::INTEGER AS times FROM ${identifier(table)} GROUP BY 1 HAVING count(*) > 1 OR id IS NULL LIMIT 1`,
  );
  if (!twice) return;
  throw new BregmaError(
    'bad-input',
    twice.id === null
      ? `${file} has ${twice.times} neurons without an id.`
      : `${file} lists neuron '${twice.id}' ${twice.times} times.`,
    { next: 'Every neuron has one row with an id of its own.' },
  );
}

/** Throws `bad-input` that names the first row of `wires` whose weight is no finite number. */
export async function checkWeights(file: string, { duck }: FormatKit): Promise<void> {
  const [odd] = await duck.rows(
    'SELECT row_number() OVER () AS row, * FROM wires QUALIFY try_cast(weight AS DOUBLE) IS NULL OR NOT isfinite(try_cast(weight AS DOUBLE)) LIMIT 1',
  );
  if (odd)
    throw new BregmaError(
      'bad-input',
      `${file}: row ${odd.row}, ${odd.pre} → ${odd.post}, has the weight '${odd.weight ?? ''}'; weights are finite numbers.`,
      {
        next: /^[+-]?\d[\d.,' ]*$/.test(String(odd.weight ?? ''))
          ? 'Say how its numbers are written: options {"decimal": ","} or {"thousands": ","}; or correct the row.'
          : 'Correct or remove the row.',
      },
    );
}

/** Throws `bad-input` that names the first row of `wires` without a neuron at one of its ends. */
export async function checkEnds(file: string, { duck }: FormatKit): Promise<void> {
  const [odd] = await duck.rows(
    "SELECT row_number() OVER () AS row, * FROM wires QUALIFY coalesce(pre, '') = '' OR coalesce(post, '') = '' LIMIT 1",
  );
  if (odd)
    throw new BregmaError(
      'bad-input',
      `${file}: row ${odd.row} has no ${(odd.pre ?? '') === '' ? 'pre' : 'post'}: a connection leads from a neuron to a neuron.`,
      { next: 'Correct or remove the row.' },
    );
}

/** How many ids of these columns have blanks around them, which are left out, as a sentence about their file. */
export async function blanksOf(table: string, file: string, ids: string[], { duck }: FormatKit): Promise<string[]> {
  const counts = ids.map(
    (id) => `count(*) FILTER (${identifier(id)}::VARCHAR <> ${trimmed(`${identifier(id)}::VARCHAR`)})`,
  );
  if (counts.length === 0) return [];
  const [{ count }] = await duck.rows(`SELECT (${counts.join(' + ')})::INTEGER AS count FROM ${identifier(table)}`);
  return Number(count) > 0
    ? [`${file}: ${count} id${Number(count) === 1 ? '' : 's'} had blanks around, which are left out.`]
    : [];
}

/** How many ids of these columns are rounded numbers, 7.20576E+17, of which digits are gone, as a sentence about their file. */
export async function roundedIds(table: string, file: string, ids: string[], { duck }: FormatKit): Promise<string[]> {
  const rounded = (id: string) =>
    `regexp_full_match(${trimmed(`${identifier(id)}::VARCHAR`)}, '\\d([.,]\\d+)?[eE][+]?1[5-9]')`;
  const parts = ids.map(
    (id) => `SELECT ${identifier(id)}::VARCHAR AS id FROM ${identifier(table)} WHERE ${rounded(id)}`,
  );
  if (parts.length === 0) return [];
  const [{ count, example }] = await duck.rows(
    `SELECT count(*)::INTEGER AS count, first(id) AS example FROM (${parts.join(' UNION ALL ')})`,
  );
  return Number(count) > 0
    ? [
        `${file}: ${count} id${Number(count) === 1 ? '' : 's'} such as ${example} ${Number(count) === 1 ? 'is a rounded number' : 'are rounded numbers'}, of which the file has ${goneDigits(String(example))}: different neurons may have become one. Take them from a file that holds ids as text.`,
      ]
    : [];
}

/** How sources write that there is no neuron: in words, and CAVE by 0 among ids of many digits. */
const noNeuron = ['na', 'nan', 'n/a', 'none', 'null', '<na>', 'unknown', 'undefined'];
const noSegment = ['0', '-1'];
/** Digits of ids among which 0 is no id. */
const manyDigits = 6;

/** How often an end of `wires` has a name that may mean no neuron, as a sentence: all of these would be partners of one neuron. */
export async function doubtfulIds(file: string, { duck }: FormatKit): Promise<string[]> {
  const list = (words: string[]) => words.map(literal).join(', ');
  const found = await duck.rows(
    `WITH ends AS (SELECT pre AS id FROM wires UNION ALL SELECT post FROM wires) SELECT id, count(*)::DOUBLE AS times FROM ends WHERE lower(id) IN (${list(noNeuron)}) OR id IN (${list(noSegment)}) AND (SELECT median(length(id)) FROM ends) >= ${manyDigits} GROUP BY id ORDER BY times DESC, id LIMIT 5`,
  );
  if (found.length === 0) return [];
  const named = found.map(({ id, times }) => `'${id}' (${times}×)`).join(', ');
  return [
    `${file}: ${named} may mean that there is no neuron, and ${found.length === 1 ? 'is kept as the name of one' : 'are kept as names of neurons'}. Without these rows, or with a table of neurons, it is certain.`,
  ];
}

/** Unknown neurons that an error names. */
const mostNamed = 3;

/** Throws `bad-input` when a connection names a neuron that the table of neurons lacks, with the nearest and how often. */
export async function refuseUnknown(files: FileNames, { duck }: FormatKit): Promise<void> {
  const ends = '(SELECT pre AS id FROM wires UNION ALL SELECT post FROM wires) w ANTI JOIN cells USING (id)';
  const [{ count, ends: hits }] = await duck.rows(
    `SELECT count(DISTINCT coalesce(id, ''))::INTEGER AS count, count(*)::INTEGER AS ends FROM ${ends}`,
  );
  if (Number(count) === 0) return;
  const unknown = await duck.rows(
    `SELECT id, count(*)::INTEGER AS times FROM ${ends} GROUP BY id ORDER BY times DESC, id LIMIT ${mostNamed}`,
  );
  const known = (await duck.rows('SELECT id FROM cells')).map(({ id }) => String(id));
  const named = unknown.map(({ id, times }) => {
    const [near] = id === null ? [] : nearest(String(id), known, 1);
    return `${id === null ? 'an empty id' : `'${id}'`} (${times} ends${near ? `; nearest '${near}'` : ''})`;
  });
  const [{ all }] = await duck.rows(
    'SELECT count(*)::INTEGER AS "all" FROM (SELECT pre AS id FROM wires UNION SELECT post FROM wires)',
  );
  throw new BregmaError(
    'bad-input',
    `${count} of the ${all} neurons in ${files.edges} are not in ${files.neurons}, ${hits} ends of connections: ${named.join(', ')}${Number(count) > mostNamed ? ', …' : ''}.`,
    {
      next: unknown.every(({ id }) => /^\d+\.0$/.test(String(id)))
        ? `Ids that end in .0 were written as floats: write them as whole numbers.`
        : `Correct these ids, or add the neurons to ${files.neurons}. Where no id fits, the files are of two releases: ids do not persist between releases.`,
    },
  );
}

import type { Decision } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { areDigits, isMostlyDigits, isMostlyNumbers } from './mixtures.ts';
import { otherNotation } from './other-notations.ts';
import type { Settled } from './settled.ts';
import type { RawTable } from './text/raw-table.ts';
import { isMissing, isNumber } from './text/words.ts';
import { markOfNumbers, thousandsOf, withoutMark } from './written-numbers.ts';

/** Names under which ids stand. */
const idName =
  /(^|[^a-z])(ids?|root|roots|bodyid|body|segid|segment|supervoxel|neuron|cell|skeleton|nucleus)([^a-z]|$)|id$/i;
const option = (name: string, column: string, value: unknown) => `${name}: ${JSON.stringify({ [column]: value })}`;
const values = (n: number) => `${n} value${n === 1 ? '' : 's'}`;

/** What was decided about a column, where it is worth a sentence. tokens: how often each missing word stands in it. */
export function say({ name, chosen, misses }: Settled, tokens: Record<string, number>, nothing: boolean): Decision[] {
  const said: Decision[] = [];
  if (chosen.note)
    said.push({
      what: `Column ${name}: ${chosen.note.what}.`,
      column: name,
      option: chosen.note.option,
      doubtful: chosen.note.doubtful,
    });
  const words = Object.entries(tokens).filter(([token]) => token !== '');
  if (nothing && misses > 0)
    said.push({
      what: `Column ${name} holds no value${words.length > 0 ? `: ${words.map(([token, times]) => `"${token}" (${times}×)`).join(', ')}` : ''}.`,
      column: name,
      option: words.length > 0 ? option('missing', name, []) : 'missing',
    });
  else if (words.length > 0)
    said.push({
      what: `Column ${name}: ${words.map(([token, times]) => `"${token}" (${times}×)`).join(', ')} ${words.length === 1 && words[0][1] === 1 ? 'is' : 'are'} missing.`,
      column: name,
      option: option('missing', name, []),
      // A word of a text may be one: NA is also sodium, and a region.
      doubtful: (chosen.name === 'text' && words.some(([token]) => /^(none|na|null)$/i.test(token))) || undefined,
    });
  return said;
}

/** Whether a column is of ids that something wrote as rounded numbers: as text they at least equal no other id. */
export const areRoundedIds = ({ name, told, chosen, watched, misses }: Settled, rows: number) =>
  !told && chosen.name === 'number' && watched.large > 0 && watched.large === rows - misses && idName.test(name);

/** Whole numbers so large that digits of them are gone in the file itself, as Excel and pandas write ids: 7.20576E+17. */
export async function lostDigits(column: Settled, table: RawTable, kit: FormatKit): Promise<Decision[]> {
  const { name, raw, watched, misses } = column;
  const said: Decision[] = [];
  if (watched.large > 0 && (watched.large === table.rows - misses || idName.test(name))) {
    const [{ example }] = await kit.duck.rows(
      `SELECT first(trim(${raw})) FILTER (abs(TRY_CAST(replace(${raw}, ',', '.') AS DOUBLE)) >= 9007199254740992) AS example FROM ${table.raw}`,
    );
    said.push({
      what: `Column ${name}: ${values(watched.large)} such as ${example} ${watched.large === 1 ? 'is a whole number' : 'are whole numbers'} beyond 2^53, of which the file has ${goneDigits(String(example))}: different ids may have become one. ${column.chosen.name === 'text' ? 'The column is kept as text, as it is written. ' : ''}Take them from a file that holds them as text.`,
      column: name,
      option: option('types', name, column.chosen.name === 'text' ? 'number' : 'text'),
      doubtful: true,
    });
  }
  if (watched.long > 0)
    said.push({
      what: `Column ${name}: ${values(watched.long)} ${watched.long === 1 ? 'is' : 'are'} written with more digits than a double may hold; the nearest double is kept.`,
      column: name,
      option: option('types', name, 'text'),
    });
  return said;
}

/** "7.20576E+17" has 6 of 18 digits. */
export function goneDigits(text: string): string {
  const [mantissa, exponent = '0'] = text.toLowerCase().replace(',', '.').split('e');
  const [whole, fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const written = (whole + fraction).replace(/^0+/, '').length;
  const digits = whole.length + Number(exponent);
  return written < digits
    ? `${written} of ${digits} digits: the last ${digits - written} are gone`
    : `${digits} digits, and a double holds 15: the last ones are not certain`;
}

/** Dates and times in the ways that people write them; SEPT2 and 2-Sep, which may be genes, are none. */
const likeMoment =
  /^(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?|\d{1,2}[./-]\d{1,2}[./-]\d{2}(\d{2})?( \d{1,2}:\d{2}.*)?|\d{1,2}[- ][A-Za-z]{3,9}[- ,]+\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4}|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?)$/;

/** Why a column that looks like something else is text. */
export async function doubtsOfText(column: Settled, table: RawTable, kit: FormatKit): Promise<Decision[]> {
  const { name, chosen, sample } = column;
  if (column.watched.large > 0 || (chosen.name === 'text' && column.watched.zeros > 0)) return [];
  const there = sample.filter((value) => !isMissing(value)).map((value) => value.trim());
  if (chosen.name === 'number' && there.length > 0 && there.every((value) => /^\d+[eE]\d+$/.test(value)))
    return [
      {
        what: `Column ${name}: every value is like ${there[0]} and is read as a number.`,
        column: name,
        option: option('types', name, 'text'),
        doubtful: true,
      },
    ];
  if (chosen.name === 'text' && there.length > 0 && there.every((value) => /^\d+[eE]\d+$/.test(value)))
    return [
      {
        what: `Column ${name}: every value is like ${there[0]}, as names of clones are, and is kept as text.`,
        column: name,
        option: option('types', name, 'number'),
        doubtful: true,
      },
    ];
  if (chosen.name !== 'text' || there.length === 0) return [];
  const nearly = await firstUnfit(column, table, kit);
  if (nearly) return [nearly];
  if (there.every((value) => /^\d{1,2}([./-])\d{1,2}\1\d{4}$/.test(value)))
    return [
      {
        what: `Column ${name} may hold dates such as ${there[0]}, whose order is not certain: it is text.`,
        column: name,
        option: option('dates', name, 'dmy'),
        doubtful: true,
      },
    ];
  const moment = there.find((value) => !isNumber(value, table.decimal));
  // Of a sheet's cells it is said which kinds they are.
  if (!table.kinds && moment !== undefined && there.filter((value) => likeMoment.test(value)).length > there.length / 2)
    return [
      {
        what: `Column ${name} may hold dates or times such as ${moment}, which are not all written in one ISO form: it is text; in SQL try_strptime("${name}", '…') reads them.`,
        column: name,
        option: option('types', name, 'text'),
      },
    ];
  const written = asWritten(column, there, table);
  if (written) return [written];
  if (
    there.every((value) => isNumber(value, table.decimal === ',' ? '.' : ',')) &&
    there.some((value) => /[.,]/.test(value))
  )
    return [
      {
        what: `Column ${name} may hold numbers with another decimal sign, such as ${there[0]}: it is text.`,
        column: name,
        option: 'decimal',
        doubtful: true,
      },
    ];
  return isMostlyDigits(column, table) ? mixed(column, table) : [];
}

/** Words of truth that the type reads where it is asked for. */
const truth = /^(true|false|t|f|yes|no|y|n|0|1)$/i;

/** Where a column of dates, times or truth values holds something else, which makes it text. */
async function firstUnfit(column: Settled, table: RawTable, kit: FormatKit): Promise<Decision | undefined> {
  const { name, raw, missing } = column;
  if (table.kinds) return undefined;
  const nearly = column.nearly ?? (await countAlmost(column, table, kit));
  if (!nearly) return undefined;
  const { candidate, wrong, all } = nearly;
  const [first] = await kit.duck.rows(
    `SELECT row, value FROM (SELECT row_number() OVER () AS row, ${raw} AS value FROM ${table.raw}) WHERE NOT (${candidate.fits?.('value')}) AND NOT (${candidate.missing('value', missing)}) LIMIT 1`,
  );
  const value = String(first.value).slice(0, 60);
  // Days among moments are told of as such.
  if (!column.nearly && candidate.name !== 'boolean' && likeMoment.test(value)) return undefined;
  const isTruth = candidate.name === 'boolean' && truth.test(value);
  return {
    what: `Column ${name} is text: ${wrong} of ${all} values ${wrong === 1 ? 'does' : 'do'} not fit the type ${candidate.name}, first ${JSON.stringify(value)} in row ${first.row}.`,
    column: name,
    option: isTruth ? option('types', name, 'boolean') : option('missing', name, [value]),
    doubtful: true,
  };
}

/** How many values of a column have not the type that most of its first values have; undefined where that is half of them. */
async function countAlmost({ almost, raw, missing }: Settled, table: RawTable, kit: FormatKit) {
  if (!almost) return undefined;
  const there = `NOT (${almost.missing(raw, missing)})`;
  const [{ all, wrong }] = await kit.duck.rows(
    `SELECT count(*) FILTER (${there})::DOUBLE AS all, count(*) FILTER (${there} AND NOT (${almost.fits?.(raw)}))::DOUBLE AS wrong FROM ${table.raw}`,
  );
  return 2 * Number(wrong) < Number(all) ? { candidate: almost, wrong: Number(wrong), all: Number(all) } : undefined;
}

/** Numbers in a notation that is not taken unasked: with parted thousands, with a mark, with the minus of typesetting. */
function asWritten({ name }: Settled, there: string[], table: RawTable): Decision | undefined {
  const sign = thousandsOf(there, table.decimal);
  const say = (what: string, how?: string, sql?: string): Decision => ({
    what: `Column ${name} ${what}: it is text${sql ? `; a number in SQL: ${sql}::DOUBLE` : ''}.`,
    column: name,
    option: how,
    doubtful: true,
  });
  if (sign !== undefined) {
    const example = there.find((value) => !isNumber(value)) ?? there.find((value) => /\D/.test(value));
    return say(`may hold numbers whose thousands are parted, such as ${example}`, `thousands: ${JSON.stringify(sign)}`);
  }
  const other = there.map(otherNotation).find((one) => one !== undefined);
  const plain = there.map((value) => otherNotation(value)?.plain ?? value);
  const parted = other && thousandsOf(plain, table.decimal);
  if (other && (parted || plain.every((value) => isNumber(value, table.decimal))))
    return say(
      `may hold ${other.what}, such as ${there.find((value) => otherNotation(value))}`,
      `${parted ? `thousands: ${JSON.stringify(parted)}, ` : ''}${option('types', name, 'number')}`,
    );
  const found = markOfNumbers(there);
  if (found)
    return say(
      `holds numbers ${found.at === 'before' ? 'behind' : 'with'} "${found.mark}", such as ${there[0]}`,
      undefined,
      withoutMark(identifier(name), found.mark, found.numbers),
    );
  const minus = there.find((value) => value.startsWith('\u2212'));
  return minus !== undefined && there.every((value) => isNumber(value.replace('\u2212', '-'), table.decimal))
    ? say(`holds numbers with another minus than "-", such as ${minus}`, undefined, `replace("${name}", '\u2212', '-')`)
    : undefined;
}

function mixed(column: Settled, table: RawTable): Decision[] {
  const { name, mixture, watched } = column;
  const { all, odd, first: [first] = [] } = mixture ?? {};
  // Ids and codes are spoken of where there is nothing else.
  if (watched.ids > 0)
    return [
      {
        what: `Column ${name} holds 64-bit integers: it is kept as text, so that no digit is lost.`,
        column: name,
        option: option('types', name, 'integer'),
        doubtful: true,
      },
    ];
  if (watched.codes > 0)
    return [
      {
        what: `Column ${name} is text: numbers in it begin with zeros.`,
        column: name,
        option: option('types', name, 'number'),
      },
    ];
  if (!first)
    return [
      {
        what: table.kinds
          ? `Column ${name} is text, as its cells are, though all of them could be numbers.`
          : `Column ${name} is text: no double is as small, as large or as exact as some of its numbers are written.`,
        column: name,
        option: option('types', name, 'number'),
        doubtful: true,
      },
    ];
  return [
    {
      what: `Column ${name} is text: ${odd} of ${all} values ${odd === 1 ? 'is no number' : 'are no numbers'}, first ${JSON.stringify(first.value.slice(0, 60))} in row ${first.row}.`,
      column: name,
      option: otherNotation(first.value)
        ? option('types', name, 'number')
        : option('missing', name, [first.value.slice(0, 60)]),
      doubtful: true,
    },
  ];
}

/**
 * Throws `bad-input` where one row holds words in several columns that otherwise hold numbers: the header of a second table. The
 * first row may be a second row of the header, which is said elsewhere.
 */
export function refuseSecondHeader(columns: Settled[], table: RawTable, file: string): void {
  const rows = new Map<number, string[]>();
  for (const column of columns) {
    const odd = column.mixture?.first ?? [];
    if (odd.length !== 1 || areDigits(column) || !isMostlyNumbers(column, table)) continue;
    rows.set(odd[0].row, [...(rows.get(odd[0].row) ?? []), odd[0].value]);
  }
  for (const [row, words] of rows) {
    if (row === 1 || words.length < 2 || new Set(words).size < words.length) continue;
    throw new BregmaError(
      'bad-input',
      `${file}: row ${row} holds words (${words.slice(0, 5).join(', ')}) in ${words.length} columns that otherwise hold numbers, as the header of a second table does.`,
      {
        next: `Read the tables one by one with options.range (lines, as "1:${row}"); or keep the row with options {"types": "text"}.`,
      },
    );
  }
}

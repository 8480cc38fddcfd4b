import { literal } from '@bregma/readers/sql-text';
import { type Candidate, type Lost, plainly } from './candidate.ts';
import { groupedNumbers, ungrouped } from './grouped-numbers.ts';
import { datesOf, times, timestamps } from './moment-candidates.ts';
import { plainNotation } from './other-notations.ts';
import type { ColumnKind } from './sheet/sheet-table.ts';
import type { ColumnType, DateOrder } from './table-options.ts';
import type { TruthWord } from './text/kernel/block.ts';
import { isNumber, missingSigns, stripped } from './text/words.ts';
import { trimmed } from './trimmed.ts';
import { endsInZero } from './written-decimals.ts';
import type { ThousandsSign } from './written-numbers.ts';

interface Asked {
  /** What a person asks for. */
  type: ColumnType | undefined;
  /** What the cells of a sheet are; text is not looked into. */
  kind: ColumnKind | undefined;
  dates: DateOrder | undefined;
  missing: string[];
  /** A person named the missing words: no other is missing. */
  keepsWords: boolean;
  decimal: ',' | '.';
  thousands?: ThousandsSign;
}

const words = (list: string[]) => list.map(literal).join(', ');
const longest = (list: string[]) => Math.max(0, ...list.map((word) => Buffer.byteLength(word)));

/** Whether the value, without blanks around it, is one of the words. Most values are longer than any: they cost one comparison. A list is one value in memory, IN one a word. */
const among = (raw: string, list: string[]) =>
  list.length === 0
    ? 'false'
    : `CASE WHEN strlen(${raw}) > ${longest(list) + 4} THEN false ELSE list_contains([${words(list)}], trim(${raw})) END`;

/** The types that a column's first values allow, the narrowest first, text last. */
export function candidatesOf(values: string[], asked: Asked): Candidate[] {
  const { type, dates, missing, keepsWords } = asked;
  const signs = [...new Set(['', ...missing, ...(keepsWords ? [] : missingSigns)])];
  const all = makeCandidates(asked, signs);
  const text = textOf(missing);
  if (type === 'text') return [text];
  const there = values.filter((value) => !signs.includes(value.trim()));
  if (type !== undefined)
    return [{ ...(askedFor(type, signs, asked) ?? all(type, there).at(-1) ?? impossible(type, signs)), asked: true }];
  if (there.length === 0 && saysNaN(values, missing)) return [nothing(signs), text];
  if (asked.kind !== undefined) return [...ofKind(asked.kind, all, signs), text];
  if (there.length === 0) return [text];
  const guesses = (['integer', 'number', 'boolean', 'date', 'timestamp', 'time'] as const).flatMap((name) =>
    dates === 'text' && (name === 'date' || name === 'timestamp' || name === 'time') ? [] : all(name, there),
  );
  const grouped = groupedNumbers(there, asked.thousands, (raw) => among(raw, signs));
  return [...grouped, ...guesses, text];
}

/** How values look that may be of a type, however they are written in detail. */
const looks = {
  boolean: /^(true|false)$/i,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}/,
  time: /^\d{2}:\d{2}:\d{2}(\.\d+)?$/,
};

/** The type of dates, times or truth values that more than half of some values have, and not all. */
export function almostAll(values: string[], asked: Asked): Candidate | undefined {
  if (asked.type !== undefined || asked.kind !== undefined || asked.dates === 'text') return undefined;
  const signs = [...new Set(['', ...asked.missing, ...(asked.keepsWords ? [] : missingSigns)])];
  const there = values.map((value) => value.trim()).filter((value) => !signs.includes(value));
  for (const name of ['boolean', 'date', 'timestamp', 'time'] as const) {
    const like = there.filter((value) => looks[name].test(value));
    if (2 * like.length <= there.length || like.length === there.length) continue;
    return makeCandidates(asked, signs)(name, like)[0];
  }
  return undefined;
}

/** Whether values of which none is there are a number's way of saying so. */
const saysNaN = (values: string[], missing: string[]) =>
  values.some((value) => /^-?nan$|nan\(ind\)|#(IND|QNAN|DIV|NUM|N\/A)/i.test(value) && missing.includes(value.trim()));

/** A column of numbers of which none was measured. */
const nothing = (signs: string[]): Candidate => ({
  name: 'number',
  fits: () => 'false',
  missing: (raw) => among(raw, signs),
  value: () => 'NULL::DOUBLE',
  plain: plainly({ reading: 'number', words: signs }),
});

/** The types that cells of one kind have. */
function ofKind(kind: ColumnKind, all: ReturnType<typeof makeCandidates>, signs: string[]): Candidate[] {
  if (kind === 'text' || kind === 'mixed') return [];
  if (kind === 'number') return [...all('integer', []), ...all('number', [])];
  if (kind === 'boolean') return all('boolean', ['true']);
  if (kind === 'date') return all('date', ['2000-01-01']);
  if (kind === 'duration') return durations(signs);
  return kind === 'time' ? all('time', []) : [sheetMoments(signs)];
}

/** Moments and days of a sheet in one column. */
const sheetMoments = (signs: string[]): Candidate => ({
  name: 'timestamp',
  fits: (raw) => `TRY_CAST(${raw} AS TIMESTAMP) IS NOT NULL`,
  missing: (raw) => among(raw, signs),
  value: (raw) => `TRY_CAST(${raw} AS TIMESTAMP)`,
});

/**
 * Hours, minutes, seconds, of any length: 30:00:00. Parquet holds no negative duration and none of 2³² ms: a column with one is a
 * number of seconds.
 */
function durations(signs: string[]): Candidate[] {
  const interval = (raw: string) => `TRY_CAST(${raw} AS INTERVAL)`;
  const make = (value: Candidate['value'], within: (raw: string) => string): Candidate => ({
    name: 'duration',
    fits: (raw) =>
      `regexp_full_match(${raw}, '-?\\d+:[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?') AND coalesce(${within(raw)}, false)`,
    missing: (raw) => among(raw, signs),
    value,
  });
  const seconds = (raw: string) => `epoch(${interval(raw)})`;
  return [
    make(interval, (raw) => `${seconds(raw)} BETWEEN 0 AND 4294967`),
    {
      ...make(seconds, (raw) => `${seconds(raw)} IS NOT NULL`),
      unit: 's',
      note: { what: 'durations that are negative or longer than 49 days are given in seconds', option: 'types' },
    },
  ];
}

const textOf = (missing: string[]): Candidate => ({
  name: 'text',
  plain: plainly({ reading: 'text', words: missing }),
  missing: (raw) => among(raw, missing),
  whole: (raw) => raw,
  value: (raw) => (missing.length === 0 ? raw : `CASE WHEN ${among(raw, missing)} THEN NULL ELSE ${raw} END`),
});

/** Text of which nothing is missing but the empty cell. */
export const textCandidate = textOf(['']);

/** What a person asks for is taken wherever nothing is lost, in more notations than are taken unasked. */
function askedFor(type: ColumnType, signs: string[], { decimal, thousands }: Asked): Candidate | undefined {
  const lost = (raw: string) => among(raw, signs);
  const value = (raw: string, typed: string) => `CASE WHEN ${lost(raw)} THEN NULL ELSE ${typed} END`;
  if (type === 'integer') {
    const whole = (raw: string) => `TRY_CAST(${trimmed(raw)} AS HUGEINT)`;
    return {
      name: type,
      fits: (raw) => `regexp_full_match(${trimmed(raw)}, '[+-]?\\d+') AND ${whole(raw)} IS NOT NULL`,
      missing: lost,
      value: (raw) => value(raw, whole(raw)),
    };
  }
  if (type === 'number') return askedNumber(signs, decimal, thousands);
  if (type === 'duration') return durations(signs)[1];
  if (type !== 'boolean') return undefined;
  const yes = ['true', 't', 'yes', 'y', '1'];
  const no = ['false', 'f', 'no', 'n', '0'];
  return {
    name: type,
    fits: (raw) => `lower(trim(${raw})) IN (${words([...yes, ...no])})`,
    missing: lost,
    value: (raw) => value(raw, `lower(trim(${raw})) IN (${words(yes)})`),
  };
}

/** Numbers in any notation that says which number is meant. */
function askedNumber(signs: string[], decimal: ',' | '.', thousands: ThousandsSign | undefined): Candidate {
  const point = thousands === '.' ? ',' : thousands === ',' ? '.' : decimal;
  const { value, missing, watch, ...plain } = numbers(point, false, signs);
  const written = (raw: string) =>
    thousands === undefined ? plainNotation(raw) : ungrouped(plainNotation(raw), thousands, point);
  return {
    ...plain,
    // Where points part thousands, 1.234 is no plain number.
    plain: thousands === undefined ? plain.plain : undefined,
    whole: undefined,
    missing,
    fits: (raw) => `${toDouble(written(raw), point)} IS NOT NULL AND NOT contains(${raw}, '_')`,
    value: (raw) => `CASE WHEN ${missing(raw, signs)} THEN NULL ELSE ${value(written(raw))} END`,
    watch: Object.fromEntries(Object.entries(watch ?? {}).map(([what, check]) => [what, (raw) => check(written(raw))])),
  };
}

/** A type that no value of the column has. */
const impossible = (name: ColumnType, signs: string[]): Candidate => ({
  name,
  fits: () => 'false',
  missing: (raw) => among(raw, signs),
  value: () => 'NULL',
});

function makeCandidates({ dates, decimal, keepsWords, missing }: Asked, signs: string[]) {
  const keepsNaN = keepsWords && !missing.some((word) => /^-?nan$/i.test(word));
  const lost = (raw: string) => among(raw, signs);
  return (type: ColumnType, values: string[]): Candidate[] => {
    const every = (test: (value: string) => boolean) => values.every(test);
    if (type === 'integer') return every((v) => /^[+-]?\d+$/.test(stripped(v))) ? integers(values, lost, signs) : [];
    if (type === 'number' && isCode(values)) return [];
    if (type === 'number')
      return every((v) => isNumber(v, decimal) || /^-?nan$/i.test(v.trim()))
        ? [numbers(decimal, keepsNaN, signs), padded(numbers(decimal, keepsNaN, signs))]
        : [];
    if (type === 'boolean') return booleans(values, lost, signs);
    if (type === 'date') return datesOf(values, dates, lost, signs);
    if (type === 'timestamp') return timestamps(values, dates, lost, signs);
    return every((v) => /^\d{2}:\d{2}:\d{2}(\.\d+)?$/.test(v)) ? [times(lost, signs)] : [];
  };
}
/** `2310009E13` is the name of a clone, as whole columns of such are: a number has one digit before its E, or a point, or a sign. */
const isCode = (values: string[]) =>
  values.length > 0 && values.every((v) => /^\d+[eE]\d+$/.test(v)) && values.some((v) => /^\d\d+[eE]/.test(v));

/** A whole number beyond this does not survive as a number in JSON; ids of that size are text. */
const exact = 9007199254740991;

function integers(values: string[], lost: Lost, signs: string[]): Candidate[] {
  const someNumber = signs.some((word) => isNumber(word));
  const make = (value: Lost, note?: Candidate['note']): Candidate => ({
    name: 'integer',
    fits: (raw) => {
      const number = `TRY_CAST(${value(raw)} AS BIGINT)`;
      return `coalesce(${number}::VARCHAR = ${value(raw)} AND ${number} BETWEEN -${exact} AND ${exact}, false)`;
    },
    missing: lost,
    value: (raw) =>
      someNumber
        ? `CASE WHEN ${lost(raw)} THEN NULL ELSE TRY_CAST(${value(raw)} AS BIGINT) END`
        : `TRY_CAST(${value(raw)} AS BIGINT)`,
    note,
  });
  const around = values.some((value) => value !== stripped(value));
  const note = { what: 'blanks around the numbers are left out', option: 'types' };
  const plain = someNumber ? undefined : plainly({ reading: 'integer', words: signs });
  return [...(around ? [] : [{ ...make((raw) => raw), plain }]), make(trimmed, note)];
}

/** A value as a double; with a decimal comma, of a value that has one. */
const toDouble = (raw: string, decimal: ',' | '.') =>
  `TRY_CAST(${decimal === ',' ? `replace(${trimmed(raw)}, ',', '.')` : raw} AS DOUBLE)`;

/**
 * Numbers in ordinary decimal notations. A value counts as surviving when it is the number that was written, to the last digit
 * of a double: 1.50 is 1.5. No leading zeros, underscores, hexadecimal; no whole number of more digits than a double holds.
 */
function numbers(decimal: ',' | '.', keepsNaN: boolean, signs: string[]): Candidate {
  const number = (raw: string) => toDouble(raw, decimal);
  const lost = (raw: string) => among(raw, signs);
  const someNumber = signs.some((word) => isNumber(word, decimal));
  return {
    name: 'number',
    fits: (raw) => {
      const bare = `ltrim(${raw}, E' \t+-')`;
      // A zero before another digit: a code. Most numbers begin with their first digit.
      const code = `CASE WHEN ${raw} >= '0' THEN ${raw} >= '00' AND ${raw} < '0:' ELSE ${bare} >= '00' AND ${bare} < '0:' END`;
      // CASE looks no further than it must; AND and OR evaluate every part for every row.
      const whole = `TRY_CAST(${trimmed(raw)} AS HUGEINT)`;
      const long = `CASE WHEN strlen(${raw}) < 16 OR contains(${raw}, '.') THEN true WHEN regexp_full_match(${trimmed(raw)}, '[+-]?\\d{16,}') THEN coalesce(abs(${whole}) <= ${exact}, false) ELSE true END`;
      return [
        `${number(raw)} IS NOT NULL`,
        `CASE WHEN isinf(${number(raw)}) THEN contains(lower(${raw}), 'inf') ELSE true END`,
        // Smaller than any double: 1e-400 is not 0.
        `CASE WHEN ${number(raw)} = 0 THEN NOT regexp_matches(split_part(lower(${raw}), 'e', 1), '[1-9]') ELSE true END`,
        keepsNaN ? 'true' : `NOT isnan(${number(raw)})`,
        `NOT (${code})`,
        `NOT contains(${raw}, '_')`,
        decimal === ',' ? `NOT contains(${raw}, '.')` : 'true',
        long,
      ].join(' AND ');
    },
    missing:
      keepsNaN || someNumber
        ? lost
        : (raw) => `CASE WHEN coalesce(NOT isnan(${number(raw)}), false) THEN false ELSE ${lost(raw)} END`,
    value: (raw) => {
      const gone = [
        ...(keepsNaN ? [] : [`coalesce(isnan(${number(raw)}), true)`]),
        ...(keepsNaN || someNumber ? [lost(raw)] : []),
      ];
      return `CASE WHEN ${gone.join(' OR ')} THEN NULL ELSE ${number(raw)} END`;
    },
    whole: number,
    plain: keepsNaN || someNumber ? undefined : plainly({ reading: 'number', words: signs }),
    watch: {
      zeros: (raw) => endsInZero(raw, decimal),
      large: (raw) => `coalesce(abs(${number(raw)}) BETWEEN ${exact + 1} AND 1e20, false)`,
      long: (raw) => {
        const digits = `ltrim(regexp_replace(split_part(lower(${raw}), 'e', 1), '[^0-9]', '', 'g'), '0')`;
        // Most have no more than seventeen from the first that counts.
        return `CASE WHEN strlen(${raw}) < 19 THEN false WHEN strlen(ltrim(${raw}, '+-0. ')) < 18 THEN false ELSE length(${digits}) > 17 END`;
      },
    },
  };
}

/** The same of values without the blanks around them, of every kind. */
const padded = ({ fits, missing, value, watch, ...numbered }: Candidate): Candidate => ({
  ...numbered,
  whole: undefined,
  plain: undefined,
  fits: (raw) => fits?.(trimmed(raw)) ?? 'true',
  missing: (raw, words) => missing(trimmed(raw), words),
  value: (raw) => value(trimmed(raw)),
  watch: Object.fromEntries(Object.entries(watch ?? {}).map(([what, check]) => [what, (raw) => check(trimmed(raw))])),
  note: { what: 'blanks around the numbers are left out', option: 'types' },
});

const spellings: [TruthWord, string][] = [
  ['true', 'false'],
  ['True', 'False'],
  ['TRUE', 'FALSE'],
];

function booleans(values: string[], lost: Lost, signs: string[]): Candidate[] {
  const pair = spellings.find((spelling) => values.every((value) => spelling.includes(value.trim())));
  if (!pair) return [];
  return [
    {
      name: 'boolean',
      fits: (raw) => `${raw} IN (${words(pair)})`,
      missing: lost,
      plain: plainly({ reading: 'boolean', words: signs, truth: pair[0] }),
      value: (raw) => `CASE WHEN ${lost(raw)} THEN NULL ELSE ${raw} = ${literal(pair[0])} END`,
    },
  ];
}

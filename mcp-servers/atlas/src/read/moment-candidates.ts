import { literal } from '@bregma/readers/sql-text';
import { type Candidate, type Lost, plainly } from './candidate.ts';
import type { DateOrder } from './table-options.ts';

/** Times of day. lost: whether a value is missing; signs: the words that say so. */
export const times = (lost: Lost, signs: string[]): Candidate => ({
  name: 'time',
  plain: plainly({ reading: 'time', words: signs }),
  fits: (raw) =>
    `regexp_full_match(${raw}, '([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?') AND TRY_CAST(${raw} AS TIME) IS NOT NULL`,
  missing: lost,
  value: (raw) => `CASE WHEN ${lost(raw)} THEN NULL ELSE TRY_CAST(${raw} AS TIME) END`,
});

/** Dates in other orders than ISO's: parts, and the orders in which they are read. */
const orders = { dmy: ['%d', '%m', '%Y'], mdy: ['%m', '%d', '%Y'], ymd: ['%Y', '%m', '%d'] };
const shape = /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})$/;

/** Dates in ISO's form, or in the order that is told or that alone all values allow. */
export function datesOf(values: string[], told: DateOrder | undefined, lost: Lost, signs: string[]): Candidate[] {
  const iso: Candidate = {
    name: 'date',
    plain: plainly({ reading: 'date', words: signs }),
    fits: (raw) => `coalesce(TRY_CAST(${raw} AS DATE)::VARCHAR = ${raw}, false)`,
    missing: lost,
    value: (raw) => `CASE WHEN ${lost(raw)} THEN NULL ELSE TRY_CAST(${raw} AS DATE) END`,
  };
  if (told === undefined && values.every((value) => /^\d{4}-\d{2}-\d{2}$/.test(value))) return [iso];
  const order = told === undefined || told === 'text' ? onlyOrder(values) : told;
  const sign = shape.exec(values[0]?.trim() ?? '')?.[2];
  if (!order || !sign || !values.every((value) => shape.test(value.trim()) && value.includes(sign))) return [];
  const year = told !== undefined && values.every((value) => !/\d{4}/.test(value)) ? '%y' : '%Y';
  const format = orders[order].map((part) => (part === '%Y' ? year : part)).join(sign);
  const plain = year === '%Y' ? plainly({ reading: 'date', words: signs, parts: { order, sign } }) : undefined;
  return [{ ...ordered(order, format, year, told !== undefined, lost), plain }];
}

function ordered(order: keyof typeof orders, format: string, year: string, told: boolean, lost: Lost): Candidate {
  const digits = year === '%y' ? '\\d{2}' : '\\d{4}';
  const pattern = orders[order].map((part) => (part === '%Y' ? digits : '\\d{1,2}')).join('[./-]');
  const date = (raw: string) => `try_strptime(trim(${raw}), ${literal(format)})`;
  return {
    name: 'date',
    fits: (raw) => `${date(raw)} IS NOT NULL AND regexp_full_match(trim(${raw}), '${pattern}')`,
    missing: lost,
    value: (raw) => `CASE WHEN ${lost(raw)} THEN NULL ELSE ${date(raw)}::DATE END`,
    note: {
      what: `dates are read as ${order.toUpperCase().split('').join('/')}${told ? '' : ', the only order that all values allow'}`,
      option: 'dates',
      doubtful: !told || undefined,
    },
  };
}

/** The one order in which all values with a year of four digits are dates. */
function onlyOrder(values: string[]): keyof typeof orders | undefined {
  const parts = values.map((value) => shape.exec(value.trim()));
  if (parts.some((part) => part === null)) return undefined;
  const numbers = parts.map((part) =>
    [part?.[1], part?.[3], part?.[4]].map((text) => ({ value: Number(text), digits: text?.length ?? 0 })),
  );
  if (numbers.every(([year, month, day]) => year.digits === 4 && month.value <= 12 && day.digits <= 2)) return 'ymd';
  if (!numbers.every(([, , year]) => year.digits === 4)) return undefined;
  const dmy = numbers.every(([day, month]) => day.value <= 31 && month.value <= 12);
  const mdy = numbers.every(([month, day]) => day.value <= 31 && month.value <= 12);
  return dmy === mdy ? undefined : dmy ? 'dmy' : 'mdy';
}

const moment = '\\d{4}-\\d{2}-\\d{2}[ T]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,N})?)?';
const zone = '(Z|[+-]\\d{2}(:?\\d{2})?)';

/** Moments in ISO's form, or in the order of a date that is told. */
export function timestamps(values: string[], told: DateOrder | undefined, lost: Lost, signs: string[]): Candidate[] {
  const make = (type: string, pattern: string, note?: Candidate['note']): Candidate => ({
    name: 'timestamp',
    fits: (raw) => `regexp_full_match(${raw}, '${pattern}') AND TRY_CAST(${raw} AS ${type}) IS NOT NULL`,
    missing: lost,
    value: (raw) => `CASE WHEN ${lost(raw)} THEN NULL ELSE TRY_CAST(${raw} AS ${type}) END`,
    note,
  });
  const every = (pattern: string) => values.every((value) => new RegExp(`^${pattern}$`).test(value));
  const [micro, nano] = [moment.replace('N', '6'), moment.replace('N', '9')];
  const moments = { what: 'times with an offset are kept as moments, shown in UTC', option: 'types' };
  const plain = plainly({ reading: 'timestamp', words: signs });
  if (every(micro)) return [{ ...make('TIMESTAMP', micro), plain }, make('TIMESTAMP_NS', nano)];
  if (every(nano)) return [make('TIMESTAMP_NS', nano)];
  if (every(micro + zone))
    return [
      { ...make('TIMESTAMPTZ', micro + zone, moments), plain: plainly({ reading: 'timestamptz', words: signs }) },
    ];
  return told === undefined || told === 'text' ? [] : withTime(values, told, lost);
}

function withTime(values: string[], order: keyof typeof orders, lost: Lost): Candidate[] {
  const parts = /^\d{1,4}([./-])\d{1,2}\1\d{1,4} \d{1,2}:\d{2}(:\d{2})?$/.exec(values[0]?.trim() ?? '');
  if (!parts) return [];
  const format = `${orders[order].join(parts[1])} %H:%M${parts[2] ? ':%S' : ''}`;
  const value = (raw: string) => `try_strptime(trim(${raw}), ${literal(format)})`;
  return [
    {
      name: 'timestamp',
      fits: (raw) => `${value(raw)} IS NOT NULL`,
      missing: lost,
      value: (raw) => `CASE WHEN ${lost(raw)} THEN NULL ELSE ${value(raw)} END`,
      note: { what: `times are read as ${format}`, option: 'dates' },
    },
  ];
}

import { literal } from '@bregma/readers/sql-text';

/** Signs that part thousands: a blank may also be narrow, or one that does not break. */
export const thousandsSigns = [',', '.', ' ', "'"] as const;
/** What may part the thousands of a written number. */
export type ThousandsSign = (typeof thousandsSigns)[number];

/** As a regular expression. */
export const classOf: Record<ThousandsSign, string> = {
  ',': ',',
  '.': '\\.',
  ' ': '[ \u00a0\u202f\u2009]',
  "'": "['’]",
};
const pointOf = (decimal: ',' | '.') => (decimal === ',' ? ',' : '\\.');

/** Groups of digits behind the first one: 1,234 and 12.345.678; with commas also those of India, 12,34,567. */
export const groups = (sign: ThousandsSign) => {
  const mark = classOf[sign];
  const threes = `[1-9]\\d{0,2}(${mark}\\d{3})+`;
  return sign === ',' ? `(${threes}|[1-9]\\d?(,\\d{2})+,\\d{3})` : `(${threes})`;
};
/** A number whose thousands are parted, with its decimals. */
export const pattern = (sign: ThousandsSign, decimal: ',' | '.') => `[+-]?${groups(sign)}(${pointOf(decimal)}\\d+)?`;
/** A number with parted thousands, or of less than four digits in front, or not parted. */
export const either = (sign: ThousandsSign, decimal: ',' | '.') =>
  `(${pattern(sign, decimal)}|[+-]?(0|[1-9]\\d*)(${pointOf(decimal)}\\d+)?)`;

/** The sign that parts the thousands of these values, where all of them can be read so and one must be; undefined otherwise. */
export function thousandsOf(values: string[], decimal: ',' | '.'): ThousandsSign | undefined {
  return thousandsSigns.find((sign) => {
    const other = sign === '.' ? ',' : sign === ',' ? '.' : decimal;
    const [all, grouped] = [either(sign, other), pattern(sign, other)].map((form) => new RegExp(`^${form}$`));
    return values.every((value) => all.test(value.trim())) && values.some((value) => grouped.test(value.trim()));
  });
}

/**
 * What stands beside the number in every one of these values, as "%" or "um" or "$": `before` or `behind` it, and the numbers without
 * it; undefined where they are not all numbers with one and the same mark.
 */
export function markOfNumbers(
  values: string[],
): { mark: string; at: 'before' | 'behind'; numbers: string[] } | undefined {
  const parts = values.map((value) =>
    /^\s*(?:[+-](?=[$€£¥]))?([$€£¥<>~≈]?)\s*([+-]?\d+(?:[.,'’]\d+)*)\s*(%|[\p{L}µμ°Ω][\p{L}µμ°Ω/²³]{0,7})?\s*$/u.exec(
      value,
    ),
  );
  const [first] = parts;
  if (!first || parts.some((part) => part?.[1] !== first[1] || part[3] !== first[3])) return undefined;
  const numbers = parts.map((part) => part?.[2] ?? '');
  if (!numbers.every((number) => /^[+-]?\d+([.,]\d+)?$/.test(number)) && thousandsOf(numbers, '.') === undefined)
    return undefined;
  if (first[1] !== '') return { mark: first[1], at: 'before', numbers };
  return first[3] === undefined ? undefined : { mark: first[3], at: 'behind', numbers };
}

/** SQL: the number of a text from which `mark` is to be taken. numbers: what is left of such texts. */
export function withoutMark(column: string, mark: string, numbers: string[]): string {
  const sign = thousandsOf(numbers, '.');
  const hasComma = sign === '.' || (sign === undefined && numbers.some((number) => number.includes(',')));
  const bare = [mark, ...(sign === undefined ? [] : [sign])].reduce(
    (sql, out) => `replace(${sql}, ${literal(out)}, '')`,
    column,
  );
  return hasComma ? `replace(${bare}, ',', '.')` : bare;
}

import { literal } from '@bregma/readers/sql-text';
import type { Candidate } from './candidate.ts';
import { classOf, either, groups, pattern, type ThousandsSign } from './written-numbers.ts';

/** SQL: a number without the signs between its thousands, where they stand as they must; any other text as it is. */
export const ungrouped = (text: string, sign: ThousandsSign, decimal: ',' | '.') =>
  `CASE WHEN regexp_full_match(${text}, ${literal(either(sign, decimal))}) THEN regexp_replace(${text}, ${literal(classOf[sign])}, '', 'g') ELSE ${text} END`;

/** Numbers whose thousands a person says are parted by `sign`. */
export function groupedNumbers(
  values: string[],
  sign: ThousandsSign | undefined,
  missing: (raw: string) => string,
): Candidate[] {
  if (sign === undefined || values.length === 0) return [];
  const decimal = sign === '.' ? ',' : '.';
  const form = new RegExp(`^${either(sign, decimal)}$`);
  const grouped = new RegExp(`^${pattern(sign, decimal)}$`);
  if (!values.every((value) => form.test(value.trim())) || !values.some((value) => grouped.test(value.trim())))
    return [];
  const make = (name: 'integer' | 'number', type: string, digits: string): Candidate => {
    const bare = (raw: string) => `regexp_replace(trim(${raw}), ${literal(classOf[sign])}, '', 'g')`;
    const number = (raw: string) => `TRY_CAST(replace(${bare(raw)}, '${decimal}', '.') AS ${type})`;
    return {
      name,
      fits: (raw) => `regexp_full_match(trim(${raw}), ${literal(digits)}) AND ${number(raw)} IS NOT NULL`,
      missing,
      value: (raw) => `CASE WHEN ${missing(raw)} THEN NULL ELSE ${number(raw)} END`,
      note: { what: `thousands are parted by ${sign === ' ' ? 'blanks' : `"${sign}"`}`, option: 'thousands' },
    };
  };
  const whole = `[+-]?(${groups(sign)}|0|[1-9]\\d{0,14})`;
  return [make('integer', 'BIGINT', whole), make('number', 'DOUBLE', either(sign, decimal))];
}

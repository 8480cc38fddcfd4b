import { literal } from '@bregma/readers/sql-text';

/** Digits with what may stand between them. */
const digits = "\\d[\\d.,' \u00a0\u202f]*|\\.\\d+";

/** Numbers that are not taken for such unasked: what they are, how they are written, and the same in plain notation. */
const notations = [
  { what: 'negative numbers in brackets, as books write them', form: `\\(\\s*(${digits})\\)`, plain: '-\\1' },
  { what: 'negative numbers with the minus behind', form: `(${digits})-`, plain: '-\\1' },
  { what: "numbers with Fortran's exponent", form: '([+-]?(?:\\d+\\.\\d*|\\.\\d+))[dD]([+-]?\\d+)', plain: '\\1e\\2' },
];

const written = notations.map(({ what, form, plain }) => ({
  what,
  form: new RegExp(`^(?:${form})$`),
  plain: plain.replaceAll('\\', '$'),
}));
/** What every number in another notation has and most texts have not: it ends in a digit behind a D, or in a bracket or a minus. */
const hint = /[)-]\s*$|[dD][+-]?\d+\s*$/;

/** What of these a value is, and how it is written plainly; undefined of any other. */
export function otherNotation(value: string): { what: string; plain: string } | undefined {
  if (!hint.test(value)) return undefined;
  const text = value.trim();
  const found = written.find(({ form }) => form.test(text));
  return found && { what: found.what, plain: text.replace(found.form, found.plain) };
}

/** SQL: the text of a number in plain notation. */
export const plainNotation = (raw: string) =>
  notations.reduce(
    (sql, { form, plain }) => `regexp_replace(${sql}, ${literal(`^(?:${form})$`)}, ${literal(plain)})`,
    `trim(${raw})`,
  );

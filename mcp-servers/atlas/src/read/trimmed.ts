/** Blanks of every kind: also those that do not break a line, and those without a width. */
const blanks = ' \t\\r\\n\u00a0\u2007\u2009\u202f\u200b\ufeff';

/** SQL: a text without the blanks around it. */
export const trimmed = (sql: string) => `trim(${sql}, E'${blanks}')`;

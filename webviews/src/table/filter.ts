import { cellText, type DataColumn, isMissing } from './data.ts';
import { exact } from './order.ts';

/** True for a value that is kept. */
export type Test = (value: unknown) => boolean;

/** What may be written into the filter of a column. */
export const filterHelp = {
  number: '5, >5, <=5, !=5, 2..8; null, !null',
  text: 'contains; =is, !contains not; null, !null',
};

/**
 * A filter as a test of a cell, undefined when it is empty. Numbers: `5` `=5` `!=5` `>5` `>=5` `<5` `<=5` `2..8`. Text: what it
 * contains, in any case; `=word` for the whole cell, `!word` for cells without it. `null` finds what was not measured, `!null`
 * what was. Throws an Error that says what is wrong.
 */
export function parseFilter(text: string, column: DataColumn): Test | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (trimmed === 'null') return isMissing;
  if (trimmed === '!null') return (value) => !isMissing(value);
  return column.order === 'text' ? textTest(trimmed) : numberTest(trimmed, column);
}

function textTest(text: string): Test {
  const folded = (value: unknown) => cellText(value).toLowerCase();
  const operand = text.replace(/^[=!]/, '').toLowerCase();
  if (text.startsWith('=')) return (value) => !isMissing(value) && folded(value) === operand;
  if (text.startsWith('!')) return (value) => !isMissing(value) && !folded(value).includes(operand);
  return (value) => !isMissing(value) && folded(value).includes(operand);
}

function numberTest(text: string, column: DataColumn): Test {
  const range = /^(.+?)\s*\.\.\s*(.+)$/.exec(text);
  if (range) {
    const [low, high] = [comparison(range[1], column), comparison(range[2], column)];
    return (value) => !isMissing(value) && low(value) >= 0 && high(value) <= 0;
  }
  const [, sign, operand] = /^(<=|>=|!=|=|<|>)?\s*(.+)$/s.exec(text)!;
  const compare = comparison(operand, column);
  const holds: Record<string, (order: number) => boolean> = {
    '<': (order) => order < 0,
    '<=': (order) => order <= 0,
    '>': (order) => order > 0,
    '>=': (order) => order >= 0,
    '!=': (order) => order !== 0,
  };
  const test = holds[sign] ?? ((order: number) => order === 0);
  return (value) => !isMissing(value) && test(compare(value));
}

/** Negative where a value is below the operand. Whole numbers of any size are compared exactly. */
function comparison(operand: string, { order, digits, name }: DataColumn): (value: unknown) => number {
  const text = operand.trim();
  const whole = exact(text, digits);
  const fits = whole !== undefined && (text.split('.')[1]?.length ?? 0) <= digits;
  if (order !== 'number' && fits) {
    return (value) => {
      const own = exact(value, digits);
      return own === undefined ? Number.NaN : own < whole ? -1 : own > whole ? 1 : 0;
    };
  }
  const number = Number(text);
  if (text === '' || Number.isNaN(number))
    throw new Error(`“${text.slice(0, 40)}” is not a number; ${name.slice(0, 40)} takes ${filterHelp.number}.`);
  return (value) => Number(value) - number;
}

/** Rows that pass every test, in their order. */
export function filterRows(length: number, tests: { column: DataColumn; test: Test }[]): Int32Array {
  const all = Int32Array.from({ length }, (_, i) => i);
  return tests.length === 0 ? all : all.filter((row) => tests.every(({ column, test }) => test(column.cell(row))));
}
